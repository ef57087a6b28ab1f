"""The picture library: one row a picture, with who made it and what we may do with it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.photos.licences import CC_CHOICES
from articles.photos.metadata.values import moment
from articles.photos.names import original_path, rendition_name
from articles.photos.search_words import search_text

# What the public file says of itself, and nothing else (standards §4).
CARRIED = (
    "creator",
    "credit",
    "copyright_notice",
    "web_statement",
    "licensor_url",
    "digital_source_type",
    "data_mining",
)


def validate_moment(text: str) -> None:
    """Refuse what is no date, or one that is written in another way than ours."""
    if moment(text) != text:
        raise ValidationError("Write the date as 2026-03-14, or 2026-03 or 2026.", code="date")


class Image(models.Model):
    """An original and its rights. Words placed with it in a story belong to the story."""

    class Format(models.TextChoices):
        JPEG = "jpeg", "JPEG"
        PNG = "png", "PNG"
        WEBP = "webp", "WebP"
        AVIF = "avif", "AVIF"
        GIF = "gif", "GIF"

    class Licence(models.TextChoices):
        OWN = "own", "Our own"
        STAFF = "staff", "Staff photographer"
        AGENCY = "agency", "Agency"
        COMMISSIONED = "commissioned", "Commissioned"
        HANDOUT = "handout", "Handout"
        CC = "cc", "Creative Commons"
        PUBLIC_DOMAIN = "public_domain", "Public domain"
        PERMISSION = "permission", "With permission"

    file = models.FileField(upload_to=original_path, max_length=200)
    original_name = models.CharField(max_length=255, blank=True, editable=False)
    format = models.CharField(max_length=8, choices=Format, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    frames = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="More than one: it moves."
    )
    colour = models.CharField(
        max_length=7,
        blank=True,
        editable=False,
        help_text="Its average, as #8899aa, or clear; empty until its public files are made.",
    )
    content_hash = models.CharField(
        max_length=64, editable=False, db_index=True, help_text="SHA-256 of the original's bytes."
    )
    rendition_name = models.CharField(max_length=40, unique=True, editable=False)

    creator = models.CharField(
        max_length=200, blank=True, help_text="Who took or drew it, as Ana Duarte."
    )
    credit = models.CharField(
        max_length=300,
        blank=True,
        help_text="Printed beside the picture, as Ana Duarte / Meridian Pictures.",
    )
    source = models.CharField(max_length=200, blank=True, help_text="Who supplied it.")
    copyright_notice = models.CharField("copyright", max_length=300, blank=True)
    licence = models.CharField(
        max_length=16, blank=True, choices=Licence, help_text="What allows us to print it."
    )
    cc_licence = models.CharField(
        "which one", max_length=16, blank=True, choices=CC_CHOICES, help_text="With its version."
    )
    licence_terms = models.CharField(
        "terms",
        max_length=300,
        blank=True,
        help_text="What else was agreed, as One use, not on covers.",
    )
    licence_starts = models.DateTimeField(
        null=True, blank=True, help_text="The picture is shown nowhere before. Empty: at once."
    )
    licence_ends = models.DateTimeField(
        null=True, blank=True, help_text="The picture goes at this moment. Empty: never."
    )
    on_web = models.BooleanField(
        "web", default=True, help_text="Pages, lists and feeds of this site."
    )
    on_social = models.BooleanField(
        "social", default=True, help_text="The card that networks show of a story."
    )
    in_mail = models.BooleanField("mail", default=True, help_text="Alerts and newsletters.")

    web_statement = models.URLField(
        "rights on the web",
        max_length=500,
        blank=True,
        help_text="The page that says what the rights are.",
    )
    licensor_url = models.URLField(
        "licensor’s page",
        max_length=500,
        blank=True,
        help_text="Where a licence can be had.",
    )
    data_mining = models.CharField(
        max_length=200, blank=True, help_text="What its owner lets machines do with it."
    )
    digital_source_type = models.CharField("how it was made", max_length=200, blank=True)
    date_created = models.CharField(
        "made on",
        max_length=40,
        blank=True,
        validators=[validate_moment],
        help_text="As exactly as it is known: 2026, 2026-03 or 2026-03-14T09:30+01:00.",
    )

    caption = models.CharField(max_length=600, blank=True)
    alt_text = models.CharField(
        "alt text",
        max_length=500,
        blank=True,
        help_text="What the picture shows, for people who cannot see it.",
    )
    alt_text_reviewed = models.BooleanField(
        default=True,
        editable=False,
        help_text="Not so for an alt text from the file, until a person has seen it.",
    )
    is_decorative = models.BooleanField(
        "decorative", default=False, help_text="It says nothing that the text does not."
    )

    focal_x = models.PositiveSmallIntegerField(
        "across", default=50, help_text="Percent from the left: crops keep this place."
    )
    focal_y = models.PositiveSmallIntegerField(
        "down", default=50, help_text="Percent from the top: crops keep this place."
    )
    section = models.ForeignKey(
        "articles.Section",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where the library files it.",
    )

    blocked_at = models.DateTimeField(null=True, blank=True, editable=False)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    block_reason = models.CharField(max_length=300, blank=True, editable=False)
    warned_of_end = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The end that the desk was told of."
    )
    withdrawn_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When its public files were removed, blocked or at the end of its licence.",
    )

    file_metadata = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What the file said on its arrival, by property: value, source and all sources.",
    )
    unreadable_metadata = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        help_text="What of it could not be read: xmp, iim, exif, file; with spaces between.",
    )

    search_text = models.TextField(
        blank=True, editable=False, help_text="All words of it and of its file, in small letters."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = "picture"
        ordering = ["-created_at", "-id"]
        permissions = [
            ("change_own_image", "Can change pictures they uploaded"),
            ("block_image", "Can block a picture everywhere, and let it go again"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="image_newest_first"),
            models.Index(fields=["creator"], name="image_creator"),
            models.Index(
                fields=["licence_ends"],
                name="image_soonest_end",
                condition=Q(licence_ends__isnull=False),
            ),
            models.Index(
                fields=["licence_starts"],
                name="image_soonest_start",
                condition=Q(licence_starts__isnull=False),
            ),
            models.Index(
                fields=["blocked_at"], name="image_blocked", condition=Q(blocked_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_decorative=False) | Q(alt_text=""),
                name="image_decorative_has_no_alt",
                violation_error_message=(
                    "A decorative picture has no alt text: clear one of the two."
                ),
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="image_has_a_size"),
            models.CheckConstraint(
                condition=Q(licence="cc") ^ Q(cc_licence=""),
                name="image_cc_says_which",
                violation_error_message=(
                    "Creative Commons has several licences: choose which one, and only then."
                ),
            ),
            models.CheckConstraint(
                condition=Q(licence_starts=None)
                | Q(licence_ends=None)
                | Q(licence_starts__lt=models.F("licence_ends")),
                name="image_licence_ends_after_its_start",
                violation_error_message="The licence must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_inside"
            ),
            models.CheckConstraint(
                condition=Q(blocked_at=None) ^ ~Q(block_reason=""),
                name="image_blocked_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.caption[:80] or self.original_name or f"Picture {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The public file carries the rights, so its name follows them: a corrected credit is a
        # new file under a new address, never an old one from somebody's cache.
        self.rendition_name = rendition_name(
            content_hash=self.content_hash,
            rights=self.carried().values(),
            focus=(self.focal_x, self.focal_y),
            salt=str(self.file.name),
        )
        self.search_text = search_text(self)
        update_fields = kwargs.get("update_fields")
        if update_fields is not None:
            kwargs["update_fields"] = {*update_fields, "rendition_name", "search_text"}
        super().save(*args, **kwargs)

    def carried(self) -> dict[str, str]:
        """What its public files say of it, by field."""
        return {field: str(getattr(self, field)) for field in CARRIED}


class FormerFile(models.Model):
    """An original that was replaced: nothing is lost, and what was shown can be proven."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="former_files")
    file = models.FileField(max_length=200)
    original_name = models.CharField(max_length=255, blank=True)
    format = models.CharField(max_length=8, choices=Image.Format)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    file_metadata = models.JSONField(default=dict)
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return self.original_name or f"Former file {self.pk}"


class FormerName(models.Model):
    """A public name that leads nowhere any more: its files are gone, and stay gone (410)."""

    name = models.CharField(max_length=40, primary_key=True)
    retired_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
