"""Complimentary subscriptions without an end: the desk is asked once a month whether they go on."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from accounts import meter, times
from accounts.desk import letters, states
from accounts.models import DeskReport, Subscription, User
from accounts.publication import publication

NAME = "open-ended"
GROUP = "Subscriptions desk"
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One of them. The mail names no reader: it outlives what the reader may have erased."""

    plan: str
    since: str
    reason: str
    url: str


def found(at: dt.datetime) -> QuerySet[Subscription]:
    """All of them at ``at``, the oldest first."""
    return Subscription.objects.filter(states.open_ended(at)).order_by("starts_at", "pk")


def report_monthly(at: dt.datetime | None = None) -> None:
    """Once in a calendar month of the newsroom have the desk written to."""
    now = at or timezone.now()
    period = meter.period_of(now, publication().zone_info)
    with transaction.atomic():
        # The row is the claim: of several workers one makes it.
        _, is_new = DeskReport.objects.get_or_create(name=NAME, period=period)
        if not is_new or not found(now).exists():
            return
        for person in _desk():
            send.enqueue(person.pk)


@task()
def send(person_id: int) -> None:
    """Write to one person of the desk."""
    person = _desk().filter(pk=person_id).first()
    if person is None:
        return
    rows = found(timezone.now()).select_related("plan", "user")
    facts = {
        "count": rows.count(),
        "lines": [_line(row) for row in rows[:MOST_LINES]],
        "list_url": settings.SITE_URL
        + reverse("admin:accounts_subscription_changelist")
        + "?ends=never",
    }
    letters.write("open_ended", to=person.email, reader=person, **facts).send()


def _desk() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_staff=True, groups__name=GROUP).order_by("pk")


def _line(row: Subscription) -> Line:
    return Line(
        plan=row.plan.name,
        since=times.day(row.starts_at, publication().zone_info),
        reason=row.reason,
        url=settings.SITE_URL
        + reverse("admin:accounts_user_by_public_id", args=[row.user.public_id]),
    )
