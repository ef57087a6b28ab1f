"""The whole working copy as one value: what revisions keep, rules check and publishing prints."""

from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast

from articles.models import Article, Byline, Source, Takeaway
from articles.prepared import Prepared

FIELDS = (
    "kind",
    "headline",
    "short_headline",
    "standfirst",
    "slug",
    "dateline",
    "language",
    "prominence",
    "body",
    "lead_caption",
    "lead_alt",
    "access",
    "takeaways_open",
    "internal_note",
)


def snapshot(article: Article) -> dict[str, Any]:
    """The whole working copy as JSON: its fields, and its ordered rows in order, each with its uid.

    Things are named by id: ``section``, ``lead_image``, ``topics`` and each byline's ``author``.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in (*_COLUMNS, "topics")}
    for of, *row in sorted(_rows_of(article=article.pk), key=itemgetter(0, 1, 2)):
        rows[of].append(tuple(row))
    return {
        **{name: getattr(article, name) for name in FIELDS},
        "section": article.section_id,
        "lead_image": article.lead_image_id,
        **{name: [_named(name, *row) for row in rows[name]] for name in _COLUMNS},
        "topics": [pk for _, pk, *_ in rows["topics"]],
    }


def empty(*, language: str) -> dict[str, Any]:
    """The same of a story in which nothing was written yet."""
    story = Article(language=language)
    return {
        **{name: getattr(story, name) for name in FIELDS},
        "section": None,
        "lead_image": None,
        **{rows: [] for rows in ("bylines", "takeaways", "sources", "topics")},
    }


_COLUMNS = {
    "bylines": ("author", "role"),
    "takeaways": ("label", "text"),
    "sources": ("title", "publisher", "url"),
}


def _all_rows(article: int) -> QuerySet[Any, tuple[Any, ...]]:
    """All rows of a story: which kind, its position, its id, its uid, and up to three values."""
    nothing, place = Value(""), ("position", "pk", "uid")
    bylines = Byline.objects.filter(article=article).values_list(
        Value("bylines"), *place, Cast("author_id", TextField()), "role", nothing
    )
    takeaways = Takeaway.objects.filter(article=article).values_list(
        Value("takeaways"), *place, "label", "text", nothing
    )
    sources = Source.objects.filter(article=article).values_list(
        Value("sources"), *place, "title", "publisher", "url"
    )
    topics = Article.topics.through.objects.filter(article=article).values_list(
        Value("topics"), Value(0), "topic_id", Value(None, UUIDField()), nothing, nothing, nothing
    )
    parts = (rows.order_by() for rows in (bylines, takeaways, sources, topics))
    return next(parts).union(*parts, all=True)


_rows_of = Prepared(_all_rows, article=BigIntegerField())


def _named(of: str, _position: int, _pk: int, uid: UUID, *values: str) -> dict[str, Any]:
    row: dict[str, Any] = {"uid": str(uid)}
    row |= zip(_COLUMNS[of], values, strict=False)
    if of == "bylines":
        row["author"] = int(row["author"])
    return row
