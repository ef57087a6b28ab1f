"""How often stories are read: numbers by the hour, and the order made of them."""

from django.db import models
from django.db.models import Q

from articles.models.article import Article
from articles.models.published import PublishedArticle


class HourlyReads(models.Model):
    """The reads of one story in the hour that begins at ``hour_at``: added to all the time."""

    hour_at = models.DateTimeField()
    # Without a constraint in the database: a count that comes in after its story was deleted must
    # not stop all others. It joins to nothing, and is gone in a week.
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="hourly_reads", db_constraint=False
    )
    reads = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "hourly reads"
        constraints = [
            # Also what the roll-up walks: the rows of its hours, however many stories there are.
            models.UniqueConstraint(fields=["hour_at", "article"], name="reads_once_an_hour"),
            models.CheckConstraint(condition=Q(reads__gt=0), name="reads_are_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.reads}"


class MostRead(models.Model):
    """A place in the list of the most read stories, 1 the first. Written by the roll-up alone."""

    rank = models.PositiveSmallIntegerField(unique=True)
    published = models.OneToOneField(PublishedArticle, models.CASCADE, related_name="most_read")

    class Meta:
        verbose_name_plural = "most read"
        ordering = ["rank"]

    def __str__(self) -> str:
        return f"{self.rank}: {self.published_id}"
