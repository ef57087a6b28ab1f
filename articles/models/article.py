"""The working copy of a story: what the desk writes and readers never see."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from articles.models.images import Image
from articles.models.people import Author
from articles.models.taxonomy import Section, Topic

TAKEAWAY_LENGTH = 300
SHORT_HEADLINE_LENGTH = 70


class Kind(models.TextChoices):
    """What a story is; it sets the type in the structured data."""

    NEWS = "news", "News"
    ANALYSIS = "analysis", "Analysis"
    OPINION = "opinion", "Opinion"
    EXPLAINER = "explainer", "Explainer"


class Access(models.TextChoices):
    """Who may read a story whole (rules §5)."""

    FREE = "free", "Free: everyone"
    REGISTERED = "registered", "Registered: anyone signed in"
    METERED = "metered", "Metered: some each month, then subscribers"
    PREMIUM = "premium", "Premium: subscribers"


class Work(models.TextChoices):
    """Where the working copy stands at the desk (rules §1, the work axis)."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes asked"
    APPROVED = "approved", "Approved"


# One value, and not two that are compared: of its values PostgreSQL keeps statistics (a migration
# says so), and knows that few are above nothing.
AHEAD = Q(GreaterThan(F("head") - F("public_revision"), 0))
"""Saved since readers saw it last."""
IN_HAND = Q(work__in=["in_review", "changes_requested", "approved"])
"""Stories that somebody is to take the next step with: the part of them that an index holds."""


class Prominence(models.TextChoices):
    """Where the front page puts a story. A lead falls back after 24 hours."""

    LEAD = "lead", "Lead"
    SECOND = "second", "Second"
    NORMAL = "normal", "Normal"


class Article(models.Model):
    """The desk's copy of a story. Saved by ``articles.desk``, made public by ``publishing``."""

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.NEWS)
    headline = models.CharField(max_length=200, blank=True)
    short_headline = models.CharField(
        max_length=SHORT_HEADLINE_LENGTH, blank=True, help_text="For cards and social tags."
    )
    standfirst = models.CharField(max_length=400, blank=True)
    slug = models.SlugField("address", max_length=100, blank=True)
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True)
    dateline = models.CharField(max_length=80, blank=True, help_text="Where it was written.")
    language = models.CharField(max_length=12, default="en")
    prominence = models.CharField(max_length=8, choices=Prominence, default=Prominence.NORMAL)

    body = models.TextField(blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")

    lead_image = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, verbose_name="lead picture", related_name="+"
    )
    lead_caption = models.CharField(
        "caption in this story", max_length=600, blank=True, help_text="Empty: the library's."
    )
    lead_alt = models.CharField(
        "alt text in this story", max_length=500, blank=True, help_text="Empty: the library's."
    )

    access = models.CharField(max_length=12, choices=Access, default=Access.FREE)
    takeaways_open = models.BooleanField(
        "takeaways are free", default=False, help_text="Show them to readers without access, too."
    )
    internal_note = models.TextField(
        blank=True, help_text="For the desk only; never leaves the newsroom."
    )

    # --- The work axis, moved by ``articles.desk.workflow`` only. ---
    work = models.CharField(max_length=20, choices=Work, default=Work.DRAFT, editable=False)
    work_since = models.DateTimeField(default=timezone.now, editable=False)
    work_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    work_note = models.TextField(
        blank=True, editable=False, help_text="What was asked or said with the last step."
    )
    # The revision that was approved last. It stays when a later change voids the approval, so that
    # publishing can tell "never approved" from "changed after it was approved".
    approved_revision = models.PositiveIntegerField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(
        "due", null=True, blank=True, editable=False, help_text="When the desk wants it."
    )

    # --- Nothing of the story leaves the newsroom before; kept by ``articles.publishing``. ---
    embargo_until = models.DateTimeField(null=True, blank=True, editable=False)
    embargo_source = models.CharField(max_length=200, blank=True, editable=False)
    embargo_reason = models.CharField(max_length=500, blank=True, editable=False)

    # The revision of its public row, if it has one: so that lists find what was never published,
    # or was changed since, without reading every story. Kept by ``articles.publishing``.
    public_revision = models.PositiveIntegerField(null=True, blank=True, editable=False)

    # A draft in the bin is deleted after 30 days.
    binned_at = models.DateTimeField(null=True, blank=True, editable=False)
    binned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    # Number of the newest kept revision: what a form began from, checked before it is saved.
    head = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    saved_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    # The form in which it was begun: of an autosave and a save of one form, one makes the story.
    begun_as = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = "story"
        verbose_name_plural = "stories"
        ordering = ["-saved_at", "-id"]
        permissions = [
            ("change_own_article", "Can change stories they wrote"),
            ("publish_article", "Can publish and unpublish stories"),
            ("approve_article", "Can approve stories and ask for changes"),
            ("correct_article", "Can correct published stories"),
            ("retract_article", "Can retract stories for good"),
            ("lift_embargo", "Can lift an embargo early"),
            ("read_archive", "Can read what was public, and what was retracted"),
            ("erase_version", "Can erase the content of a published version"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind_known"),
            models.CheckConstraint(
                condition=Q(access__in=Access.values), name="article_access_known"
            ),
            models.CheckConstraint(
                condition=Q(prominence__in=Prominence.values), name="article_prominence_known"
            ),
            models.CheckConstraint(condition=Q(work__in=Work.values), name="article_work_known"),
            # An approval belongs to a revision, and to no later one.
            models.CheckConstraint(
                condition=~Q(work="approved") | Q(approved_revision=F("head")),
                name="article_approval_is_of_the_head",
            ),
            models.CheckConstraint(
                condition=Q(embargo_until__isnull=False) | Q(embargo_source="", embargo_reason=""),
                name="article_embargo_has_a_time",
            ),
        ]
        indexes = [
            # Read by the start page and the calendar.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="article_due_idx"
            ),
            # Read by the start page: what waits for the desk.
            models.Index(
                fields=["work", "-work_since"],
                condition=IN_HAND,
                name="article_work_idx",
            ),
            # Read by the list of stories, filtered by where they stand on the site.
            models.Index(
                fields=["-saved_at", "-id"],
                condition=Q(public_revision=None),
                name="article_never_public_idx",
            ),
            models.Index(
                fields=["-saved_at", "-id"],
                condition=AHEAD,
                name="article_ahead_idx",
            ),
            # Read by the job that empties the bin.
            models.Index(
                fields=["binned_at"], condition=Q(binned_at__isnull=False), name="article_bin_idx"
            ),
        ]

    def __str__(self) -> str:
        return self.headline or "Story without a headline"


class Row(models.Model):
    """An ordered row of a story.

    ``uid`` is made where the row is (a browser, too) and stays with it however often the rows are
    written anew: two people's rows are matched by it.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class Byline(Row):
    """One name above a story, in order."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, related_name="bylines")
    role = models.CharField(
        max_length=60, blank=True, help_text="As Additional reporting. Empty: written by."
    )

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "uid"], name="byline_uid_once"),
            models.UniqueConstraint(
                fields=["article", "author"],
                name="byline_author_once",
                violation_error_message="This author is already in the byline.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.author)


class Takeaway(Row):
    """One key point of a story: a label and a sentence or two."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="takeaways")
    label = models.CharField(max_length=80, blank=True)
    # Longer text may be kept, not published: nothing typed is lost.
    text = models.TextField(blank=True)

    class Meta(Row.Meta):
        verbose_name = "key takeaway"
        constraints = [
            models.UniqueConstraint(fields=["article", "uid"], name="takeaway_uid_once"),
        ]

    def __str__(self) -> str:
        return self.label or self.text[:60]


class Source(Row):
    """One article reference: where a reader can check what the story says."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="sources")
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=150, blank=True)
    url = models.URLField("address", max_length=600, blank=True)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "uid"], name="source_uid_once"),
        ]

    def __str__(self) -> str:
        return self.title
