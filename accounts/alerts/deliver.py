"""From a queued delivery to a mail that was sent once, or stands as unknown, never twice.

Each row passes a door of its own: queued to sending, by a conditional update that is committed
before the mail server hears of the mail, then to what became of it. A worker killed in between
leaves "sending", which ``recover_stuck`` turns into "unknown"; from there only a person leads on.
"""

import datetime as dt
import logging
import time
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Exists, Q, QuerySet

from accounts.alerts import batch
from accounts.alerts.batch import FRESH_FOR, Parcel, Unwanted
from accounts.alerts.post import Line, LineDown, Outcome, Verdict
from accounts.models import Delivery, User
from articles.models import Image, PublishedArticle
from articles.photos.rights import Use, allowing

logger = logging.getLogger(__name__)

STUCK_AFTER = dt.timedelta(minutes=5)
"""Longer than any one mail takes at the timeout of the mail settings."""

PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""The pause after each attempt that was put off; after the last the mail has failed."""

RUN_FOR = 5.0
"""Seconds: how long one run goes on."""

CHUNK = 50

_REST_KEY = "alerts:line-rests"
_REST_FIRST = 5
_REST_MOST = 300
"""Seconds of rest when the mail server cannot be reached, doubling from the first to the most."""


@dataclass
class Sent:
    """What one run did, by what became of the mails."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    unknown: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.later + self.refused + self.unknown + self.skipped


@dataclass
class _Clock:
    """The time of the run: begun at ``start``, going on as the real one does."""

    start: dt.datetime
    begun: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.begun

    @property
    def now(self) -> dt.datetime:
        return self.start + dt.timedelta(seconds=self.elapsed)


def deliver_due(at: dt.datetime, limit: int = 500) -> Sent:
    """Send the mails that wait at ``at`` (aware), ``limit`` at most. Out: what became of them.

    Safe to run by many workers at once, and to be killed anywhere.
    """
    done, clock = Sent(), _Clock(at)
    if not batch.queued(at).exists() or _is_resting(at):
        return done
    try:
        with Line() as line:
            _end_rest()
            _run(line, clock, limit, done)
    except LineDown as down:
        _rest(at, str(down))
    return done


def recover_stuck(at: dt.datetime) -> int:
    """Give up what a dead worker had begun to send. Out: how many now stand as unknown."""
    stuck = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=at - STUCK_AFTER)
    return stuck.update(
        state=Delivery.State.UNKNOWN,
        error="The worker ended before it noted whether the mail went out.",
    )


def _run(line: Line, clock: _Clock, limit: int, done: Sent) -> None:
    library = batch.Library()
    while done.total < limit and clock.elapsed < RUN_FOR:
        loaded = clock.elapsed
        parcels = batch.load(min(CHUNK, limit - done.total), library, clock.now)
        if not parcels:
            return
        for parcel in parcels:
            if clock.elapsed - loaded > FRESH_FOR.total_seconds() or clock.elapsed > RUN_FOR:
                break
            _deliver(parcel, line, clock, done)


def _deliver(parcel: Parcel | Unwanted, line: Line, clock: _Clock, done: Sent) -> None:
    if isinstance(parcel, Unwanted):
        done.skipped += _skip(parcel)
        return
    try:
        message = parcel.compose()
    except Exception as error:
        # A mail that cannot be written must not keep the others waiting.
        logger.exception("The mail of delivery %s could not be written", parcel.delivery.pk)
        done.refused += _fail(parcel, f"It could not be written: {error}")
        return
    claimed_at = clock.now
    if not _claim(parcel, claimed_at):
        return
    try:
        outcome = line.send(message)
    except LineDown:
        _put_back(parcel.delivery, claimed_at)
        raise
    _note(parcel.delivery, claimed_at, outcome, clock.now, done)


def _claim(parcel: Parcel, at: dt.datetime) -> bool:
    """Take the row for this process, if it still waits and the mail still says what holds.

    One statement checks it all: a story taken off the site, changed, closed or due to change
    meanwhile, a picture of it blocked, a reader who left, a faster worker: the row stays, and the
    next look reads it anew.
    """
    story = PublishedArticle.objects.live(at).filter(
        pk=parcel.story.pk, version=parcel.story.version
    )
    if not parcel.text.is_due:
        story = story.filter(Q(next_at=None) | Q(next_at__gt=at))
    reader = User.objects.filter(
        pk=parcel.delivery.reader_id, is_active=True, wants_story_mail=True
    )
    pictures = Image.objects.filter(pk__in=parcel.text.pictures)
    return bool(
        _waiting(parcel.delivery)
        .filter(Exists(story), Exists(reader))
        .exclude(Exists(pictures.exclude(allowing(Use.MAIL, at))))
        .update(state=Delivery.State.SENDING, claimed_at=at)
    )


def _skip(parcel: Unwanted) -> int:
    return _waiting(parcel.delivery).update(state=Delivery.State.SKIPPED, error=parcel.why)


def _fail(parcel: Parcel, words: str) -> int:
    return _waiting(parcel.delivery).update(state=Delivery.State.FAILED, error=words[:300])


def _waiting(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUEUED)


def _held(delivery: Delivery, claimed_at: dt.datetime) -> QuerySet[Delivery]:
    """The row, if it is still this claim's. One given up as unknown may still be answered."""
    return Delivery.objects.filter(
        pk=delivery.pk,
        claimed_at=claimed_at,
        state__in=[Delivery.State.SENDING, Delivery.State.UNKNOWN],
    )


def _put_back(delivery: Delivery, claimed_at: dt.datetime) -> None:
    _held(delivery, claimed_at).update(state=Delivery.State.QUEUED, claimed_at=None)


def _note(
    delivery: Delivery, claimed_at: dt.datetime, outcome: Outcome, at: dt.datetime, done: Sent
) -> None:
    held, words = _held(delivery, claimed_at), outcome.words[:300]
    attempts = delivery.attempts + 1
    match outcome.verdict:
        case Verdict.SENT:
            held.update(state=Delivery.State.SENT, sent_at=at, attempts=attempts, error="")
            done.sent += 1
        case Verdict.LATER if attempts <= len(PAUSES):
            held.update(
                state=Delivery.State.QUEUED,
                attempts=attempts,
                claimed_at=None,
                not_before=at + PAUSES[attempts - 1],
                error=words,
            )
            done.later += 1
        case Verdict.LATER | Verdict.REFUSED:
            held.update(state=Delivery.State.FAILED, attempts=attempts, error=words)
            done.refused += 1
        case Verdict.UNKNOWN:
            held.update(state=Delivery.State.UNKNOWN, attempts=attempts, error=words)
            done.unknown += 1


def _is_resting(at: dt.datetime) -> bool:
    rest = cache.get(_REST_KEY)
    return rest is not None and at.timestamp() < rest["until"]


def _rest(at: dt.datetime, words: str) -> None:
    """Leave the mail server alone for a while; every mail waits, none has lost an attempt."""
    before = cache.get(_REST_KEY)
    seconds = min(before["seconds"] * 2, _REST_MOST) if before else _REST_FIRST
    rest = {"until": at.timestamp() + seconds, "seconds": seconds}
    cache.set(_REST_KEY, rest, timeout=2 * _REST_MOST)
    logger.warning("No mails for %s s: %s", seconds, words)


def _end_rest() -> None:
    if cache.get(_REST_KEY) is not None:
        cache.delete(_REST_KEY)
