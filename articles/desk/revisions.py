"""Every save of the working copy is kept whole, so that no word is lost (rules §3)."""

from typing import Any

from django.db import transaction
from django.db.models import Max

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
    """The whole working copy as JSON: its fields, and its ordered rows in order.

    Things are named by id: ``section``, ``lead_image``, ``topics`` and each byline's ``author``.
    """
    return {
        **{name: getattr(article, name) for name in FIELDS},
        "section": article.section_id,
        "lead_image": article.lead_image_id,
        "bylines": list(article.bylines.values("author", "role")),
        "takeaways": list(article.takeaways.values("label", "text")),
        "sources": list(article.sources.values("title", "publisher", "url")),
        "topics": sorted(article.topics.values_list("pk", flat=True)),
    }


@transaction.atomic
def keep(
    article: Article, *, editor: Any, reason: Revision.Reason = Revision.Reason.SAVE
) -> Revision:
    """Keep the working copy as it now stands in the database, as the newest revision.

    Call it in the transaction that saved the story and its rows. The story's row is locked, so
    that two savers get two numbers; ``article.head`` is moved to the new one.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    revision = Revision.objects.create(
        article=locked,
        number=_next_number(locked),
        reason=reason,
        content=snapshot(locked),
        created_by=editor,
    )
    locked.head = revision.number
    locked.saved_at = revision.created_at
    locked.save(update_fields=["head", "saved_at"])
    article.head, article.saved_at = locked.head, locked.saved_at
    return revision


@transaction.atomic
def keep_refused(article: Article, *, content: dict[str, Any], editor: Any) -> Revision:
    """Keep words that met a newer save, without touching the story.

    ``content`` has the shape of ``snapshot``. The story's rows and its head stay as they are.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    return Revision.objects.create(
        article=locked,
        number=_next_number(locked),
        reason=Revision.Reason.CONFLICT,
        content=content,
        created_by=editor,
    )


def _next_number(article: Article) -> int:
    return (article.revisions.aggregate(newest=Max("number"))["newest"] or 0) + 1
