"""Going out by itself: first publications by time alone, updates of live stories by the queue."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.desk.newsroom_time import in_full
from articles.models import Announcement, Article, Event, PublishedVersion
from articles.publishing import going_out, queue, rows
from articles.publishing.promotion import hold_current
from articles.publishing.refusals import NotPublished, PublishRefused
from articles.publishing.rows import Held, Text
from articles.site.search import index


@transaction.atomic
def schedule(
    article: Article, *, editor: Any, at: dt.datetime, tell_readers: bool = False
) -> PublishedVersion:
    """Let the working copy, as it stands now, go out at ``at`` (aware, in the future).

    What was scheduled before is replaced. Later changes of the working copy are not in it. Raises
    ``PublishRefused``.
    """
    now = timezone.now()
    _refuse_the_past(at, now)
    held = hold_current(article, now=now)
    text = going_out.take(held, at=at, editor=editor, tells_readers=tell_readers)
    return _put_in_line(held, text, editor=editor)


@transaction.atomic
def move(article: Article, *, editor: Any, at: dt.datetime) -> PublishedVersion:
    """Let what is scheduled go out at another time, with the very same text.

    Raises ``PublishRefused``, and ``NotPublished`` when nothing is scheduled.
    """
    now = timezone.now()
    _refuse_the_past(at, now)
    held = hold_current(article, now=now)
    version = _waiting_version(held)
    # The rules of the new time: its embargo, its address.
    going_out.refuse_broken_rules(held.article, version.content, at=at)
    return _put_in_line(held, queue.text_of(version, at=at), editor=editor)


def put_in_changes(article: Article, *, editor: Any) -> PublishedVersion:
    """Replace the text that waits by the working copy as it stands now; its time stays.

    Raises ``PublishRefused``, and ``NotPublished`` when nothing is scheduled.
    """
    version = _waiting_version(rows.look(article, now=timezone.now()))
    return schedule(
        article, editor=editor, at=version.live_from, tell_readers=version.tells_readers
    )


@transaction.atomic
def unschedule(article: Article, *, editor: Any, reason: str = "") -> None:
    """Let nothing go out by itself any more. Raises ``NotPublished`` when nothing waits."""
    held = hold_current(article, now=timezone.now())
    version = _waiting_version(held)
    rows.withdraw_versions(held, at=held.now, only_waiting=True)
    if held.is_live:
        _clear_next(held)
    else:
        _forget_first_publication(held)
    details = {"version": version.number, "was_due": version.live_from.isoformat()}
    rows.tell(held, Event.Kind.UNSCHEDULED, editor=editor, note=reason, details=details)


def _refuse_the_past(at: dt.datetime, now: dt.datetime) -> None:
    if at <= now:
        text = f"{in_full(at)} has passed. Publish now, or choose a later time."
        raise PublishRefused.because("past", text)


def _put_in_line(held: Held, text: Text, *, editor: Any) -> PublishedVersion:
    _refuse_after_take_off(held, text.at)
    rows.withdraw_versions(held, at=held.now, only_waiting=True)
    if held.is_live:
        version = queue.put(held, text)
        kind = Event.Kind.UPDATE_SCHEDULED
    else:
        version = rows.keep_version(held, text)
        rows.show(held, version)
        rows.announce(held)
        kind = Event.Kind.SCHEDULED
    details = {"version": version.number, "at": text.at.isoformat()}
    rows.tell(held, kind, editor=editor, details=details)
    return version


def _refuse_after_take_off(held: Held, at: dt.datetime) -> None:
    off_at = held.public.off_at if held.public else None
    if off_at and held.now < off_at <= at:
        text = f"It leaves the site at {in_full(off_at)}, before that time. Move one of the two."
        raise PublishRefused.because("off_before", text)


def _waiting_version(held: Held) -> PublishedVersion:
    waits = held.article.versions.filter(withdrawn_at=None, live_from__gt=held.now)
    version = waits.order_by("-number").first()
    if version is None:
        raise NotPublished("Nothing of this story is scheduled.")
    return version


def _clear_next(held: Held) -> None:
    assert held.public is not None  # noqa: S101 - it is live
    held.public.next_at = None
    held.public.save(update_fields=["next_at"])


def _forget_first_publication(held: Held) -> None:
    """Nobody saw it: no trace stays outside. One that was public before is off the site again."""
    public = held.public
    assert public is not None  # noqa: S101 - something of it waits
    index.remove(public.pk)
    rows.unlist(public)
    Announcement.objects.filter(article=held.article, claimed_at=None).delete()
    if held.was_seen:
        public.withdrawn_at = held.now
        public.save(update_fields=["withdrawn_at"])
    else:
        public.delete()
        held.set_public(None)
