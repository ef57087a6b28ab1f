"""Beginning a story with the words of another."""

from typing import Any

from django.db import transaction

from articles import events
from articles.desk import revisions, working_copy
from articles.models import Article, Event, Revision

_NOTE_LENGTH = 300


@transaction.atomic
def copy(article: Article, *, by: Any) -> Article:
    """A new draft with all words and rows of ``article``. Out: the draft.

    It has no address yet, and nothing of the other's approval, embargo, due time or publication.
    """
    content = revisions.snapshot(article)
    content["slug"] = ""
    for kind in ("bylines", "takeaways", "sources"):
        # Rows of its own: they have their own ids from the start.
        content[kind] = [{**row, "uid": ""} for row in content[kind]]
    draft = Article.objects.create(created_by=by)
    working_copy.write(draft, content)
    note = f"Copied from “{article}” (No. {article.pk})"
    revisions.keep(draft, editor=by, reason=Revision.Reason.COPY, note=note[:_NOTE_LENGTH])
    events.record(
        Event.Kind.COPIED,
        actor=by,
        target_kind="article",
        target_id=draft.pk,
        target_name=draft.headline,
        note=note,
        details={"from": article.pk},
    )
    return draft
