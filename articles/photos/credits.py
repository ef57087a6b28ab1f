"""The credit: one way to say whose picture it is and how it was made, wherever it is large."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.photos.licences import CC_NAMES, deed_of
from articles.photos.vocabularies import MADE_WITH_AI

if TYPE_CHECKING:
    from articles.models import Image


@dataclass(frozen=True, slots=True)
class Credit:
    """What is printed beside a picture; false where nothing is.

    ``by``: whose it is. ``made``: the label of what AI made. ``licence`` and ``licence_url``: the
    name and address of a public licence, which asks to be named with a link.
    """

    by: str
    made: str = ""
    licence: str = ""
    licence_url: str = ""

    def __bool__(self) -> bool:
        return bool(self.by or self.made or self.licence)

    def __str__(self) -> str:
        """All of it in one line of plain words, for feeds, mails as text and machines."""
        return ". ".join(filter(None, (self.by, self.licence, self.made)))

    @property
    def html(self) -> SafeString:
        """All of it as safe HTML; the licence is a link."""
        parts = [format_html("{}", self.by)] if self.by else []
        if self.licence:
            parts.append(
                format_html(
                    '<a href="{}" rel="license external">{}</a>', self.licence_url, self.licence
                )
            )
        if self.made:
            parts.append(format_html("<strong>{}</strong>", self.made))
        return SafeString(". ".join(parts))


def credit_of(image: "Image") -> Credit:
    """Return the credit of ``image``, from the library's row and from nowhere else."""
    return Credit(
        by=credit_line(image.credit, source=image.source, copyright_notice=image.copyright_notice),
        made=MADE_WITH_AI.get(image.digital_source_type, ""),
        licence=CC_NAMES.get(image.cc_licence, ""),
        licence_url=deed_of(image.cc_licence),
    )


def credit_line(credit: str, *, source: str = "", copyright_notice: str = "") -> str:
    """Return whose picture it is: the credit as typed, then source and copyright if given.

    What the credit already says is not said twice. "" means there is nothing to print.
    """
    parts: list[str] = []
    for part in (credit.strip(), source.strip(), copyright_notice.strip()):
        if part and not any(part.casefold() in said.casefold() for said in parts):
            parts.append(part)
    return " / ".join(parts)
