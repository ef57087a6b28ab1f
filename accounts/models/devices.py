"""The browsers a reader is signed in on (rules §7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Device(models.Model):
    """A browser profile holding one of its reader's slots, until it is ended."""

    class Ending(models.TextChoices):
        SIGNED_OUT = "signed_out", "Signed out here"
        SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere", "Signed out from another device"
        REPLACED = "replaced", "Chosen to make room for another device"
        UNSEEN = "unseen", "Unseen for too long; another device took its place"
        BY_THE_DESK = "by_the_desk", "Signed out by the subscriptions desk"
        PASSWORD_CHANGED = "password_changed", "The password was changed"
        ADDRESS_PUT_BACK = "address_put_back", "The former e-mail address was put back"
        CLOSED = "closed", "The account was closed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64, help_text="SHA-256 of the cookie's random key.")
    slot = models.PositiveSmallIntegerField(help_text="Lowest free number from 1.")
    name = models.CharField(max_length=120, help_text="As Firefox on Windows.")
    place = models.CharField(max_length=120, blank=True, help_text="Rough, or empty.")

    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=24, choices=Ending, blank=True)
    ended_from = models.CharField(
        max_length=120, blank=True, help_text="Name of the device that ended it."
    )

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [
            # The last guard of the limit; the lock and the count come before it.
            models.UniqueConstraint(
                fields=["user", "slot"], condition=Q(ended_at=None), name="device_slot_once"
            ),
            models.UniqueConstraint(
                fields=["user", "key_hash"], condition=Q(ended_at=None), name="device_key_once"
            ),
            models.CheckConstraint(condition=Q(slot__gte=1), name="device_slot_from_one"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="device_ending_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name
