"""Mails about stories: one row for each reader and story, whatever happens to the worker."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Announcement


class Delivery(models.Model):
    """One mail to one reader about one story."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        # The worker died between handing the mail over and noting it: only a person decides.
        UNKNOWN = "unknown", "Sent or not: unknown"
        FAILED = "failed", "Refused by the mail server"
        SKIPPED = "skipped", "No longer wanted"

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="deliveries")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now, help_text="Back-off after a failure.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "reader"], name="delivery_once"),
        ]
        indexes = [
            # Read by the worker every few seconds.
            models.Index(
                fields=["not_before"], condition=Q(state="queued"), name="delivery_queued_idx"
            ),
            # Read by the worker every minute: rows of workers that died.
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="delivery_sending_idx"
            ),
            # Read by the desk: what waits for a person's decision.
            models.Index(
                fields=["state", "-id"],
                condition=Q(state__in=["unknown", "failed"]),
                name="delivery_to_decide_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk}"
