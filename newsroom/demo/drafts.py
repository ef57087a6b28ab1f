"""The unfinished stories of the demo, each where it stands at the desk."""

import datetime as dt

from django_tasks_db.models import DBTaskResult

from articles import publishing
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
        _set_times(article, draft, shelf, now=now)
    # Nobody is told today of what was sent in before the demo began.
    DBTaskResult.objects.filter(task_path=notices.hand_out.module_path).delete()
    # From now on: the stories of the past went out without.
    politics = shelf.sections["politics"]
    politics.needs_four_eyes = True
    politics.save(update_fields=["needs_four_eyes"])


def _set_times(article: Article, draft: Document, shelf: Shelf, *, now: dt.datetime) -> None:
    def ahead(name: str) -> dt.datetime | None:
        hours = draft.facts.get(f"{name}_in_hours")
        at = None if hours is None else now + dt.timedelta(hours=hours)
        return at and at.replace(second=0, microsecond=0)

    editor = shelf.users["editor"]
    if (due := ahead("due")) is not None:
        workflow.set_due(article, at=due, by=article.created_by)
    if (until := ahead("embargo")) is not None:
        source, reason = draft.facts["embargo_source"], draft.facts["embargo_reason"]
        publishing.set_embargo(article, editor=editor, until=until, source=source, reason=reason)
    if (at := ahead("scheduled")) is not None:
        publishing.schedule(article, editor=editor, at=at)


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
