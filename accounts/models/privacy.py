"""Changes of address, copies of what is kept, closed accounts, and addresses left alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class EmailChange(models.Model):
    """A reader asked for another address: waiting, confirmed, or stopped by the former one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="email_changes")
    old_email = models.EmailField()
    new_email = models.EmailField()
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Stopped while it waited, replaced by a newer one, or put back after it was confirmed.
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at=None, stopped_at=None),
                name="email_change_one_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"Change of address {self.pk}"


class Export(models.Model):
    """A copy of all that is kept about a reader: asked for, then made, then gone again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=64, blank=True, help_text="Random name; empty until made.")
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(made_at=None), name="export_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(made_at=None, file="") | (Q(made_at__isnull=False) & ~Q(file="")),
                name="export_made_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"Export {self.pk}"


class Closing(models.Model):
    """An account closed by its owner, to be erased unless they bring it back."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="closing")
    closed_at = models.DateTimeField(default=timezone.now)
    erase_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erase_at__gt=models.F("closed_at")), name="closing_leaves_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Closing {self.pk}"


class Suppressed(models.Model):
    """An erased account's address, as a keyed hash: no import starts mails to it again."""

    address_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "suppressed addresses"

    def __str__(self) -> str:
        return f"Suppressed address {self.pk}"
