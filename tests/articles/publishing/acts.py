"""What the tests of the door share: times, and short ways to ask what readers see."""

import datetime as dt
from typing import Any

from django.utils import timezone

from articles.models import (
    Article,
    AuthorListing,
    PublishedArticle,
    SectionListing,
    TopicListing,
)

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def soon(minutes: float = 60) -> dt.datetime:
    """A time that many minutes ahead."""
    return timezone.now() + minutes * MINUTE


def live_headlines(at: dt.datetime | None = None) -> list[str]:
    live = PublishedArticle.objects.live(at or timezone.now())
    return list(live.order_by("pk").values_list("headline", flat=True))


def edit(article: Article, **fields: object) -> Article:
    """Save other words at the desk, as a form does."""
    from articles.desk import revisions
    from tests.cast import ed

    article.refresh_from_db()
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    revisions.keep(article, editor=ed())
    return article


def let_time_pass(article: Article, by: dt.timedelta) -> None:
    """Move all that is public or waits of a story back by ``by``, as if that time had passed."""
    _shift(article.versions.all(), by, "live_from", "created_at", "withdrawn_at", "promoted_at")
    public = PublishedArticle.objects.filter(article=article)
    _shift(public, by, *_TIMES_OF_A_STORY)
    for listing in (SectionListing, AuthorListing, TopicListing):
        _shift(listing.objects.filter(published__article=article), by, "published_at")
    _shift(Article.objects.filter(pk=article.pk), by, "embargo_until")


_TIMES_OF_A_STORY = (
    "published_at",
    "updated_at",
    "changed_at",
    "prominent_since",
    "next_at",
    "off_at",
    "embargo_until",
    "settled_at",
    "withdrawn_at",
)


def _shift(rows: Any, by: dt.timedelta, *names: str) -> None:
    for row in rows:
        times = {name: getattr(row, name) for name in names}
        shifted = {name: at - by for name, at in times.items() if at is not None}
        type(row).objects.filter(pk=row.pk).update(**shifted)
