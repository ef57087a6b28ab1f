"""What a story names by number: people, topics and pictures, as they are now, in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.urls import reverse

from articles.models import Author, Image, Topic, TopicListing
from articles.photos.crops import Crop
from articles.photos.renditions import Picture, picture

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
)


@dataclass(frozen=True, slots=True)
class Person:
    """An author as a story shows them."""

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
    """All that one story names, by number. ``topics`` keeps the order of their names."""

    people: Mapping[int, Person] = field(default_factory=dict)
    topics: Mapping[int, TopicLink] = field(default_factory=dict)
    images: Mapping[int, Image] = field(default_factory=dict)


def of_story(story_id: int, *, authors: Iterable[int], images: Iterable[int]) -> Things:
    """The things of a published story; its topics are those it is listed under."""
    listed = TopicListing.objects.filter(published=story_id).values("topic")
    return _read(authors, Q(pk__in=listed), images)


def by_ids(*, authors: Iterable[int], topics: Iterable[int], images: Iterable[int]) -> Things:
    """The same for a story that is not public yet (the desk's preview)."""
    return _read(authors, Q(pk__in=list(topics)), images)


def portraits(authors: Iterable[int]) -> dict[int, Person]:
    """The people of some cards, by number, in one query; none for no number."""
    wanted = set(authors)
    if not wanted:
        return {}
    rows = _people(wanted)
    return {row["id"]: _person(row) for _, row in rows}


def person_of(author: Author) -> Person:
    """An author's row as a value; its portrait must be loaded with it."""
    return Person(
        author.pk,
        author.name,
        author.get_absolute_url(),
        author.role,
        author.bio,
        author.portrait,
    )


def _read(authors: Iterable[int], topics: Q, images: Iterable[int]) -> Things:
    topic_rows = (
        Topic.objects.filter(topics)
        .order_by()
        .values_list(
            Value("topic"), JSONObject(id="id", name="name", slug="slug", exchange="exchange")
        )
    )
    others = []
    if authors := set(authors):
        others.append(_people(authors))
    if images := set(images):
        others.append(_pictures(images))
    found: dict[str, list[dict[str, Any]]] = {"topic": [], "person": [], "image": []}
    for kind, row in topic_rows.union(*others, all=True) if others else topic_rows:
        found[kind].append(row)
    return Things(
        people={row["id"]: _person(row) for row in found["person"]},
        topics={
            row["id"]: _topic(row) for row in sorted(found["topic"], key=lambda row: row["name"])
        },
        images={row["id"]: Image(**row) for row in found["image"]},
    )


def _people(ids: Iterable[int]) -> QuerySet[Any, tuple[str, dict[str, Any]]]:
    portrait = JSONObject(**{name: f"portrait__{name}" for name in _IMAGE_FIELDS})
    return (
        Author.objects.filter(pk__in=list(ids))
        .order_by()
        .values_list(
            Value("person"),
            JSONObject(
                id="id", name="name", slug="slug", role="role", bio="bio", portrait=portrait
            ),
        )
    )


def _pictures(ids: Iterable[int]) -> QuerySet[Any, tuple[str, dict[str, Any]]]:
    return (
        Image.objects.filter(pk__in=list(ids))
        .order_by()
        .values_list(Value("image"), JSONObject(**{name: name for name in _IMAGE_FIELDS}))
    )


def _person(row: dict[str, Any]) -> Person:
    portrait = row["portrait"]
    return Person(
        id=row["id"],
        name=row["name"],
        url=reverse("articles:author", args=[row["slug"]]),
        role=row["role"],
        bio=row["bio"],
        portrait=Image(**portrait) if portrait["id"] else None,
    )


def _topic(row: dict[str, Any]) -> TopicLink:
    url = reverse("articles:topic", args=[row["slug"]])
    return TopicLink(row["id"], row["name"], url, row["exchange"])
