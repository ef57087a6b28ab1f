"""Who has a story's form open, and words that were posted after the session had ended."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.article import Article


class Presence(models.Model):
    """One open form: a person, in one tab of a browser. It never locks anything (rules §3)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    tab = models.CharField(max_length=36)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    is_writing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "tab"], name="presence_tab_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in story {self.article_id}"


class KeptPost(models.Model):
    """A form that was posted after its writer's session had ended: theirs alone, for an hour."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The story, or the form in which a new one was begun.
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    begun_as = models.UUIDField(null=True)
    content = models.JSONField()
    base = models.PositiveIntegerField(null=True)
    tab = models.CharField(max_length=36, blank=True)
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            # Whatever is posted again and again takes one place.
            models.UniqueConstraint(fields=["user", "article"], name="kept_post_story_once"),
            models.UniqueConstraint(fields=["user", "begun_as"], name="kept_post_new_story_once"),
            models.CheckConstraint(
                condition=Q(article__isnull=False) ^ Q(begun_as__isnull=False),
                name="kept_post_is_of_one_story",
            ),
        ]

    def __str__(self) -> str:
        return f"Posted by {self.user}"
