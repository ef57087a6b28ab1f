"""Correcting what is live, whatever the working copy and the queue hold meanwhile."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.desk import merging, picture_rules, revisions, working_copy
from articles.desk.snapshots import snapshot
from articles.models import Article, Correction, Event, Revision
from articles.publishing import going_out, queue, rows
from articles.publishing.correcting_note import Correcting, places, replaced, write_note
from articles.publishing.promotion import hold_current
from articles.publishing.queue import Prefer
from articles.publishing.refusals import NotPublished
from articles.publishing.rows import Held, Text

__all__ = ["Corrected", "Correcting", "correct", "live_content", "places"]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was written. ``is_in_working_copy`` False: the desk's draft has other words there."""

    note: Correction
    is_in_working_copy: bool


@transaction.atomic
def correct(
    article: Article,
    *,
    editor: Any,
    correcting: Correcting,
    tell_readers: bool = True,
    prefer: Prefer = Prefer.ASK,
) -> Corrected:
    """Correct the live text with a public note, without publishing anything else.

    The right words go into the working copy, and into the update that waits, too. Raises
    ``NotPublished``, ``Misplaced``, ``PublishRefused`` and ``QueueConflict``.
    """
    held = hold_current(article, now=timezone.now())
    if not held.is_live or held.public is None:
        raise NotPublished("Only a story that is on the site can be corrected.")
    live = queue.words(held.article.versions.get(number=held.public.version).content)
    content = replaced(live, correcting) if correcting.replaces else live
    # Its pictures stay as they are, and readers see none that may not be shown: a licence that has
    # ended meanwhile must not keep the right words from going out.
    going_out.refuse_broken_rules(held.article, content, at=held.now, passing=picture_rules.CODES)
    note = write_note(held, correcting, content, editor=editor)
    number, is_in = _bring_to_the_desk(held, live=live, content=content, note=note, editor=editor)
    text = Text(
        content=content,
        revision=number,
        at=held.now,
        editor=editor,
        tells_readers=tell_readers,
    )
    story = going_out.put_out(held, text, prefer=prefer)
    details = {"version": story.version, "correction": note.pk, "kind": note.kind}
    rows.tell(held, Event.Kind.CORRECTED, editor=editor, note=note.text, details=details)
    return Corrected(note, is_in)


def live_content(article: Article) -> dict[str, Any] | None:
    """The words that readers see now, in the shape of a snapshot; None if they see none."""
    held = rows.look(article, now=timezone.now())
    if not held.is_live or held.public is None:
        return None
    due = held.article.versions.filter(withdrawn_at=None, live_from__lte=held.now)
    version = due.order_by("-live_from", "-number").first()
    return queue.words(version.content) if version else None


def _bring_to_the_desk(
    held: Held, *, live: dict[str, Any], content: dict[str, Any], note: Correction, editor: Any
) -> tuple[int, bool]:
    """Correct the working copy, too. Out: the revision with the live words, and whether it fitted.

    Words that the desk changed at the same place stay as they are: nothing is overwritten.
    """
    article = held.article
    ours = snapshot(article)
    merged = merging.merge(live, queue.words(ours), content)
    fits = not merged.conflicts
    wanted = merged.content if fits else queue.words(ours)
    says_the_same = wanted == content
    if not says_the_same:
        # What is live has a revision of its own, beneath the desk's.
        held_words = content | {"internal_note": ours["internal_note"]}
        beneath = revisions.keep_beside(
            article, content=held_words, editor=editor, reason=Revision.Reason.CORRECT
        )
    working_copy.write(article, wanted)
    kept = revisions.keep(
        article, editor=editor, reason=Revision.Reason.CORRECT, note=note.text[:300]
    )
    article.refresh_from_db()
    return (kept.number if says_the_same else beneath.number), fits
