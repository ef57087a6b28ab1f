"""What readers get. Written by ``articles.publishing`` only, read only through ``live(at)``."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models.article import Access, Article, Kind, Prominence
from articles.models.images import Image
from articles.models.people import Author
from articles.models.taxonomy import Section, Topic


class PublishedVersion(models.Model):
    """Everything that was public from one moment on: append-only, with the hash of its content.

    Live at ``t`` = not withdrawn by then, ``live_from <= t``, greatest (``live_from``, number).
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON.")
    live_from = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("live_from")),
                name="version_withdrawn_after_live",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class PublishedQuerySet(models.QuerySet["PublishedArticle"]):
    def live(self, at: dt.datetime) -> Self:
        """Stories a reader may see at ``at`` (aware): not withdrawn, and their time has come."""
        return self.filter(withdrawn_at=None, published_at__lte=at)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-id")


class PublishedArticle(models.Model):
    """The words now public: one row a story. Pictures, people and topics are kept by id."""

    article = models.OneToOneField(Article, models.PROTECT, related_name="published")
    path = models.CharField(max_length=200, unique=True)
    version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=0, help_text="The revision with these words.")

    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=12)
    dateline = models.CharField(max_length=80, blank=True)
    headline = models.CharField(max_length=200)
    short_headline = models.CharField(max_length=70, blank=True)
    standfirst = models.CharField(max_length=400, blank=True)
    prominence = models.CharField(max_length=8, choices=Prominence)
    prominent_since = models.DateTimeField()

    # Figures and tickers are references in both texts; see ``articles.body``.
    body_html = models.TextField()
    teaser_html = models.TextField()
    word_count = models.PositiveIntegerField()
    lead_image = models.ForeignKey(Image, models.PROTECT, null=True, related_name="+")
    lead_caption = models.CharField(max_length=600, blank=True)
    lead_alt = models.CharField(max_length=500, blank=True)
    byline = models.JSONField(help_text='[{"author": id, "name": as printed, "role": …}]')
    takeaways = models.JSONField(help_text='[{"label": …, "text": …}]')
    takeaways_open = models.BooleanField(default=False)
    sources = models.JSONField(help_text='[{"title": …, "publisher": …, "url": …}]')

    access = models.CharField(max_length=12, choices=Access)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(help_text="When these words went out, for caches and feeds.")
    next_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(access__in=Access.values), name="public_access_known"
            ),
            models.CheckConstraint(
                condition=Q(updated_at__isnull=True) | Q(updated_at__gte=F("published_at")),
                name="public_updated_after_published",
            ),
        ]
        indexes = [
            # Read by the front page, /latest/ and the feeds.
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(withdrawn_at=None),
                name="public_latest_idx",
            ),
            # Read by the front page for the lead and the seconds.
            models.Index(
                F("prominent_since").desc(),
                condition=Q(withdrawn_at=None) & ~Q(prominence="normal"),
                name="public_prominent_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return self.path


class Listing(models.Model):
    """A narrow row behind a list: the time is copied, so a page of keys never reads stories."""

    published = models.ForeignKey(PublishedArticle, models.CASCADE, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        abstract = True


class SectionListing(Listing):
    section = models.ForeignKey(Section, models.PROTECT, related_name="listings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published"], name="section_listing_once"),
        ]
        indexes = [
            models.Index(
                "section", F("published_at").desc(), F("published").desc(), name="section_list_idx"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section_id}: {self.published_id}"


class AuthorListing(Listing):
    author = models.ForeignKey(Author, models.PROTECT, related_name="listings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published", "author"], name="author_listing_once"),
        ]
        indexes = [
            models.Index(
                "author", F("published_at").desc(), F("published").desc(), name="author_list_idx"
            )
        ]

    def __str__(self) -> str:
        return f"{self.author_id}: {self.published_id}"


class TopicListing(Listing):
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="listings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published", "topic"], name="topic_listing_once"),
        ]
        indexes = [
            models.Index(
                "topic", F("published_at").desc(), F("published").desc(), name="topic_list_idx"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.published_id}"


class Announcement(models.Model):
    """A story is out: one row a story, due at its publication, claimed by the worker."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="announcement")
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Read by the worker every few seconds.
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="announcement_due_idx"),
        ]

    def __str__(self) -> str:
        return f"Announcement of {self.article_id}"
