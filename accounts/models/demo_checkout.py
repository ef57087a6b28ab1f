"""The rows of the test checkout: what a real provider would keep at its place. Demo only."""

from django.db import models
from django.utils import timezone


class DemoSession(models.Model):
    """A checkout that waits to be paid, or was."""

    session_id = models.CharField(max_length=80, unique=True)
    customer_id = models.CharField(max_length=80)
    reader = models.CharField(max_length=40)
    price_id = models.CharField(max_length=80)
    trial_days = models.PositiveSmallIntegerField(default=0)
    success_url = models.URLField(max_length=500)
    cancel_url = models.URLField(max_length=500)
    expires_at = models.DateTimeField()
    subscription_id = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.session_id


class DemoSubscription(models.Model):
    """A subscription for which no money moves. Its periods follow from the clock."""

    subscription_id = models.CharField(max_length=80, unique=True)
    customer_id = models.CharField(max_length=80)
    reader = models.CharField(max_length=40)
    price_id = models.CharField(max_length=80)
    started_at = models.DateTimeField(default=timezone.now)
    # Where its present periods are counted from: the end of the trial, the last change of price.
    anchor_at = models.DateTimeField(default=timezone.now)
    next_price_id = models.CharField(max_length=80, blank=True)
    next_from = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Payments due after this moment fail.
    declines_from = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.subscription_id
