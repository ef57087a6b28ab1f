"""What a picture lacks before a story with it may be published (rules §1)."""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from articles.models import Image


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
