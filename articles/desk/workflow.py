"""The work axis of a story: draft, in review, changes asked, approved (rules §1).

Nothing else writes the fields named here. Each act is one transaction: the story is locked, the
state and the right are looked at, and the fields, an event and the notices stand or fall together.
"""

import datetime as dt
from typing import Any

from django.db import transaction

from articles import events
from articles.desk import approval, notices, rights
from articles.desk.newsroom_time import when
from articles.models import Article, Event
from articles.models.article import Work

FIELDS = ("work", "work_since", "work_by", "work_note", "approved_revision", "due_at")


class WorkflowRefused(Exception):
    """The act is not possible as things stand. The message is for the person who tried."""


_WITH_THE_DESK = "It is with the desk already."
_NOT_SENT = "It was not sent to the desk yet."
_APPROVED = "It is approved already."
# (act, state) that do not go together, and why. All others do.
_REFUSED = {
    ("submit", Work.IN_REVIEW): _WITH_THE_DESK,
    ("submit", Work.APPROVED): _APPROVED,
    ("approve", Work.DRAFT): _NOT_SENT,
    ("approve", Work.CHANGES_REQUESTED): "Changes were asked for; it was not sent again since.",
    ("approve", Work.APPROVED): _APPROVED,
    ("ask", Work.DRAFT): _NOT_SENT,
    ("ask", Work.CHANGES_REQUESTED): "Changes were asked for already.",
    ("take_back", Work.DRAFT): _NOT_SENT,
    ("take_back", Work.CHANGES_REQUESTED): "It is back from the desk already.",
    ("take_back", Work.APPROVED): "It is approved. Changing it brings it back into review.",
}


@transaction.atomic
def submit(article: Article, *, by: Any, note: str = "") -> None:
    """Send the story to the desk. ``note`` (may be empty) goes with it. The editors are told."""
    story = _locked(article)
    _need(rights.may_change(by, story), "You may not change this story.")
    _go_together("submit", story)
    _need(_says_something_new(story), "Nothing has changed since it went out.")
    _move(story, Work.IN_REVIEW, Event.Kind.SUBMITTED, by=by, note=note, passed=article)


@transaction.atomic
def approve(article: Article, *, by: Any, revision: int) -> None:
    """Approve the revision that ``by`` has seen, and no later one. The writers are told."""
    story = _locked(article)
    _need(rights.may_approve(by), "You may not approve stories.")
    _go_together("approve", story)
    if story.head != revision:
        raise WorkflowRefused(_moved_on(story))
    if approval.needs_four_eyes(story) and by.pk in approval.writers(story):
        text = f"{story.section} wants four eyes, and you wrote part of this: someone else approves"
        raise WorkflowRefused(f"{text} it.")
    story.approved_revision = story.head
    _move(story, Work.APPROVED, Event.Kind.APPROVED, by=by, note="", passed=article)


@transaction.atomic
def ask_for_changes(article: Article, *, by: Any, note: str) -> None:
    """Give the story back to its writers, who are told what to change."""
    story = _locked(article)
    _need(rights.may_approve(by), "You may not ask for changes.")
    _go_together("ask", story)
    _need(bool(_clean(note)), "Say what should change: the writers see your note.")
    kind = Event.Kind.CHANGES_REQUESTED
    _move(story, Work.CHANGES_REQUESTED, kind, by=by, note=note, passed=article)


@transaction.atomic
def take_back(article: Article, *, by: Any) -> None:
    """Make the story a draft again. Only who sent it, or whose story it is, takes it back."""
    story = _locked(article)
    _need(may_take_back(by, story), "Only who sent it takes it back. Ask for changes instead.")
    _go_together("take_back", story)
    _move(story, Work.DRAFT, Event.Kind.WITHDRAWN, by=by, note="", passed=article)


def may_take_back(user: Any, article: Article) -> bool:
    """Whether the story in review is this person's to take back."""
    return rights.may_change(user, article) and (
        article.work_by_id == user.pk or rights.is_own(user, article)
    )


@transaction.atomic
def set_due(article: Article, *, at: dt.datetime | None, by: Any) -> None:
    """Say when the desk wants the story (aware), or None for no time. Going out settles it."""
    story = Article.objects.select_for_update().get(pk=article.pk)
    _need(rights.may_change(by, story), "You may not change this story.")
    if story.due_at == at:
        return
    story.due_at = article.due_at = at
    story.save(update_fields=["due_at"])
    note = "Set when it is due" if at else "No longer due"
    details = {"due_at": at.isoformat() if at else None}
    _record(story, Event.Kind.CHANGED, by=by, note=note, details=details)


def void_approval(article: Article, *, by: Any, at: dt.datetime) -> None:
    """End an approval, for the story is about to change: it is in review again.

    ``article`` is locked, and saved by the caller. Nothing happens to a story that is not approved.
    """
    if article.work != Work.APPROVED:
        return
    article.work, article.work_since, article.work_by = Work.IN_REVIEW, at, by
    article.work_note = ""
    details = {"approved_revision": article.approved_revision}
    _record(article, Event.Kind.APPROVAL_VOIDED, by=by, details=details)


def begin_anew(article: Article, *, by: Any, at: dt.datetime) -> None:
    """Let the next draft begin: the story went out. ``article`` is saved by the caller."""
    article.work, article.work_since, article.work_by = Work.DRAFT, at, by
    article.work_note, article.approved_revision = "", None
    article.due_at = None


def copy_state(article: Article, *, to: Article) -> None:
    """Let another instance of the story know where it stands."""
    for field in Article._meta.concrete_fields:
        if field.name in FIELDS:
            # By number: who moved it is not read for this.
            setattr(to, field.attname, getattr(article, field.attname))


def _locked(article: Article) -> Article:
    """The story under its lock, if anything may be done with it at all."""
    story = Article.objects.select_for_update().get(pk=article.pk)
    _need(story.binned_at is None, "It is in the bin. Take it out first.")
    published = getattr(story, "published", None)
    gone = published is not None and published.retracted_at is not None
    _need(not gone, "It was retracted: nothing of it goes out again.")
    return story


def _need(condition: bool, text: str) -> None:  # noqa: FBT001
    if not condition:
        raise WorkflowRefused(text)


def _go_together(act: str, story: Article) -> None:
    refusal = _REFUSED.get((act, Work(story.work)))
    _need(refusal is None, refusal or "")


def _says_something_new(story: Article) -> bool:
    published = getattr(story, "published", None)
    if published is None or published.withdrawn_at is not None:
        return True
    return bool(story.head > published.revision)


def _moved_on(story: Article) -> str:
    newest = story.revisions.filter(number=story.head).select_related("created_by").first()
    saver = newest.created_by.get_full_name() if newest and newest.created_by else "Someone"
    return f"{saver} saved it {when(story.saved_at)}; look at it again before you approve it."


def _move(
    story: Article, work: Work, kind: Event.Kind, *, by: Any, note: str, passed: Article
) -> None:
    """Write the step, its event and its notices; ``passed`` is what the caller holds."""
    note = _clean(note)
    event = _record(story, kind, by=by, note=note, details={"revision": story.head})
    story.work, story.work_since, story.work_by = work, event.at, by
    # As it was typed; the log has it in one line.
    story.work_note = note
    story.save(update_fields=FIELDS)
    copy_state(story, to=passed)
    notices.tell(event)


def _clean(note: str) -> str:
    # PostgreSQL takes no null character.
    return note.replace("\x00", "").strip()


def _record(story: Article, kind: Event.Kind, *, by: Any, **said: Any) -> Event:
    return events.record(
        kind,
        actor=by,
        target_kind="article",
        target_id=story.pk,
        target_name=story.headline,
        **said,
    )
