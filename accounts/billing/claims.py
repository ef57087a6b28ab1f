"""Who looks at what: a claim on a row that is behind, for seconds, and lost when they are over.

A worker fetches outside of any transaction. When it comes back, it may write only if the claim
still stands: a slow one must not overwrite what a faster one has written meanwhile.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from accounts.models import Mirror

LEASE = dt.timedelta(seconds=6)
"""Longer than the provider is given for an answer; after it a killed worker's work is free."""

PAUSES = tuple(dt.timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 5, 15, 60, 300, 1800))
"""The pause after each failure in a row; the last is kept for all that follow."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write what ``object_id`` is like. ``wanted``: the notices it answers."""

    pk: int
    token: str
    provider: str
    object_id: str
    wanted: int


def behind(provider: str, at: dt.datetime) -> QuerySet[Mirror]:
    """What is to be looked at, and nobody does, at ``at`` (aware)."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    return Mirror.objects.filter(free, provider=provider, done__lt=F("wanted"), not_before__lte=at)


def take(provider: str, at: dt.datetime, *, limit: int) -> list[Claim]:
    """Claim up to ``limit`` rows, those that wait longest first."""
    if limit < 1:
        return []
    found = behind(provider, at).order_by("not_before").values_list("pk", flat=True)
    claims = (_claim(behind(provider, at).filter(pk=pk), at) for pk in list(found[:limit]))
    return [claim for claim in claims if claim is not None]


def take_one(provider: str, object_id: str, at: dt.datetime) -> Claim | None:
    """Claim ``object_id``, pause or not; None while somebody else holds it."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    rows = Mirror.objects.filter(free, provider=provider, object_id=object_id)
    return _claim(rows, at)


def settle(claim: Claim, at: dt.datetime) -> bool:
    """In the transaction that writes: give the claim back as done. Out: False if it was lost."""
    return bool(
        _held(claim).update(
            done=claim.wanted,
            claim="",
            claimed_until=None,
            failures=0,
            error="",
            fetched_at=at,
        )
    )


def put_off(claim: Claim, why: str, at: dt.datetime) -> None:
    """Give it back undone, to be tried again after a pause."""
    row = _held(claim).first()
    if row is None:
        return
    pause = PAUSES[min(row.failures, len(PAUSES) - 1)]
    _held(claim).update(
        claim="",
        claimed_until=None,
        failures=min(row.failures + 1, 30_000),
        error=why[:300],
        not_before=at + pause,
    )


def note(claim: Claim, why: str, at: dt.datetime) -> None:
    """Give it back as done, with a word for whoever looks: there is nothing to follow."""
    _held(claim).update(
        done=claim.wanted,
        claim="",
        claimed_until=None,
        failures=0,
        error=why[:300],
        fetched_at=at,
    )


def _claim(rows: QuerySet[Mirror], at: dt.datetime) -> Claim | None:
    token = secrets.token_hex(16)
    if not rows.update(claim=token, claimed_until=at + LEASE):
        return None
    row = Mirror.objects.filter(claim=token).first()
    if row is None:
        return None
    return Claim(
        pk=row.pk,
        token=token,
        provider=row.provider,
        object_id=row.object_id,
        wanted=row.wanted,
    )


def _held(claim: Claim) -> QuerySet[Mirror]:
    return Mirror.objects.filter(pk=claim.pk, claim=claim.token)
