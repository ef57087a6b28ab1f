"""Making the working copy public: taking its text under the rules, and publishing it now."""

import datetime as dt
from collections.abc import Container
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField
from django.utils import timezone

from articles.desk import revisions, rules, workflow
from articles.desk.approval import approval_findings
from articles.desk.rules import Findings
from articles.desk.snapshots import snapshot
from articles.models import Article, Correction, Event, PublishedArticle, Revision
from articles.models.article import Work
from articles.prepared import Prepared
from articles.publishing import queue, rows
from articles.publishing.correcting_note import Correcting, write_note
from articles.publishing.promotion import hold_current
from articles.publishing.queue import Prefer
from articles.publishing.refusals import PublishRefused
from articles.publishing.rows import Held, Text


@transaction.atomic
def publish(
    article: Article,
    *,
    editor: Any,
    tell_readers: bool = False,
    at: dt.datetime | None = None,
    correcting: Correcting | None = None,
    prefer: Prefer = Prefer.ASK,
) -> PublishedArticle:
    """Make the working copy public, for the first time or as changes to what is public.

    ``tell_readers``: the change matters, so the page says "Updated". ``at`` (aware, not in the
    future; default now) is for archives that bring their own dates. ``correcting`` is a public note
    that goes out with it. ``prefer`` says what becomes of an update that waits and changes the same
    places. Raises ``PublishRefused``, ``QueueConflict`` and ``Misplaced``.
    """
    now = timezone.now()
    at = at or now
    if at > now:
        raise ValueError("A story is published now, not later.")
    held = hold_current(article, now=now)
    text = take(held, at=at, editor=editor, tells_readers=tell_readers)
    if correcting is not None:
        write_note(held, correcting, text.content, editor=editor)
    story = put_out(held, text, prefer=prefer)
    if not held.was_seen:
        rows.announce(held)
    kind = Event.Kind.CHANGES_PUBLISHED if held.was_seen else Event.Kind.PUBLISHED
    rows.tell(held, kind, editor=editor, details={"version": story.version})
    return story


def take(held: Held, *, at: dt.datetime, editor: Any, tells_readers: bool = False) -> Text:
    """The working copy's text, allowed to go out at ``at`` (aware), kept as a revision.

    What was approved is what goes: a later change has ended the approval. Raises
    ``PublishRefused`` with all that is missing.
    """
    article = held.article
    content = snapshot(article)
    refuse_what_is_missing(article, content, at=at, editor=editor)
    approved_by = article.work_by if article.work == Work.APPROVED else None
    workflow.begin_anew(article, by=editor, at=held.now)
    kept = revisions.keep_locked(
        article, content=content, editor=editor, reason=Revision.Reason.PUBLISH
    )
    return Text(
        content=kept.content,
        revision=kept.number,
        at=at,
        editor=editor,
        approved_by=approved_by,
        tells_readers=tells_readers,
    )


def refuse_what_is_missing(
    article: Article, content: dict[str, Any], *, at: dt.datetime, editor: Any
) -> None:
    """Ask every rule, and say everything at once. Raises ``PublishRefused``."""
    findings = rules.check(article, at=at, content=content)
    missing = (*findings.missing, *approval_findings(article, editor=editor))
    if missing:
        raise PublishRefused(Findings(missing, findings.doubts))


def refuse_broken_rules(
    article: Article,
    content: dict[str, Any],
    *,
    at: dt.datetime,
    passing: Container[str] = (),
) -> None:
    """Ask the rules about a text, without its approval; ``passing``: codes that do not count.

    Raises ``PublishRefused``.
    """
    findings = rules.check(article, at=at, content=content)
    missing = tuple(finding for finding in findings.missing if finding.code not in passing)
    if missing:
        raise PublishRefused(Findings(missing, findings.doubts))


_corrections = Prepared(
    lambda article: Correction.objects.filter(article=article), article=BigIntegerField()
)


def put_out(held: Held, text: Text, *, prefer: Prefer) -> PublishedArticle:
    """Show a text from now on, and queue what waits anew on top of it."""
    waiting = queue.rebuilt(held, text.content, prefer=prefer)
    if held.public is not None:
        rows.withdraw_versions(held, at=held.now, only_waiting=True)
    corrections = _corrections(article=held.article.pk)
    version = rows.keep_version(held, text, corrections=corrections)
    if held.public is not None:
        held.public.next_at = None
    story = rows.show(held, version, corrections=corrections)
    if waiting is not None:
        queue.put(held, waiting)
    return story
