"""Old addresses of stories."""

from django.db import models

from articles.models.article import Article


class Redirect(models.Model):
    """An address a story once had. It points at the story, so there is never a chain."""

    path = models.CharField(max_length=200, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="redirects")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.path
