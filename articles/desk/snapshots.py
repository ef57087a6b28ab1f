"""The whole working copy as one value: what revisions keep, rules check and publishing prints."""

from typing import Any

from articles.models import Article

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
    return {
        **{name: getattr(article, name) for name in FIELDS},
        "section": article.section_id,
        "lead_image": article.lead_image_id,
        "bylines": _rows(article.bylines, "author", "role"),
        "takeaways": _rows(article.takeaways, "label", "text"),
        "sources": _rows(article.sources, "title", "publisher", "url"),
        "topics": sorted(article.topics.values_list("pk", flat=True)),
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


def _rows(rows: Any, *names: str) -> list[dict[str, Any]]:
    return [row | {"uid": str(row["uid"])} for row in rows.values("uid", *names)]
