"""Every save of the working copy is kept whole, so that no word is lost (rules §3)."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from articles.desk import thinning, workflow
from articles.models import Article, Revision

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


def _rows(rows: Any, *names: str) -> list[dict[str, Any]]:
    return [row | {"uid": str(row["uid"])} for row in rows.values("uid", *names)]


@transaction.atomic
def keep(
    article: Article,
    *,
    editor: Any,
    reason: Revision.Reason = Revision.Reason.SAVE,
    note: str = "",
    tab: str = "",
) -> Revision:
    """Keep the working copy as it now stands in the database, as the newest revision.

    Call it in the transaction that saved the story and its rows. The story's row is locked, so
    that two savers get two numbers; ``article.head`` is moved to the new one, and an approval of
    an earlier one ends. Autosaves of ``tab`` go when this one holds all their words.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    revision = Revision.objects.create(
        article=locked,
        number=next_number(locked),
        reason=reason,
        note=note,
        content=snapshot(locked),
        base=locked.head or None,
        tab=tab,
        created_by=editor,
    )
    workflow.void_approval(locked, by=editor, at=revision.created_at)
    locked.head = revision.number
    locked.saved_at = revision.created_at
    locked.save(update_fields=["head", "saved_at", *workflow.FIELDS])
    for name in ("head", "saved_at", *workflow.FIELDS):
        setattr(article, name, getattr(locked, name))
    thinning.thin(revision)
    return revision


@transaction.atomic
def keep_refused(article: Article, *, content: dict[str, Any], editor: Any) -> Revision:
    """Keep words that met a newer save, without touching the story.

    ``content`` has the shape of ``snapshot``. The story's rows and its head stay as they are.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    return Revision.objects.create(
        article=locked,
        number=next_number(locked),
        reason=Revision.Reason.CONFLICT,
        content=content,
        created_by=editor,
    )


def next_number(article: Article) -> int:
    """The number of the story's next revision. Call it under the story's lock."""
    return (article.revisions.aggregate(newest=Max("number"))["newest"] or 0) + 1
