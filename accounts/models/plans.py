"""Plans, and the dated grants by which readers hold them (rules §8)."""

from babel.numbers import list_currencies
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.money import shown

DEFAULT_DEVICE_LIMIT = 5
MOST_DEVICES = 50
LONGEST_TRIAL = 365


class Plan(models.Model):
    """What the newsroom offers. All plans grant the one entitlement, premium."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField("address", max_length=80, unique=True)
    description = models.CharField(max_length=300, blank=True)
    device_limit = models.PositiveSmallIntegerField(
        default=DEFAULT_DEVICE_LIMIT,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DEVICES)],
        help_text="Devices signed in at once. Lowering it throws nobody out.",
    )
    is_offered = models.BooleanField(
        "offered", default=True, help_text="Shown on the page of plans."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(device_limit__gte=1, device_limit__lte=MOST_DEVICES),
                name="plan_device_limit_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def validate_currency(code: str) -> None:
    """Refuse what is no currency of ISO 4217 in use."""
    if code not in list_currencies():
        raise ValidationError("Name the currency by its three letters, as USD or EUR.")


class Price(models.Model):
    """What a plan costs for one interval in one currency. Changed prices are for new readers."""

    class Interval(models.TextChoices):
        MONTH = "month", "Month"
        YEAR = "year", "Year"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="prices")
    interval = models.CharField(max_length=8, choices=Interval)
    currency = models.CharField(
        max_length=3, validators=[validate_currency], help_text="ISO 4217, as USD or EUR."
    )
    amount = models.PositiveIntegerField(
        validators=[MinValueValidator(1)],
        help_text="In the currency’s smallest unit: 400 is $4, and 400 is ¥400.",
    )
    trial_days = models.PositiveSmallIntegerField(
        "trial, days",
        default=0,
        validators=[MaxValueValidator(LONGEST_TRIAL)],
        help_text="Free at the beginning. 0: none.",
    )
    is_offered = models.BooleanField("offered", default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "interval", "currency"],
                condition=Q(is_offered=True),
                name="price_offered_once",
                violation_error_message="This plan has a price for that interval and currency.",
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="price_costs_something"),
            models.CheckConstraint(
                condition=Q(trial_days__lte=LONGEST_TRIAL), name="price_trial_sane"
            ),
            models.CheckConstraint(
                condition=Q(interval__in=["month", "year"]), name="price_interval_known"
            ),
        ]

    def __str__(self) -> str:
        return self.in_words("en")

    def in_words(self, language: str) -> str:
        """``$8.00 a month``, the sum as ``language`` writes it."""
        return f"{shown(self.amount, self.currency, language=language)} a {self.interval}"


class Subscription(models.Model):
    """A dated grant of a plan to a reader. Access follows the dates, not a label."""

    class Kind(models.TextChoices):
        TRIAL = "trial", "Trial"
        PAID = "paid", "Paid"
        COMP = "comp", "Complimentary"

    class Ending(models.TextChoices):
        OVER = "over", "Over at the payment provider"
        REFUNDED = "refunded", "Refunded"
        DISPUTED = "disputed", "The payment is disputed"
        BY_DESK = "by_desk", "Ended by the desk"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="subscriptions")
    kind = models.CharField(max_length=8, choices=Kind)

    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty only for an open-ended complimentary one."
    )
    # Cancelled: runs on until ``ends_at`` and is not renewed.
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # Ended early: access stops here, whatever ``ends_at`` says.
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=Ending, blank=True)

    # A payment failed and is open since; and the provider has given up on it since.
    failed_at = models.DateTimeField(null=True, blank=True)
    unpaid_at = models.DateTimeField(null=True, blank=True)
    # Paused: nothing is read until ``resumes_at``, or until the provider says so.
    paused_at = models.DateTimeField(null=True, blank=True)
    resumes_at = models.DateTimeField(null=True, blank=True)

    # Empty for what the desk gave.
    provider = models.CharField(max_length=12, blank=True, editable=False)
    provider_id = models.CharField(max_length=80, blank=True, editable=False)
    price = models.ForeignKey(
        Price, models.PROTECT, null=True, blank=True, editable=False, related_name="subscriptions"
    )
    # What it changes to when the paid period ends.
    next_price = models.ForeignKey(
        Price, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    reference = models.CharField(
        "reference of the payment",
        max_length=80,
        blank=True,
        help_text="For one that was paid without us, as the number of a bank transfer.",
    )
    reason = models.CharField(max_length=300, help_text="Why it was given, for the desk.")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="subscription_ends_after_start",
                violation_error_message="It must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=False) | Q(kind="comp"),
                name="subscription_only_comps_open_ended",
                violation_error_message="Only a complimentary subscription may have no end.",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="subscription_has_a_reason"),
            models.UniqueConstraint(
                fields=["provider", "provider_id"],
                condition=~Q(provider_id=""),
                name="subscription_at_provider_once",
            ),
            models.CheckConstraint(
                condition=Q(provider="", provider_id="") | (~Q(provider="") & ~Q(provider_id="")),
                name="subscription_provider_with_id",
            ),
            models.CheckConstraint(
                condition=Q(ending="") | Q(ended_at__isnull=False),
                name="subscription_ending_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["user", "ends_at"], name="subscription_user_idx")]

    def __str__(self) -> str:
        return f"{self.plan} ({self.get_kind_display()})"


class DeviceOverride(models.Model):
    """Another number of devices for one reader, with a reason and an end."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="device_override"
    )
    limit = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DEVICES)]
    )
    reason = models.CharField(max_length=300)
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit__gte=1, limit__lte=MOST_DEVICES), name="override_limit_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.limit} devices until {self.until:%Y-%m-%d}"
