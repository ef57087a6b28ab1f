"""What was put right in public: corrections, clarifications, updates, retractions (rules §10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.article import Article


class Correction(models.Model):
    """One public note about a published story. Append-only; written by ``articles.publishing``."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        UPDATE = "update", "Update"
        RETRACTION = "retraction", "Retraction"

    # These stand above the story, the others below it.
    AT_THE_TOP = (Kind.CORRECTION, Kind.RETRACTION)

    article = models.ForeignKey(Article, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.CORRECTION)
    text = models.TextField(max_length=2000, help_text="What was wrong, and what is right.")
    # The paragraph as it reads now (plain words), which carries the mark; empty: the whole story.
    paragraph = models.TextField(blank=True)
    old_words = models.TextField(blank=True)
    new_words = models.TextField(blank=True)
    quotes_withheld = models.BooleanField(
        "quotes the part behind the cut",
        default=False,
        help_text="Then only those who may read the story whole see its words.",
    )
    at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    signature = models.CharField(max_length=200, blank=True, help_text="As printed.")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["correction", "clarification", "update", "retraction"]),
                name="correction_kind_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="correction_says_something"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(kind="retraction"), name="correction_retracts_once"
            ),
        ]
        indexes = [
            # Read by /corrections/ and its feed.
            models.Index(fields=["-at", "-id"], name="correction_newest_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
