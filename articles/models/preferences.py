"""What a person of the desk chose for themselves."""

from django.conf import settings
from django.db import models


class DeskPreference(models.Model):
    """The switches of one person: which notices of the desk reach them by mail."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_preference"
    )
    mail_on_submitted = models.BooleanField("a story is sent to the desk", default=True)
    mail_on_picture = models.BooleanField("a picture is blocked, or its licence ends", default=True)
    mail_on_answer = models.BooleanField(
        "a story of mine is approved, or changes are asked for", default=True
    )

    class Meta:
        # Each person keeps their own, on their own page.
        default_permissions = ()

    def __str__(self) -> str:
        return f"Notices of {self.user_id}"
