"""The words by which the library finds a picture, and finding by them."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from articles.photos.vocabularies import word_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from articles.models import Image

MAX_TEXT = 20_000
"""Characters kept of one picture: files may say a great deal."""
MOST_WORDS = 8
"""Words of a query that are looked for; the rest would only cost."""

LONGEST_WORD = 500
"""Letters, as in the longest address: databases refuse to look for very long ones."""

_TYPED = (
    "caption",
    "alt_text",
    "credit",
    "creator",
    "source",
    "copyright_notice",
    "licence_terms",
    "original_name",
    "date_created",
    "web_statement",
    "licensor_url",
    "get_licence_display",
    "get_cc_licence_display",
)
_TERMS = ("digital_source_type", "data_mining")


def search_text(image: Any) -> str:
    """All words of ``image`` and of its file, folded, each line once: typed ones first."""
    typed = [getattr(image, name) for name in _TYPED]
    words = [value() if callable(value) else value for value in typed]
    words += [word_of(getattr(image, name)) for name in _TERMS]
    lines = dict.fromkeys(fold(each) for each in (*words, *_said(image.file_metadata)))
    return "\n".join(filter(None, lines))[:MAX_TEXT]


def fold(text: str) -> str:
    """``text`` as it is kept and asked for: small letters, one way to write each, single spaces."""
    small = unicodedata.normalize("NFKC", text.replace("\x00", "")).casefold()
    return " ".join(unicodedata.normalize("NFKC", small).split())


def matching(pictures: "QuerySet[Image]", query: str) -> "QuerySet[Image]":
    """Those of ``pictures`` in which every word of ``query`` occurs, wherever."""
    for word in dict.fromkeys(fold(query).split()[:MOST_WORDS]):
        if len(word) > LONGEST_WORD:
            return pictures.none()
        pictures = pictures.filter(search_text__contains=word)
    return pictures


def _said(metadata: Mapping[str, Any]) -> Iterator[str]:
    """Every value that the file has, of whichever source and language."""
    for found in metadata.values():
        yield from _texts(found.get("value"))
        yield from _texts(found.get("all"))
        yield from _texts(found.get("languages"))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [word_of(value)] if value.startswith("http") else [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    return []
