"""What a story names by number: people, topics and pictures, as they are now, in one query."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import JSONObject

from articles import addresses
from articles.models import Author, Image, Section, Topic, TopicListing
from articles.photos import rights
from articles.photos.crops import Crop
from articles.photos.renditions import Picture, picture
from articles.prepared import Prepared
from articles.site import nearby
from articles.site.nearby import Nearby

Rows = QuerySet[Any, tuple[str, dict[str, Any]]]

_IMAGE_FIELDS = (
    "id",
    "rendition_name",
    "width",
    "height",
    "colour",
    "frames",
    "creator",
    "credit",
    "source",
    "copyright_notice",
    "cc_licence",
    "web_statement",
    "licensor_url",
    "digital_source_type",
    "caption",
    "alt_text",
    "is_decorative",
    *rights.COLUMNS,
)
# JSON has no times and, on SQLite, no truth values.
_TIMES = ("licence_starts", "licence_ends", "blocked_at")
_FLAGS = ("is_decorative", "on_web", "on_social", "in_mail")


@dataclass(frozen=True, slots=True)
class Person:
    """An author as a story shows them. ``portrait``: None, too, where it may not be shown."""

    id: int
    name: str
    url: str
    role: str
    bio: str
    portrait: Image | None

    @property
    def portrait_picture(self) -> Picture | None:
        return picture(self.portrait, crop=Crop.SQUARE) if self.portrait else None


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A topic below a story, and behind its tickers."""

    id: int
    name: str
    url: str
    exchange: str


@dataclass(frozen=True, slots=True)
class Things:
    """All that one story names, by number. ``topics`` keeps the order of their names.

    Of the pictures, also those that may not be shown: each surface asks for its own use.
    ``fallback`` is that of the section asked for. ``nearby``: the newest stories of each topic, of
    the section, and of all.
    """

    people: Mapping[int, Person] = field(default_factory=dict)
    topics: Mapping[int, TopicLink] = field(default_factory=dict)
    images: Mapping[int, Image] = field(default_factory=dict)
    fallback: Image | None = None
    nearby: Nearby = field(default_factory=Nearby)


def of_story(
    story_id: int,
    *,
    section: int,
    authors: Iterable[int],
    images: Iterable[int],
    at: dt.datetime,
) -> Things:
    """The things of a published story at ``at``; its topics are those it is listed under."""
    rows = _of_story(
        story=story_id,
        authors=sorted(set(authors)),
        images=sorted(set(images)),
        section=section,
        at=at,
    )
    return _by_kind(rows, at=at)


def by_ids(
    *,
    authors: Iterable[int],
    topics: Iterable[int],
    images: Iterable[int],
    at: dt.datetime,
    section: int | None = None,
) -> Things:
    """The same for a story that no row holds: the desk's preview, an update that is due.

    With ``section``, its fallback picture and the newest stories are among them.
    """
    rows = _of_numbers(
        topics=sorted(set(topics)),
        authors=sorted(set(authors)),
        images=sorted(set(images)),
        section=section or 0,
        at=at,
    )
    return _by_kind(rows, at=at)


def portraits(authors: Iterable[int], *, at: dt.datetime) -> dict[int, Person]:
    """The people of some cards, by number, in one query; none for no number."""
    wanted = set(authors)
    if not wanted:
        return {}
    return {row["id"]: _person(row, at) for _, row in _faces(authors=sorted(wanted))}


def person_of(author: Author, *, at: dt.datetime) -> Person:
    """An author's row as a value at ``at``; its portrait must be loaded with it."""
    return Person(
        author.pk,
        author.name,
        author.get_absolute_url(),
        author.role,
        author.bio,
        _allowed(author.portrait, at),
    )


def _by_kind(rows: Iterable[tuple[str, dict[str, Any]]], *, at: dt.datetime) -> Things:
    found: dict[str, list[dict[str, Any]]]
    found = {"topic": [], "person": [], "image": [], "fallback": []}
    found["section"] = []
    for kind, row in rows:
        found[kind].append(row)
    return Things(
        people={row["id"]: _person(row, at) for row in found["person"]},
        topics={
            row["id"]: _topic(row) for row in sorted(found["topic"], key=lambda row: row["name"])
        },
        images={row["id"]: _image(row) for row in found["image"]},
        fallback=next((_image(row) for row in found["fallback"]), None),
        nearby=Nearby.of_rows(topics=found["topic"], sections=found["section"]),
    )


def _topics(topics: Q, at: Any) -> Rows:
    stories = nearby.newest_of_topic(at)
    row = JSONObject(id="id", name="name", slug="slug", exchange="exchange", stories=stories)
    return Topic.objects.filter(topics).order_by().values_list(Value("topic"), row)


def _people(numbers: Any) -> Rows:
    row = JSONObject(
        id="id",
        name="name",
        slug="slug",
        role="role",
        bio="bio",
        portrait=_columns("portrait__"),
    )
    people = Author.objects.filter(pk__in=numbers).order_by()
    return people.values_list(Value("person"), row)


def _pictures(numbers: Any) -> Rows:
    rows = Image.objects.filter(pk__in=numbers).order_by()
    return rows.values_list(Value("image"), _columns(""))


def _fallback(section: Any) -> Rows:
    rows = Section.objects.filter(pk=section, fallback_image__isnull=False).order_by()
    return rows.values_list(Value("fallback"), _columns("fallback_image__"))


def _section(section: Any, at: Any) -> Rows:
    row = JSONObject(stories=nearby.newest_of_section(at), latest=nearby.newest_of_all(at))
    return Section.objects.filter(pk=section).order_by().values_list(Value("section"), row)


def _columns(way: str) -> JSONObject:
    return JSONObject(**{name: f"{way}{name}" for name in _IMAGE_FIELDS})


_NUMBER, _TIME = models.BigIntegerField(), models.DateTimeField()
_of_story = Prepared(
    lambda story, authors, images, section, at: _topics(
        Q(pk__in=TopicListing.objects.filter(published=story).values("topic")), at
    ).union(_people(authors), _pictures(images), _section(section, at), all=True),
    story=_NUMBER,
    authors=[_NUMBER],
    images=[_NUMBER],
    section=_NUMBER,
    at=_TIME,
)
_of_numbers = Prepared(
    lambda topics, authors, images, section, at: _topics(Q(pk__in=topics), at).union(
        _people(authors),
        _pictures(images),
        _fallback(section),
        _section(section, at),
        all=True,
    ),
    topics=[_NUMBER],
    authors=[_NUMBER],
    images=[_NUMBER],
    section=_NUMBER,
    at=_TIME,
)
_faces = Prepared(lambda authors: _people(authors), authors=[_NUMBER])


def _image(row: dict[str, Any]) -> Image:
    times = {name: _moment(row[name]) for name in _TIMES}
    return Image(**(row | times | {name: bool(row[name]) for name in _FLAGS}))


def _moment(text: str | None) -> dt.datetime | None:
    """A time as JSON has it from a database: with its offset, or bare where that keeps UTC."""
    if text is None:
        return None
    at = dt.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _allowed(portrait: Image | None, at: dt.datetime) -> Image | None:
    """A portrait as far as it may be shown; no other picture takes its place."""
    return portrait if portrait and rights.may(portrait, rights.Use.WEB, at) else None


def _person(row: dict[str, Any], at: dt.datetime) -> Person:
    portrait = row["portrait"]
    return Person(
        id=row["id"],
        name=row["name"],
        url=addresses.of_slug("articles:author", row["slug"]),
        role=row["role"],
        bio=row["bio"],
        portrait=_allowed(_image(portrait), at) if portrait["id"] else None,
    )


def _topic(row: dict[str, Any]) -> TopicLink:
    url = addresses.of_slug("articles:topic", row["slug"])
    return TopicLink(row["id"], row["name"], url, row["exchange"])
