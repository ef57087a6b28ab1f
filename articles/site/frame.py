"""What stands around every page: the publication's facts, the sections and the plain pages."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from articles import addresses
from articles.models import PlainPage, Publication, Section


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of the menu or the footer."""

    id: int
    name: str
    slug: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The facts a page's head and foot print; the same for every reader."""

    name: str
    place: str
    zone: ZoneInfo
    language: str
    rights_note: str
    contact_email: str
    contact_address: str
    latitude: object
    longitude: object
    sections: tuple[NavItem, ...]
    pages: tuple[NavItem, ...]

    @property
    def section_columns(self) -> tuple[tuple[NavItem, ...], ...]:
        """The sections in two even columns, for the menu and the footer."""
        middle = (len(self.sections) + 1) // 2
        return tuple(
            column for column in (self.sections[:middle], self.sections[middle:]) if column
        )

    @property
    def locale(self) -> str:
        """The language as social tags want it: ``en-GB`` becomes ``en_GB``."""
        return self.language.replace("-", "_")


FACTS = (
    "name",
    "place",
    "zone",
    "language",
    "rights_note",
    "contact_email",
    "contact_address",
    "latitude",
    "longitude",
)


def read() -> Frame:
    """The frame as it stands in the database, in one query.

    An empty newsroom has no publication row yet: the model's defaults stand in for it.
    """
    found: dict[str, list[dict[str, Any]]] = {"facts": [], "section": [], "page": []}
    with connection.cursor() as cursor:
        cursor.execute(*_statement())
        for kind, row in cursor.fetchall():
            found[kind].append(json.loads(row))
    defaults = Publication()
    facts = found["facts"][0] if found["facts"] else {f: getattr(defaults, f) for f in FACTS}
    zone = ZoneInfo(facts.pop("zone"))
    return Frame(
        **facts,
        zone=zone,
        sections=_items(found["section"], "articles:section"),
        pages=_items(found["page"], "articles:page"),
    )


def frame_of(request: HttpRequest) -> Frame:
    """The frame of one request, read once however many parts of the page ask for it."""
    kept: Frame | None = getattr(request, "_frame", None)
    if kept is None:
        kept = read()
        request._frame = kept  # type: ignore[attr-defined]
    return kept


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The frame's SQL, which never varies: building it costs far more than running it."""
    return _rows().query.sql_with_params()


def _rows() -> QuerySet[Any, tuple[str, dict[str, Any]]]:
    facts = Publication.objects.order_by().values_list(
        Value("facts"), JSONObject(**{field: field for field in FACTS})
    )
    sections = Section.objects.order_by().values_list(
        Value("section"), JSONObject(id="id", name="name", slug="slug", position="position")
    )
    pages = PlainPage.objects.order_by().values_list(
        Value("page"), JSONObject(id="id", name="title", slug="slug", position="position")
    )
    return facts.union(sections, pages, all=True)


def _items(rows: Iterable[dict[str, Any]], view: str) -> tuple[NavItem, ...]:
    ordered = sorted(rows, key=lambda row: (row["position"], row["name"]))
    return tuple(
        NavItem(row["id"], row["name"], row["slug"], addresses.of_slug(view, row["slug"]))
        for row in ordered
    )
