"""What the payment provider knows of a reader, what it told us, and what was paid."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.plans import Price, Subscription


class Customer(models.Model):
    """A reader as the provider knows them. The newest one is used; merged accounts have several."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="customers")
    provider = models.CharField(max_length=12)
    provider_id = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="customer_once"),
        ]

    def __str__(self) -> str:
        return self.provider_id


class ProviderPrice(models.Model):
    """What a price is called at the provider."""

    price = models.ForeignKey(Price, models.PROTECT, related_name="at_providers")
    provider = models.CharField(max_length=12)
    provider_id = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["price", "provider"], name="provider_price_once"),
            models.UniqueConstraint(
                fields=["provider", "provider_id"], name="provider_price_names_one"
            ),
        ]

    def __str__(self) -> str:
        return self.provider_id


class Checkout(models.Model):
    """A reader on the way to paying: one open at a time, so that two tabs cannot pay twice."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="checkouts")
    price = models.ForeignKey(Price, models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session_id = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="open"), name="checkout_one_open"
            ),
            models.UniqueConstraint(
                fields=["provider", "session_id"],
                condition=~Q(session_id=""),
                name="checkout_session_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price} ({self.state})"


class ProviderEvent(models.Model):
    """A notice of the provider, kept once by its id, cut to ids and amounts."""

    provider = models.CharField(max_length=12)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    about = models.CharField(max_length=120)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class Mirror(models.Model):
    """One thing at the provider that our rows follow, and whether they do.

    ``wanted`` counts the notices of it, ``done`` how many of them our rows have caught up with. A
    worker that fetches it holds the claim; one that lost it meanwhile writes nothing.
    """

    provider = models.CharField(max_length=12)
    object_id = models.CharField(max_length=120)
    wanted = models.PositiveIntegerField(default=1)
    done = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "object_id"], name="mirror_once"),
            models.CheckConstraint(condition=Q(done__lte=F("wanted")), name="mirror_not_ahead"),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(done__lt=F("wanted")), name="mirror_behind_idx"
            ),
        ]

    def __str__(self) -> str:
        return self.object_id


class Payment(models.Model):
    """An invoice that was paid, one row each. Kept by law, without the reader if need be."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="payments"
    )
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, related_name="payments"
    )
    provider = models.CharField(max_length=12)
    invoice_id = models.CharField(max_length=120)
    number = models.CharField("invoice number", max_length=80)
    amount = models.PositiveIntegerField(help_text="In the currency’s smallest unit.")
    currency = models.CharField(max_length=3)
    paid_at = models.DateTimeField()
    refunded = models.PositiveIntegerField(default=0)
    refunded_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-paid_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "invoice_id"], name="payment_once"),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("amount")), name="payment_refund_at_most_all"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MoneyMail(models.Model):
    """A mail about money that is due once: to whom, which one, about what."""

    class Kind(models.TextChoices):
        STARTED = "started", "A subscription began"
        RECEIPT = "receipt", "Receipt"
        FAILED = "failed", "A payment failed"
        FAILED_AGAIN = "failed_again", "A payment is still open"
        LAST_CALL = "last_call", "Access ends for want of a payment"
        TRIAL_ENDS = "trial_ends", "A trial ends soon"
        RENEWS = "renews", "A year is renewed soon"
        CANCELLED = "cancelled", "Cancelled"
        RESUMED = "resumed", "Goes on after all"
        CHANGED = "changed", "Another plan"
        ENDED = "ended", "Ended"
        REFUNDED = "refunded", "Money given back"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Not sent: it no longer held"
        UNKNOWN = "unknown", "Begun; nobody knows whether it went out"

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=16, choices=Kind)
    about = models.CharField(max_length=120, help_text="The invoice or date it is about.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "kind", "about"], name="money_mail_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state="waiting"), name="money_mail_waits_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
