"""The start page: what waits for this person, what is theirs, what is due, which pictures lack."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from articles.desk import outlook, queues, rights
from articles.desk.start_entries import entry, picture_entry
from articles.models import Article, Image
from articles.photos.rights import lacking_something

MOST = 8
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class Shown:
    """One list: its first entries, how many there are, and where all of them stand."""

    title: str
    count: int
    rows: tuple[Any, ...]
    url: str
    nothing: str = ""
    is_small: bool = False

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Start:
    """The whole page. ``warnings`` are sentences above it: what must not be overlooked."""

    greeting: str
    warnings: tuple[str, ...]
    main: tuple[Shown, ...]
    aside: tuple[Shown, ...]
    pictures: Shown | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing here for this person."""
        return not (self.main or self.aside or self.pictures)


def page_for(user: Any, *, now: dt.datetime) -> Start:
    """The start page of ``user`` at ``now`` (aware), on the clock of the active zone.

    The number of queries does not depend on how many stories there are.
    """
    pictures = _pictures(now) if user.has_perm("articles.view_image") else None
    if not rights.may_see(user):
        return Start("", (), (), (), pictures)
    waiting = _waiting(user, now)
    overdue = _overdue(now)
    greeting = _greeting(waiting.count, overdue.count)
    return Start(
        greeting,
        outlook.warnings(now),
        (waiting, _mine(user, now)),
        (overdue, _today(now)),
        pictures,
    )


def _waiting(user: Any, now: dt.datetime) -> Shown:
    first = (F("due_at").asc(nulls_last=True), "work_since", "pk")
    return _shown(
        "Waiting for me",
        _stories(queues.waiting_for(user)).order_by(*first),
        "whose=waiting",
        now=now,
        nothing="Nothing waits for you.",
    )


def _mine(user: Any, now: dt.datetime) -> Shown:
    return _shown(
        "Mine",
        _stories(queues.mine(user)).order_by("-saved_at", "-pk"),
        "whose=mine",
        now=now,
        nothing="You have no story yet.",
    )


def _overdue(now: dt.datetime) -> Shown:
    stories = _stories(queues.overdue(now)).order_by("due_at", "pk")
    return _shown("Overdue", stories, "due=overdue", now=now, nothing="Nothing.", is_small=True)


def _today(now: dt.datetime) -> Shown:
    stories = _stories(queues.today(now))
    first = F("due_at").asc(nulls_last=True)
    return _shown(
        "Due today",
        stories.order_by(first, "published__published_at", "pk"),
        "due=today",
        now=now,
        nothing="Nothing more.",
        is_small=True,
    )


def _stories(condition: Q) -> QuerySet[Article]:
    return Article.objects.filter(queues.ON_THE_DESK, condition)


def _shown(
    title: str,
    stories: QuerySet[Article],
    query: str,
    *,
    now: dt.datetime,
    nothing: str,
    is_small: bool = False,
) -> Shown:
    rows = stories.select_related("published", "work_by", "lead_image")
    rows = rows.prefetch_related("bylines__author")[:MOST]
    return Shown(
        title=title,
        count=stories.order_by().count(),
        rows=tuple(entry(article, now=now) for article in rows),
        url=f"{reverse('admin:articles_article_changelist')}?{query}",
        nothing=nothing,
        is_small=is_small,
    )


def _pictures(now: dt.datetime) -> Shown:
    lacking = Image.objects.filter(lacking_something())
    return Shown(
        title="Pictures to see to",
        count=lacking.count(),
        rows=tuple(picture_entry(image, now=now) for image in lacking.order_by("-pk")[:MOST]),
        url=f"{reverse('admin:articles_image_changelist')}?missing=any",
        nothing="Each has its credit, licence and alt text.",
        is_small=True,
    )


def _greeting(waiting: int, late: int) -> str:
    """As "Three stories wait for you. One is late."."""
    if not waiting:
        first = "Nothing waits for you."
    elif waiting == 1:
        first = "One story waits for you."
    else:
        first = f"{_in_words(waiting).capitalize()} stories wait for you."
    if not late:
        return first
    return f"{first} {_in_words(late).capitalize()} {'is' if late == 1 else 'are'} late."


def _in_words(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
