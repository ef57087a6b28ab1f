"""The facts of a story side by side: section, access, topics, lead picture and the like."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from articles.desk.diff.labels import label
from articles.desk.diff.names import Names, Thumb
from articles.desk.diff.words import Mark, Run
from articles.models import Article

FIELDS = (
    "section",
    "kind",
    "access",
    "takeaways_open",
    "lead_image",
    "topics",
    "prominence",
    "slug",
    "dateline",
    "language",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that is another now. Sets show what stayed between what went and what came."""

    name: str
    older: list[Run]
    newer: list[Run]
    older_thumb: Thumb | None = None
    newer_thumb: Thumb | None = None


@dataclass(frozen=True, slots=True)
class FactsDiff:
    template: ClassVar[str] = "desk/diff/facts.html"
    label: ClassVar[str] = "Facts"

    facts: list[Fact]

    @property
    def runs(self) -> Iterator[Run]:
        """Facts are told as they are; their words are not counted."""
        return iter(())


def compare(field: str, older: dict[str, Any], newer: dict[str, Any], names: Names) -> Fact | None:
    """One field of both contents, or None where it says the same."""
    before, after = _values(field, older, names), _values(field, newer, names)
    if _key(older.get(field)) == _key(newer.get(field)):
        return None
    thumbs = [names.thumb(content.get(field)) for content in (older, newer)]
    return Fact(
        label(field),
        _cell(before, without=after, mark=Mark.OUT),
        _cell(after, without=before, mark=Mark.IN),
        *(thumbs if field == "lead_image" else ()),
    )


def _key(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(str, value))
    return "" if value is None else value


def _values(field: str, content: dict[str, Any], names: Names) -> list[str]:
    value = content.get(field)
    if field == "topics":
        return sorted(names.name("topics", topic) for topic in value or ())
    if field in ("section", "lead_image"):
        return [names.name(field, value)]
    if isinstance(value, bool):
        return ["Yes" if value else "No"]
    choices = dict(getattr(Article._meta.get_field(field), "choices", None) or ())
    return [str(choices.get(value, "" if value is None else value))]


def _cell(values: list[str], *, without: list[str], mark: Mark) -> list[Run]:
    values = [value for value in values if value] or ["None"]
    return [
        Run(Mark.KEPT if value in without else mark, _listed(value, place, values), gap=place > 0)
        for place, value in enumerate(values)
    ]


def _listed(value: str, place: int, values: list[str]) -> str:
    return value if place == len(values) - 1 else f"{value},"
