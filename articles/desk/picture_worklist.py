"""Pictures that need someone: what ends, has ended, is blocked, or lacks what must be said."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from articles.desk.newsroom_time import in_full
from articles.models import Image
from articles.photos.renditions import Picture, picture
from articles.photos.rights import Lack, lacking, may_be_served, with_doubtful_alt
from articles.photos.withdrawing import WARNED_BEFORE

MOST = 24
"""Pictures shown of each kind; the count tells of all."""
LATER = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture. ``picture`` is None where its public files may not be fetched."""

    url: str
    title: str
    picture: Picture | None
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that need the same: the first of them, and how many there are."""

    name: str
    title: str
    count: int
    entries: tuple[Entry, ...]
    nothing: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.entries)


def groups(*, at: dt.datetime) -> list[Group]:
    """All groups at ``at`` (aware). Two queries each, whatever the library holds."""
    return [_group(*facts, at=at) for facts in _kinds(at)]


def _kinds(at: dt.datetime) -> Iterator[tuple[str, str, Q, str, str]]:
    """Name, title, condition, order, and what is said where there is none."""
    soon, later = at + WARNED_BEFORE, at + LATER
    ends = "licence_ends"
    free = Q(blocked_at=None)
    within = free & Q(licence_ends__gt=at, licence_ends__lte=soon)
    yield "soon", "Ends within 7 days", within, ends, "No licence ends this week."
    within = free & Q(licence_ends__gt=soon, licence_ends__lte=later)
    yield "later", "Ends within 30 days", within, ends, "No more licence ends this month."
    ended = free & Q(licence_ends__lte=at)
    yield "ended", "Ended", ended, "-licence_ends", "No licence has ended."
    yield "blocked", "Blocked", Q(blocked_at__isnull=False), "-blocked_at", "None is blocked."
    for name, title, condition in (
        ("credit", "Without credit", lacking(Lack.CREDIT)),
        ("licence", "Without licence", lacking(Lack.LICENCE)),
        ("alt", "Alt text unreviewed", with_doubtful_alt()),
    ):
        yield name, title, condition, "-pk", "None."


def _group(
    name: str, title: str, condition: Q, order: str, nothing: str, *, at: dt.datetime
) -> Group:
    rows = Image.objects.filter(condition)
    found = rows.order_by(order, "pk").defer("file_metadata", "search_text")[:MOST]
    entries = tuple(_entry(image, at) for image in found)
    count = len(entries) if len(entries) < MOST else rows.count()
    return Group(name, title, count, entries, nothing)


def _entry(image: Image, at: dt.datetime) -> Entry:
    return Entry(
        url=reverse("admin:articles_image_change", args=[image.pk]),
        title=str(image),
        picture=picture(image) if may_be_served(image, at) else None,
        note=_note(image, at),
    )


def _note(image: Image, at: dt.datetime) -> str:
    if image.blocked_at is not None:
        return image.block_reason
    if image.licence_ends is not None:
        verb = "Ended" if image.licence_ends <= at else "Ends"
        return f"{verb} on {in_full(image.licence_ends)}"
    return image.credit or image.creator
