"""The unfinished stories of the demo, each where it stands at the desk."""

import datetime as dt

from django_tasks_db.models import DBTaskResult

from articles.desk import notices, workflow
from articles.models import Article
from newsroom.demo.reading import Document, documents
from newsroom.demo.stories import Shelf, write

# The steps that lead to a state.
_WAYS = {
    "draft": (),
    "in_review": ("submit",),
    "changes_requested": ("submit", "ask"),
    "approved": ("submit", "approve"),
}


def write_drafts(shelf: Shelf, *, now: dt.datetime) -> None:
    """Leave the unfinished stories on the desk, due so many hours after ``now`` (aware)."""
    for draft in documents("drafts"):
        article = write(draft, shelf)
        _bring_on(article, draft, shelf)
        if (hours := draft.facts.get("due_in_hours")) is not None:
            at = now + dt.timedelta(hours=hours)
            workflow.set_due(article, at=at.replace(second=0, microsecond=0), by=article.created_by)
    # Nobody is told today of what was sent in before the demo began.
    DBTaskResult.objects.filter(task_path=notices.hand_out.module_path).delete()
    # From now on: the stories of the past went out without.
    politics = shelf.sections["politics"]
    politics.needs_four_eyes = True
    politics.save(update_fields=["needs_four_eyes"])


def _bring_on(article: Article, draft: Document, shelf: Shelf) -> None:
    note = draft.facts.get("work_note", "")
    way = _WAYS[draft.facts.get("work", "draft")]
    editor = shelf.users["editor"]
    if "submit" in way:
        asks_now = way == ("submit",)
        workflow.submit(article, by=article.created_by, note=note if asks_now else "")
    if "ask" in way:
        workflow.ask_for_changes(article, by=editor, note=note)
    if "approve" in way:
        workflow.approve(article, by=editor, revision=article.head)
