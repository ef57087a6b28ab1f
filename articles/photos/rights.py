"""What may be done with a picture, and what it lacks (rules §1 and §4)."""

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q

if TYPE_CHECKING:
    from articles.models import Image


class Use(StrEnum):
    """Where a picture is shown to people outside."""

    WEB = "web"
    SOCIAL = "social"
    MAIL = "mail"


_ALLOWING = {Use.WEB: "on_web", Use.SOCIAL: "on_social", Use.MAIL: "in_mail"}

COLUMNS = (*_ALLOWING.values(), "licence_starts", "licence_ends", "blocked_at")
"""What ``may`` reads of a row, for pages that fetch their columns one by one."""


class Licensed(Protocol):
    """What decides about a picture: an ``Image``, or a value like it. Times are aware."""

    on_web: bool
    on_social: bool
    in_mail: bool
    licence_starts: dt.datetime | None
    licence_ends: dt.datetime | None
    blocked_at: dt.datetime | None


def may(picture: Licensed, use: Use, at: dt.datetime) -> bool:
    """Whether ``picture`` may be shown for ``use`` at ``at`` (aware). No query, no clock.

    From the start of its licence on, up to its end and no longer; never while it is blocked.
    """
    is_allowed: bool = getattr(picture, _ALLOWING[use])
    return is_allowed and picture.blocked_at is None and _is_running(picture, at)


def may_be_served(picture: Licensed, at: dt.datetime) -> bool:
    """Whether its public files may be fetched at all at ``at``, for whichever use."""
    return any(may(picture, use, at) for use in Use)


def allowing(use: Use, at: dt.datetime) -> Q:
    """The pictures of the library of which ``may`` says yes, for a query."""
    started = Q(licence_starts=None) | Q(licence_starts__lte=at)
    ended = Q(licence_ends__isnull=False, licence_ends__lte=at)
    return Q(started, ~ended, blocked_at=None, **{_ALLOWING[use]: True})


def next_change(picture: Licensed, at: dt.datetime) -> dt.datetime | None:
    """When the answer of ``may`` changes by itself after ``at``; None for never."""
    if picture.blocked_at is not None:
        return None
    bounds = (picture.licence_starts, picture.licence_ends)
    return min((bound for bound in bounds if bound and bound > at), default=None)


def _is_running(picture: Licensed, at: dt.datetime) -> bool:
    starts, ends = picture.licence_starts, picture.licence_ends
    return (starts is None or starts <= at) and (ends is None or at < ends)


class Lack(StrEnum):
    """A thing that must be said of a picture, and is not."""

    CREDIT = "credit"
    LICENCE = "licence"
    ALT_TEXT = "alt text"


def lacks(image: "Image", *, placed_alt: str = "") -> tuple[Lack, ...]:
    """Return what is missing. ``placed_alt`` is the alt text a story gives the picture itself."""
    is_described = image.is_decorative or image.alt_text.strip() or placed_alt.strip()
    missing = {
        Lack.CREDIT: not image.credit.strip(),
        Lack.LICENCE: not image.licence.strip(),
        Lack.ALT_TEXT: not is_described,
    }
    return tuple(lack for lack, is_missing in missing.items() if is_missing)


def lacking(lack: Lack) -> Q:
    """The pictures of the library that lack this."""
    return {
        Lack.CREDIT: Q(credit=""),
        Lack.LICENCE: Q(licence=""),
        Lack.ALT_TEXT: Q(alt_text="", is_decorative=False),
    }[lack]


def has_doubtful_alt(image: "Image", *, placed_alt: str = "") -> bool:
    """Whether what people who cannot see the picture get is an alt text that nobody has read."""
    is_own = bool(image.alt_text.strip()) and not placed_alt.strip()
    return is_own and not image.alt_text_reviewed and not image.is_decorative


def with_doubtful_alt() -> Q:
    """The pictures of the library whose alt text nobody has read."""
    return Q(alt_text_reviewed=False, is_decorative=False) & ~Q(alt_text="")


def lacking_something() -> Q:
    """The pictures of the library that lack any of it."""
    return lacking(Lack.CREDIT) | lacking(Lack.LICENCE) | lacking(Lack.ALT_TEXT)
