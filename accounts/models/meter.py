"""What readers opened of the metered stories."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models import Article


class Opening(models.Model):
    """A reader opened a metered story: it stays open for the period, and counts once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="openings")
    # The calendar month in the newsroom's zone, as 2026-03.
    period = models.CharField(max_length=7)
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "period", "article"], name="opening_counts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} opened {self.article_id} in {self.period}"
