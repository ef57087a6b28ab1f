"""Where the words of a picture come from: its file or a person; and all that the file says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles.models import Image
from articles.photos.filling import FILLED, fitting
from articles.photos.metadata import PROPERTIES
from articles.photos.metadata.values import as_text
from articles.photos.rights import has_doubtful_alt
from articles.photos.vocabularies import word_of

_SOURCES = {"xmp": "XMP", "iim": "IPTC", "exif": "Exif", "file": "the file’s order"}
_QUOTED = 160
"""Characters of what is told beside a field; all of it stands under “What the file says”."""


@dataclass(frozen=True, slots=True)
class Told:
    """One property as the file tells it, with what its weaker sources say differently."""

    label: str
    text: str
    source: str
    others: tuple[tuple[str, str], ...]


def file_says(image: Image) -> list[Told]:
    """All that the file said on its arrival, in the order of the standard."""
    said = [(key, image.file_metadata[key]) for key in PROPERTIES if key in image.file_metadata]
    return [
        Told(
            PROPERTIES[key].label,
            _words(entry["value"]),
            _SOURCES[entry["source"]],
            (*_differing(entry), *entry.get("languages", {}).items()),
        )
        for key, entry in said
    ]


def unreadable(image: Image) -> str:
    """The parts of the file's words that could not be read, as "XMP and Exif"; "" for none."""
    names = [_SOURCES.get(each, each) for each in image.unreadable_metadata.split()]
    return " and ".join(names)


def explain(image: Image, name: str) -> SafeString | None:
    """Say where the value of the field ``name`` comes from; None where there is nothing to say."""
    if name not in FILLED:
        return None
    kind, text = _origin(image, name)
    return format_html('<p class="origin" data-from="{}">{}</p>', kind, text) if text else None


def _origin(image: Image, name: str) -> tuple[str, str]:
    value = getattr(image, name).strip()
    entry = image.file_metadata.get(FILLED[name])
    if entry is None:
        return ("person", "Set by a person.") if value else ("none", _nothing(image, name))
    source = _SOURCES[entry["source"]]
    whole = as_text(entry["value"])
    if value != fitting(image, name, whole):
        by = "Set by a person. " if value else ""
        return "person" if value else "file", f"{by}The file says {_quote(whole)} ({source})."
    if not value:
        return "file", f"The file says {_quote(whole)} ({source}), which does not fit here."
    return _from_file(image, name, entry, f"From the file ({source})")


def _from_file(image: Image, name: str, entry: Mapping[str, Any], start: str) -> tuple[str, str]:
    if name == "alt_text" and has_doubtful_alt(image):
        return "unread", f"{start}. Nobody has read it yet: saving this page says that it is right."
    if len(getattr(image, name)) < len(" ".join(as_text(entry["value"]).split())):
        start += ", cut to fit"
    others = " ".join(f"{source} says {_quote(text)}." for source, text in _differing(entry))
    return "file", f"{start}. {others}".strip()


def _nothing(image: Image, name: str) -> str:
    """A hint for the one field that a picture needs and files often leave out."""
    if name == "credit" and image.creator.strip():
        return f"Nothing in the file. The creator is {image.creator}."
    return ""


def _differing(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_SOURCES[source], _words(value))
        for source, value in entry["all"].items()
        if value != entry["value"]
    )


def _words(value: Any) -> str:
    return word_of(as_text(value))


def _quote(text: str) -> str:
    return f"“{Truncator(_words(text)).chars(_QUOTED)}”"
