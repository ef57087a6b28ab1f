"""The work axis of a story: draft, in review, changes asked, approved (rules §1).

Nothing else writes the fields named here.
"""

import datetime as dt
from typing import Any

from articles import events
from articles.desk.rules import Finding
from articles.models import Article, Event
from articles.models.article import Work

FIELDS = ("work", "work_since", "work_by", "work_note", "approved_revision")


def void_approval(article: Article, *, by: Any, at: dt.datetime) -> None:
    """End an approval, for the story is about to change: it is in review again.

    ``article`` is locked, and saved by the caller. Nothing happens to a story that is not approved.
    """
    if article.work != Work.APPROVED:
        return
    article.work, article.work_since, article.work_by = Work.IN_REVIEW, at, by
    article.work_note = ""
    events.record(
        Event.Kind.APPROVAL_VOIDED,
        actor=by,
        target_kind="article",
        target_id=article.pk,
        target_name=article.headline,
        details={"approved_revision": article.approved_revision},
    )


def begin_anew(article: Article, *, by: Any, at: dt.datetime) -> None:
    """Let the next draft begin: the story went out. ``article`` is saved by the caller."""
    article.work, article.work_since, article.work_by = Work.DRAFT, at, by
    article.work_note, article.approved_revision = "", None


def approval_findings(article: Article, *, editor: Any) -> tuple[Finding, ...]:
    """What keeps a story from going out for want of an approval."""
    if article.approved_revision is not None and article.work != Work.APPROVED:
        text = "It was changed after it was approved. Have it approved again."
        return (Finding("approval_voided", text, "work"),)
    return ()
