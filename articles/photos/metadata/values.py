"""What was found in a file, cleaned and bounded."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_TEXT = 5_000
"""Characters of one value."""
MAX_ITEM = 300
"""Characters of one of a list: a name, a keyword."""
MAX_ITEMS = 100

Value = str | tuple[str, ...]


class Source(StrEnum):
    """Where a value stands in the file, the strongest first."""

    XMP = "xmp"
    IIM = "iim"
    EXIF = "exif"


@dataclass(frozen=True, slots=True)
class Found:
    """One property: the value that counts, where it stands, and what each source says.

    ``languages`` are the value's translations in XMP, by language tag.
    """

    value: Value
    source: Source
    all: Mapping[Source, Value]
    languages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metadata:
    """All that a file says. ``unreadable`` names what could not be read: a source, or "file"."""

    properties: Mapping[str, Found] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, told: Mapping[str, Any], *, unreadable: Iterable[str] = ()) -> "Metadata":
        """What ``as_json`` told, as it was. Raises ``KeyError`` and the like for anything else."""
        return cls({key: _found(each) for key, each in told.items()}, tuple(unreadable))

    def as_json(self) -> dict[str, Any]:
        """``{property: {"value", "source", "all": {source: value}, "languages"}}``."""
        return {key: _as_json(found) for key, found in self.properties.items()}


def _as_json(found: Found) -> dict[str, Any]:
    told: dict[str, Any] = {
        "value": _plain(found.value),
        "source": str(found.source),
        "all": {str(source): _plain(value) for source, value in found.all.items()},
    }
    return told | ({"languages": dict(found.languages)} if found.languages else {})


def _found(told: Mapping[str, Any]) -> Found:
    return Found(
        value=_value(told["value"]),
        source=Source(told["source"]),
        all={Source(name): _value(value) for name, value in told["all"].items()},
        languages=told.get("languages", {}),
    )


def _value(plain: str | list[str]) -> Value:
    return plain if isinstance(plain, str) else tuple(plain)


def _plain(value: Value) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def as_text(value: str | Iterable[str]) -> str:
    """A value as one line of words; several names stand with commas."""
    return value if isinstance(value, str) else ", ".join(value)


_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085]")
# Control characters, halves of characters and what stands for no character at all: databases
# refuse some, and nobody can see any.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)


def clean(text: str, *, most: int = MAX_TEXT) -> str:
    """One text: composed (NFC), without control characters, trimmed, at most ``most`` long."""
    # Composing can make text longer, so the cut comes twice.
    seen = _UNSEEN.sub("", _BREAKS.sub("\n", text[: 4 * most]))
    return unicodedata.normalize("NFC", seen).strip()[:most].strip()


def clean_list(texts: Iterable[str]) -> tuple[str, ...]:
    """Cleaned items without empty and doubled ones, at most ``MAX_ITEMS``."""
    kept: dict[str, None] = {}
    for text in texts:
        if len(kept) == MAX_ITEMS:
            break
        if item := clean(text, most=MAX_ITEM):
            kept[item] = None
    return tuple(kept)


def decoded(data: bytes) -> str:
    """Text of no declared character set, as old cameras and programs wrote it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return western(data)


def western(data: bytes) -> str:
    """CP1252, which holds Latin-1; what it leaves out is read as Latin-1."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:[-:/]?(?P<month>\d\d)(?:[-:/]?(?P<day>\d\d)"
    r"(?:[T ]?(?P<time>\d\d:?\d\d(?::?\d\d(?:\.\d{1,9})?)?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?"
)


def moment(text: str) -> str:
    """A date of any of the three kinds as ISO 8601, as exact as it was told; "" for no date.

    A month or day of 00 was not known. A time without a zone stays without one.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None or match["year"] == "0000":
        return ""
    parts = [match["year"], match["month"], match["day"]]
    known = parts[: next((i for i, part in enumerate(parts) if part in {None, "00"}), 3)]
    date = "-".join(known)
    time = _time(match["time"] or "") if len(known) == 3 else ""
    zone = _zone(match["zone"] or "") if time else ""
    return date + time + zone if _exists(known, time + zone) else ""


def _time(text: str) -> str:
    digits, _, fraction = text.replace(":", "").partition(".")
    if not digits:
        return ""
    clock = ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))
    return "T" + clock + (f".{fraction}" if fraction.strip("0") else "")


def _zone(text: str) -> str:
    return text if text in {"", "Z"} else f"{text[:3]}:{text[-2:]}"


def _exists(date: list[str], rest: str) -> bool:
    full = "-".join([*date, *["01"] * (3 - len(date))])
    try:
        dt.datetime.fromisoformat(full + rest)
    except ValueError:
        return False
    return True
