"""What was written and what was done: kept for good."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.article import Article


class Revision(models.Model):
    """A whole working copy as it was saved: all fields and ordered rows as JSON."""

    class Reason(models.TextChoices):
        SAVE = "save", "Saved"
        PUBLISH = "publish", "Published"
        CONFLICT = "conflict", "Kept from a conflict"

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.SAVE)
    content = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="revision_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number}"


class Event(models.Model):
    """One act, append-only: who did what to what, when and why."""

    class Kind(models.TextChoices):
        PUBLISHED = "published", "Published"
        CHANGES_PUBLISHED = "changes_published", "Published changes"
        UNPUBLISHED = "unpublished", "Unpublished"
        MOVED = "moved", "Moved to another address"
        CHANGED = "changed", "Changed"
        PLAN_GIVEN = "plan_given", "Gave a plan"
        PLAN_EXTENDED = "plan_extended", "Extended a plan"
        PLAN_ENDED = "plan_ended", "Ended a plan"
        DEVICES_CHANGED = "devices_changed", "Changed the number of devices"
        MAIL_SENT_AGAIN = "mail_sent_again", "Sent a mail again"

    kind = models.CharField(max_length=24, choices=Kind)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200, blank=True)
    # What it was done to: a plain name and key, so that the row outlives its object. Readers are
    # named by their random id only.
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    target_name = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-at"], name="event_target_idx")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.target_name}"
