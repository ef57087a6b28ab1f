"""What waits for whom: the conditions behind the start page and the list's filters."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone

from articles.desk import rights
from articles.desk.index_parts import InPart
from articles.models import Article, Byline, PublishedArticle
from articles.models.article import IN_HAND, Work

ON_THE_DESK = Q(binned_at=None)


def in_the_bin() -> Q:
    """Stories in the bin: few, so they are looked up first."""
    return Q(pk__in=Article.objects.filter(binned_at__isnull=False).order_by().values("pk"))


def mine(user: Any) -> Q:
    """The stories that are this person's."""
    # Two looks into indexes; one condition with "or" would read every story.
    begun = Article.objects.filter(created_by=user).order_by().values("pk")
    named = Byline.objects.filter(author__user=user).order_by().values("article")
    return Q(pk__in=begun.union(named))


def at_step(*steps: str) -> Q:
    """Stories that stand at one of these steps of the desk: by the index of what is in hand."""
    condition = Q(work__in=steps)
    return condition if Work.DRAFT in steps else condition & Q(InPart(IN_HAND))


def waiting_for(user: Any) -> Q:
    """Stories whose next step is this person's: changes asked for in their own; for editors what
    is in review, and what is approved and not out yet."""
    asked = at_step(Work.CHANGES_REQUESTED) & mine(user)
    steps = []
    if rights.may_approve(user):
        steps.append(Work.IN_REVIEW)
    if rights.may_publish(user):
        steps.append(Work.APPROVED)
    if not steps:
        return asked
    # As above: two looks.
    looks = [Article.objects.filter(c).order_by().values("pk") for c in (asked, at_step(*steps))]
    return Q(pk__in=looks[0].union(looks[1]))


def overdue(now: dt.datetime) -> Q:
    """Stories whose time (aware) has passed. Going out settles it, so none of them went out."""
    return Q(due_at__lte=now)


def today(now: dt.datetime) -> Q:
    """Stories due later on the day of ``now`` (aware), or scheduled to go out then, on the clock of
    the active zone."""
    midnight_to_come = midnight(timezone.localtime(now).date() + dt.timedelta(days=1))
    due = Article.objects.filter(due_at__gt=now, due_at__lt=midnight_to_come)
    scheduled = PublishedArticle.objects.filter(
        withdrawn_at=None, published_at__gt=now, published_at__lt=midnight_to_come
    )
    return Q(pk__in=due.order_by().values("pk").union(scheduled.order_by().values("article")))


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins on the clock of the active zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
