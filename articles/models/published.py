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
    One whose ``live_from`` lies ahead of a live story is its queued update: at most one is open.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON.")
    live_from = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The desk's revision with these words, and the version that stood when it was queued: what a
    # later publication is merged over.
    revision = models.PositiveIntegerField(default=0)
    queued_on = models.PositiveIntegerField(null=True, blank=True)
    promoted_at = models.DateTimeField(null=True, blank=True)
    tells_readers = models.BooleanField(default=False, help_text="The change matters to readers.")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Its content was erased by ``articles.proof.erasure``; hash and link stay.
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    erased_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        indexes = [
            # Read by the start page: what is to go out, among very many that went out at once.
            models.Index(
                fields=["live_from"],
                condition=Q(live_from__gt=F("created_at")),
                name="version_ahead_idx",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(queued_on__isnull=False, promoted_at=None, withdrawn_at=None),
                name="version_one_update_waits",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, erased_reason="")
                | (Q(erased_at__isnull=False) & ~Q(erased_reason="")),
                name="version_erased_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("created_at")),
                name="version_withdrawn_after_made",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class PublishedQuerySet(models.QuerySet["PublishedArticle"]):
    def live(self, at: dt.datetime) -> Self:
        """Stories a reader may see at ``at`` (aware): not withdrawn, and their time has come."""
        still_on = Q(off_at=None) | Q(off_at__gt=at)
        return self.filter(still_on, withdrawn_at=None, published_at__lte=at)

    def on_fronts(self, at: dt.datetime) -> Self:
        """Live stories that the front page and the newest lists show: none from the archive."""
        return self.live(at).filter(archived_at=None)

    def retracted(self) -> Self:
        """Stories taken back for good: their address says so, and nothing else shows them."""
        return self.exclude(retracted_at=None)

    def indexed(self) -> Self:
        """Stories that the search index holds, whatever their times: a search asks for those."""
        return self.filter(withdrawn_at=None)

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
    corrections = models.JSONField(
        default=list,
        help_text='[{"id", "kind", "text", "at", "is_withheld"}], newest first; see corrections.py',
    )

    access = models.CharField(max_length=12, choices=Access)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(help_text="When these words went out, for caches and feeds.")
    # When the queued update is due: from then until the worker promotes it, pages take the due
    # version, and feeds, search and mail give less.
    next_at = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True, help_text="When it leaves the site by itself.")
    embargo_until = models.DateTimeField(null=True)
    # What follows a first publication or a take-off was done (event, purge); set by one claim.
    settled_at = models.DateTimeField(null=True)

    withdrawn_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True, help_text="Public with a notice, off the fronts.")

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
            models.CheckConstraint(
                condition=Q(embargo_until__isnull=True)
                | Q(published_at__gte=F("embargo_until"))
                | Q(withdrawn_at__isnull=False),
                name="public_not_before_embargo",
            ),
            models.CheckConstraint(
                condition=Q(off_at__isnull=True) | Q(off_at__gt=F("published_at")),
                name="public_off_after_published",
            ),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True) | Q(withdrawn_at__isnull=False),
                name="public_retracted_is_withdrawn",
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
            # Read by the front page for the opinion pieces: few, among many stories of a month.
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(withdrawn_at=None, kind="opinion"),
                name="public_opinion_idx",
            ),
            # Read by the list of sitemaps: the latest changes.
            models.Index(
                F("changed_at").desc(),
                F("id").desc(),
                condition=Q(withdrawn_at=None),
                name="public_changed_idx",
            ),
            # Read by the desk's list: what left the site, and what stands in the archive.
            models.Index(
                fields=["withdrawn_at"],
                condition=Q(withdrawn_at__isnull=False),
                name="public_withdrawn_idx",
            ),
            models.Index(
                fields=["archived_at"],
                condition=Q(archived_at__isnull=False),
                name="public_archived_idx",
            ),
            # Read by the worker every two seconds: what has come due.
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="public_next_idx"
            ),
            models.Index(
                fields=["off_at"],
                condition=Q(off_at__isnull=False, withdrawn_at=None),
                name="public_off_idx",
            ),
            models.Index(
                fields=["published_at"], condition=Q(settled_at=None), name="public_unsettled_idx"
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
