"""What the subscriptions desk writes: notes about readers, accounts made one, reports sent."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

LONGEST_NOTE = 2000


class Note(models.Model):
    """What somebody at the desk wrote down about a reader. Personal data: it goes with them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes")
    text = models.TextField(max_length=LONGEST_NOTE)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"


class Merger(models.Model):
    """Two accounts of one person were made one: what the emptied one had is with the kept one."""

    emptied = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="merged_into"
    )
    kept = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="merged_from")
    merged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(emptied=F("kept")), name="merger_of_two_accounts"),
        ]

    def __str__(self) -> str:
        return f"{self.emptied_id} into {self.kept_id}"


class DeskReport(models.Model):
    """A report that went to the subscriptions desk: each once for its month."""

    name = models.CharField(max_length=40)
    # The calendar month in the newsroom's zone, as 2026-03.
    period = models.CharField(max_length=7)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "period"], name="desk_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.period}"
