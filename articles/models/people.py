"""The journalists whose names stand above stories."""

from django.conf import settings
from django.db import models

from articles import addresses
from articles.models.images import Image


class Author(models.Model):
    """A byline with a page of its own, public from the first live story."""

    name = models.CharField(max_length=120)
    slug = models.SlugField("address", max_length=120, unique=True)
    role = models.CharField(max_length=120, blank=True, help_text="As Technology correspondent.")
    bio = models.TextField(blank=True, max_length=2000)
    portrait = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="portrait_of"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        help_text="The account this person writes with.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of_slug("articles:author", self.slug)


class AuthorLink(models.Model):
    """Where else a reader finds this author."""

    author = models.ForeignKey(Author, models.CASCADE, related_name="links")
    label = models.CharField(max_length=60)
    url = models.URLField("address", max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "link"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label
