"""What the tests of reads ask the database, and how they make some."""

import datetime as dt

from django.db.models import Sum
from django.utils import timezone

from articles.models import HourlyReads, PublishedArticle
from articles.readership import jobs, keeping


def start_anew() -> None:
    """Forget what was read in this process so far, also by other tests."""
    keeping.flush(timezone.now())
    HourlyReads.objects.all().delete()


def counted(story: PublishedArticle) -> int:
    """How often a story was read, as the table has it once this process has written."""
    keeping.flush(timezone.now())
    rows = story.article.hourly_reads.aggregate(total=Sum("reads"))
    return rows["total"] or 0


def read(*reads: tuple[PublishedArticle, int], **ago: float) -> None:
    """Put down so many reads of each story, so long ago, and let the worker make the list anew."""
    at = timezone.now() - dt.timedelta(**ago)
    keeping.add({story.article_id: number for story, number in reads}, at=at)
    jobs.renew_most_read()
