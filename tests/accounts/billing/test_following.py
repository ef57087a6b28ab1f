"""Whatever comes in whatever order, access is what the provider's value makes it by the rules.

A subscription at the provider changes at random; its notices come twice, late, in any order; two
workers fetch and write in any order, claims run out between. Whenever our rows have caught up,
access is the reference's, then and at every later moment while nothing changes.
"""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts import entitlements
from accounts.billing import claims, following, inbox
from accounts.billing.provider import Invoice, Notice, Snapshot, Status
from accounts.models import Customer, Mirror, MoneyMail, Payment, ProviderPrice, Subscription
from tests import cast
from tests.accounts.billing.paying import make_price

DAY = dt.timedelta(days=1)
MONTH = 30 * DAY
SUB = "sub_1"


@dataclass
class Theirs:
    """The subscription at the provider, and what the rules make of it."""

    started_at: dt.datetime
    trial: dt.timedelta
    period_ends_at: dt.datetime
    status: Status = Status.INCOMPLETE
    ends_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    failed_at: dt.datetime | None = None
    is_paused: bool = False
    resumes_at: dt.datetime | None = None
    paid: list[Invoice] = field(default_factory=list)

    def opens(self, at):
        """The reference: rules §8, read from the value as it is."""
        if self.status is Status.INCOMPLETE or at < self.started_at:
            return False
        if self.ended_at is not None and self.ended_at <= at:
            return False
        if self.paid and (self.paid[0].refunded_at or self.paid[0].disputed_at):
            return False
        if self.status is Status.UNPAID:
            return False
        if self.is_paused and (self.resumes_at is None or at < self.resumes_at):
            return False
        if self.failed_at is not None:
            return at < self.failed_at + 7 * DAY
        if self.ends_at is not None:
            return at < self.ends_at
        late = DAY if self.status is Status.ACTIVE else 0 * DAY
        return at < self.period_ends_at + late

    def snapshot(self):
        return Snapshot(
            id=SUB,
            customer_id="cus_1",
            reader="",
            price_id="price_1",
            status=self.status,
            started_at=self.started_at,
            period_ends_at=self.period_ends_at,
            ends_at=self.ends_at,
            ended_at=self.ended_at,
            failed_at=self.failed_at,
            is_paused=self.is_paused,
            resumes_at=self.resumes_at,
            paid=tuple(self.paid),
        )


class Following(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        user = cast.make_user()
        Customer.objects.create(user=user, provider="far", provider_id="cus_1")
        ProviderPrice.objects.create(price=make_price(), provider="far", provider_id="price_1")
        self.user = user
        self.now = timezone.now() + DAY
        self.theirs = Theirs(self.now, 7 * DAY, self.now + 7 * DAY)
        self.notices = []
        self.in_flight = []
        self.number = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def changed(self):
        self.number += 1
        self.notices.append(
            Notice(f"evt_{self.number}", "subscription.updated", self.now, SUB, SUB, {})
        )

    # --- At the provider

    @initialize(begins=st.sampled_from(["paid", "trial", "not yet"]))
    def begins(self, begins):
        if begins == "trial":
            self.theirs.status = Status.TRIALING
        elif begins == "paid":
            self.pays()
        self.changed()

    @rule(
        what=st.sampled_from(["pays", "fails", "gives_up", "cancels", "pauses", "goes_back"]),
        is_told_of=st.booleans(),
    )
    def changes(self, what, is_told_of):
        """One of what may happen to a subscription, if it may happen to this one now."""
        if self.theirs.status is not Status.CANCELED:
            getattr(self, what)()
            self.changed()
        if is_told_of:
            self.all_is_worked_off()

    def pays(self):
        self.theirs.status, self.theirs.failed_at = Status.ACTIVE, None
        self.theirs.period_ends_at = self.now + MONTH
        paid = Invoice(f"in_{len(self.theirs.paid)}", "N", 800, "usd", self.now)
        self.theirs.paid.insert(0, paid)

    def fails(self):
        if self.theirs.status in {Status.TRIALING, Status.ACTIVE} and not self.theirs.ends_at:
            self.theirs.status, self.theirs.failed_at = Status.PAST_DUE, self.now
            self.theirs.period_ends_at = self.now + MONTH

    def gives_up(self):
        if self.theirs.status is Status.PAST_DUE:
            self.theirs.status = Status.UNPAID

    def cancels(self):
        """Or takes it back."""
        if self.theirs.status in {Status.TRIALING, Status.ACTIVE}:
            self.theirs.ends_at = None if self.theirs.ends_at else self.theirs.period_ends_at

    def pauses(self):
        """For ever, for a week, or goes on."""
        self.theirs.is_paused = not self.theirs.is_paused or self.theirs.resumes_at is None
        is_for_a_week = self.theirs.is_paused and self.theirs.resumes_at is None
        self.theirs.resumes_at = self.now + 7 * DAY if is_for_a_week and self.number % 3 else None

    def goes_back(self):
        """A refund, a dispute, or a dispute that was won."""
        if not self.theirs.paid:
            return
        last = self.theirs.paid[0]
        if self.number % 2:
            back = replace(last, refunded=last.amount, refunded_at=self.now)
        else:
            back = replace(last, disputed_at=None if last.disputed_at else self.now)
        self.theirs.paid[0] = back

    @precondition(lambda self: self.number > 12)
    @rule()
    def ends(self):
        self.theirs.status, self.theirs.ended_at = Status.CANCELED, self.now
        self.theirs.failed_at = None
        self.changed()

    # --- On the way, and at our workers

    @rule(hours=st.sampled_from([1, 23, 24, 24 * 6, 24 * 8, 24 * 31]))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)

    @precondition(lambda self: self.notices)
    @rule(data=st.data(), comes_again=st.booleans())
    def a_notice_comes(self, data, comes_again):
        number = data.draw(st.integers(0, len(self.notices) - 1))
        inbox.take("far", self.notices[number])
        if not comes_again:
            del self.notices[number]

    @rule()
    def a_worker_fetches(self):
        for claim in claims.take("far", self.now, limit=1):
            self.in_flight.append((claim, self.theirs.snapshot()))

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data())
    def a_worker_writes(self, data):
        number = data.draw(st.integers(0, len(self.in_flight) - 1))
        claim, snapshot = self.in_flight.pop(number)
        following.follow(claim, snapshot, at=self.now)

    @rule(
        what=st.sampled_from(["pays", "fails", "cancels", "goes_back"]), is_overtaken=st.booleans()
    )
    def a_worker_is_slow(self, what, is_overtaken):
        """It fetched; then things changed and the notice came; another one may have been faster."""
        self.changed()
        while self.notices:
            inbox.take("far", self.notices.pop())
        self.now += claims.LEASE + dt.timedelta(seconds=1)
        fetched = [
            (claim, self.theirs.snapshot()) for claim in claims.take("far", self.now, limit=1)
        ]
        self.changes(what, is_told_of=is_overtaken)
        while self.notices:
            inbox.take("far", self.notices.pop())
        for claim, snapshot in fetched:
            following.follow(claim, snapshot, at=self.now)

    @rule()
    def all_is_worked_off(self):
        """Every notice arrives, every claim runs out or is written, and nothing is left."""
        while self.notices:
            inbox.take("far", self.notices.pop())
        self.now += claims.LEASE + dt.timedelta(seconds=1)
        for claim in claims.take("far", self.now, limit=9):
            following.follow(claim, self.theirs.snapshot(), at=self.now)
        assert not claims.behind("far", self.now).exists()

    @invariant()
    def access_is_the_reference(self):
        if self.notices or Mirror.objects.filter(done__lt=F("wanted")).exists():
            return
        grants = entitlements.grants_of(Subscription.objects.filter(user=self.user))
        for later in (0, 1, 6.99, 7, 8, 29, 30, 31, 32, 80):
            at = self.now + later * DAY
            ours = any(grant.covers(at) for grant in grants)
            assert ours is self.theirs.opens(at), (later, self.theirs)

    @invariant()
    def rows_are_there_once(self):
        assert Subscription.objects.filter(user=self.user).count() <= 1
        told = list(MoneyMail.objects.values_list("kind", "about"))
        assert len(told) == len(set(told))
        known = set(Payment.objects.values_list("invoice_id", flat=True))
        assert known <= {invoice.id for invoice in self.theirs.paid}


@pytest.mark.django_db
def test_access_follows_the_provider_whatever_the_order():
    run_state_machine_as_test(
        Following,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
