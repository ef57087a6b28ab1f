"""The working copy of a story: what the desk writes and readers never see."""

from django.conf import settings
from django.db import models
from django.db.models import Q
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
    PREMIUM = "premium", "Premium: subscribers"


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

    class Meta:
        verbose_name = "story"
        verbose_name_plural = "stories"
        ordering = ["-saved_at", "-id"]
        permissions = [
            ("change_own_article", "Can change stories they wrote"),
            ("publish_article", "Can publish and unpublish stories"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind_known"),
            models.CheckConstraint(
                condition=Q(access__in=Access.values), name="article_access_known"
            ),
            models.CheckConstraint(
                condition=Q(prominence__in=Prominence.values), name="article_prominence_known"
            ),
        ]

    def __str__(self) -> str:
        return self.headline or "Story without a headline"


class Byline(models.Model):
    """One name above a story, in order."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, related_name="bylines")
    role = models.CharField(
        max_length=60, blank=True, help_text="As Additional reporting. Empty: written by."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="byline_author_once",
                violation_error_message="This author is already in the byline.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.author)


class Takeaway(models.Model):
    """One key point of a story: a label and a sentence or two."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="takeaways")
    label = models.CharField(max_length=80, blank=True)
    # Longer text may be kept, not published: nothing typed is lost.
    text = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "key takeaway"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label or self.text[:60]


class Source(models.Model):
    """One article reference: where a reader can check what the story says."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="sources")
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=150, blank=True)
    url = models.URLField("address", max_length=600, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
