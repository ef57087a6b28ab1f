"""Whom a reader follows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Author, Section


class Follow(models.Model):
    """A reader wants to hear of each new story of one author or one section."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    author = models.ForeignKey(Author, models.CASCADE, null=True, blank=True, related_name="+")
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=False, section__isnull=True)
                | Q(author__isnull=True, section__isnull=False),
                name="follow_one_thing",
            ),
            models.UniqueConstraint(
                fields=["author", "user"],
                condition=Q(author__isnull=False),
                name="follow_author_once",
            ),
            models.UniqueConstraint(
                fields=["section", "user"],
                condition=Q(section__isnull=False),
                name="follow_section_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.author or self.section}"
