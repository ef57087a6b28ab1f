"""What stands in the desk's calendar between two Mondays."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.desk import queues, states
from articles.models import Article, PublishedArticle

# Of each kind: a week with more than this is no page for a person.
MOST = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happens at a moment (aware)."""

    at: dt.datetime
    what: str
    url: str
    title: str
    badges: tuple[states.Badge, ...]
    is_late: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its things in their order."""

    date: dt.date
    is_today: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday. ``is_cut``: there is more than is shown."""

    days: tuple[Day, ...]
    is_cut: bool


def week_of(monday: dt.date, *, now: dt.datetime) -> Week:
    """The week that begins on ``monday``, on the clock of the active zone; in five queries."""
    begin, end = queues.midnight(monday), queues.midnight(monday + dt.timedelta(days=7))
    kinds = list(_kinds(begin, end, now=now))
    items = sorted((item for kind in kinds for item in kind), key=lambda item: item.at)
    return Week(
        tuple(_day(monday + dt.timedelta(days=number), items, now=now) for number in range(7)),
        is_cut=any(len(kind) == MOST for kind in kinds),
    )


def _day(date: dt.date, items: list[Item], *, now: dt.datetime) -> Day:
    of_day = tuple(item for item in items if timezone.localtime(item.at).date() == date)
    return Day(date, is_today=date == timezone.localtime(now).date(), items=of_day)


def _kinds(begin: dt.datetime, end: dt.datetime, *, now: dt.datetime) -> Iterator[list[Item]]:
    """The things of the week, one list a kind."""
    stories = Article.objects.filter(queues.ON_THE_DESK).select_related("published")
    public = PublishedArticle.objects.filter(withdrawn_at=None).select_related("article")
    to_come = public.filter(published_at__gt=now)
    asked: list[tuple[QuerySet[Any], str, str]] = [
        (stories, "due_at", "Due"),
        (to_come, "published_at", "Goes out"),
        (public, "next_at", "Update goes out"),
        (public, "off_at", "Leaves the site"),
        (stories, "embargo_until", "Embargo ends"),
    ]
    for rows, name, what in asked:
        in_week = rows.filter(**{f"{name}__gte": begin, f"{name}__lt": end}).order_by(name, "pk")
        yield [_item(row, getattr(row, name), what, now=now) for row in in_week[:MOST]]


def _item(row: Article | PublishedArticle, at: dt.datetime, what: str, *, now: dt.datetime) -> Item:
    article = row if isinstance(row, Article) else row.article
    return Item(
        at=at,
        what=what,
        url=reverse("admin:articles_article_change", args=[article.pk]),
        title=str(article),
        badges=states.badges(article),
        is_late=what == "Due" and at <= now,
    )
