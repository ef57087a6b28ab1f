"""Previews for people outside the newsroom: who was given a link, and when it was opened."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models.article import Article


class PreviewLink(models.Model):
    """An address that shows one unpublished story to whoever has it, until it ends.

    The key itself is shown once and kept nowhere: only its SHA-256 is. Written by
    ``articles.desk.sharing`` only.
    """

    class View(models.TextChoices):
        WHOLE = "subscriber", "The whole story"
        FREE_PART = "anonymous", "What anyone may read"

    article = models.ForeignKey(Article, models.CASCADE, related_name="preview_links")
    key_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField("for whom", max_length=120)
    as_reader = models.CharField(max_length=12, choices=View, default=View.WHOLE)
    # Made by someone who may lift embargoes: it opens while one is open, too.
    survives_embargo = models.BooleanField(default=False)

    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(as_reader__in=["subscriber", "anonymous"]),
                name="preview_link_view_known",
            ),
            models.CheckConstraint(condition=~Q(label=""), name="preview_link_is_for_someone"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="preview_link_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"Preview for {self.label}"


class PreviewVisit(models.Model):
    """One opening of a shared preview. No address of the visitor's network is kept."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="visits")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    browser = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.browser}"
