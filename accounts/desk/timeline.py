"""What happened to a reader, newest first: rows and events in one list, a page at a time."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404

from accounts.models import Delivery, Device, MoneyMail, Note, Payment, Subscription, User
from accounts.money import shown
from articles.desk import log
from articles.models import Event

MOST = 30
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
# Microseconds until the year 2286, the number of a source, the number of a row.
_CURSOR = re.compile(r"(\d{1,16})-(\d{1,2})-(\d{1,18})")
# Numbers of rows, which tell a person nothing.
_NUMBERS = {"subscription", "note", "delivery", "article", "other", "kept"}
_SAID_BY_PROVIDER = (
    *("ends_at", "cancelled_at", "ended_at", "failed_at", "unpaid_at"),
    *("paused_at", "resumes_at"),
)
# Devices tell of the sign-ins of staff and readers alike.
_TOLD_BY_DEVICES = [Event.Kind.SIGNED_IN, Event.Kind.SIGNED_OUT]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; ``kind`` is "alert" for what needs a look."""

    at: dt.datetime
    what: str
    who: str = ""
    more: str = ""
    kind: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Entries newest first; ``older`` names the next page, and is empty on the last."""

    entries: list[Entry]
    older: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    """Rows of one kind, each at its time, and their words."""

    rows: Callable[[User], QuerySet[Any]]
    at: str
    entry: Callable[[Any], Entry]


def page_of(reader: User, *, with_notes: bool, before: str = "") -> Page:
    """What happened to ``reader``, from what ``before`` names on. Raises ``Http404``.

    At most one query for each source, and ``MOST`` entries, however much happened.
    """
    last = _position(before) if before else None
    found = []
    for number, source in enumerate(_SOURCES):
        if source is _NOTES and not with_notes:
            continue
        for row in _slice(source, number, reader, last):
            found.append((row.timeline_at, number, row.pk, source.entry(row)))
    found.sort(key=lambda each: each[:3], reverse=True)
    older = _cursor(*found[MOST - 1][:3]) if len(found) > MOST else ""
    return Page([entry for *_, entry in found[:MOST]], older)


def _slice(
    source: _Source, number: int, reader: User, last: tuple[dt.datetime, int, int] | None
) -> QuerySet[Any]:
    rows = source.rows(reader).filter(**{f"{source.at}__isnull": False})
    rows = rows.annotate(timeline_at=F(source.at))
    if last is not None:
        at, its_number, pk = last
        earlier = Q(timeline_at__lt=at)
        if number < its_number:
            earlier |= Q(timeline_at=at)
        elif number == its_number:
            earlier |= Q(timeline_at=at, pk__lt=pk)
        rows = rows.filter(earlier)
    newest: QuerySet[Any] = rows.order_by(f"-{source.at}", "-pk")[: MOST + 1]
    return newest


def _cursor(at: dt.datetime, number: int, pk: int) -> str:
    return f"{(at - _EPOCH) // _MICROSECOND}-{number}-{pk}"


def _position(cursor: str) -> tuple[dt.datetime, int, int]:
    found = _CURSOR.fullmatch(cursor) if cursor.isascii() else None
    if found is None:
        raise Http404
    microseconds, number, pk = map(int, found.groups())
    return _EPOCH + microseconds * _MICROSECOND, number, pk


def _event(event: Event) -> Entry:
    if event.kind == Event.Kind.PROVIDER_CHANGED:
        return _at_provider(event)
    told = log.entry(event)
    facts = log.facts({name: said for name, said in event.details.items() if name not in _NUMBERS})
    return Entry(told.at, told.what, who=told.who, more=told.note, facts=facts)


def _at_provider(event: Event) -> Entry:
    """What the provider said: what is set of it, and red where money failed."""
    told = {name: event.details.get(name) for name in _SAID_BY_PROVIDER}
    failed = any(told[name] for name in ("failed_at", "unpaid_at"))
    return Entry(
        event.at.replace(microsecond=0),
        event.note,
        more=str(event.details.get("plan", "")),
        kind="alert" if failed else "",
        facts=log.facts({name: value for name, value in told.items() if value}),
    )


def _began(row: Subscription) -> Entry:
    return Entry(row.created_at, f"Subscribed to {row.plan}", more=row.get_kind_display())


def _paid(row: Payment) -> Entry:
    return Entry(
        row.paid_at, f"Paid {shown(row.amount, row.currency)}", more=f"Invoice {row.number}"
    )


def _refunded(row: Payment) -> Entry:
    assert row.refunded_at is not None  # noqa: S101 - such rows only
    what = f"Refunded {shown(row.refunded, row.currency)}"
    return Entry(row.refunded_at, what, more=f"Invoice {row.number}")


def _disputed(row: Payment) -> Entry:
    assert row.disputed_at is not None  # noqa: S101 - such rows only
    what = f"Disputed {shown(row.amount, row.currency)}"
    return Entry(row.disputed_at, what, more=f"Invoice {row.number}", kind="alert")


def _signed_in(row: Device) -> Entry:
    return Entry(row.created_at, f"Signed in on {row.name}", more=row.place)


def _signed_out(row: Device) -> Entry:
    assert row.ended_at is not None  # noqa: S101 - such rows only
    from_where = f" (from {row.ended_from})" if row.ended_from else ""
    more = f"{row.get_ending_display()}{from_where}"
    return Entry(row.ended_at, f"{row.name} signed out", more=more)


def _story_mail(row: Delivery) -> Entry:
    assert row.sent_at is not None  # noqa: S101 - such rows only
    return Entry(row.sent_at, "Mail about a story", more=f"“{row.announcement.article.headline}”")


def _money_mail(row: MoneyMail) -> Entry:
    assert row.sent_at is not None  # noqa: S101 - such rows only
    return Entry(row.sent_at, f"Mail: {row.get_kind_display()}", more=str(row.subscription.plan))


def _note(row: Note) -> Entry:
    writer = row.written_by.get_full_name() if row.written_by else ""
    return Entry(row.written_at, "Note", who=writer, more=row.text)


_NOTES = _Source(
    lambda reader: Note.objects.filter(user=reader).select_related("written_by"),
    "written_at",
    _note,
)
_SOURCES = (
    _Source(
        lambda reader: User.objects.filter(pk=reader.pk),
        "date_joined",
        lambda user: Entry(user.date_joined, "Signed up"),
    ),
    # What the desk gave, and what the provider said, is told by events.
    _Source(
        lambda reader: reader.subscriptions.filter(given_by=None, provider="").select_related(
            "plan"
        ),
        "created_at",
        _began,
    ),
    _Source(lambda reader: Payment.objects.filter(user=reader), "paid_at", _paid),
    _Source(lambda reader: Payment.objects.filter(user=reader), "refunded_at", _refunded),
    _Source(lambda reader: Payment.objects.filter(user=reader), "disputed_at", _disputed),
    _Source(lambda reader: reader.devices.all(), "created_at", _signed_in),
    _Source(lambda reader: reader.devices.all(), "ended_at", _signed_out),
    _Source(
        lambda reader: reader.deliveries.select_related("announcement__article"),
        "sent_at",
        _story_mail,
    ),
    _Source(
        lambda reader: MoneyMail.objects.filter(subscription__user=reader).select_related(
            "subscription__plan"
        ),
        "sent_at",
        _money_mail,
    ),
    _NOTES,
    _Source(
        lambda reader: Event.objects.filter(
            target_kind="reader", target_id=str(reader.public_id)
        ).exclude(kind__in=[*_TOLD_BY_DEVICES, Event.Kind.NOTE_LEFT]),
        "at",
        _event,
    ),
)
