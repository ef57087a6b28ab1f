"""The picture library: one row a picture, with who made it and what we may do with it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.photos.metadata.values import moment
from articles.photos.names import original_path, rendition_name


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

    file = models.FileField(upload_to=original_path, max_length=200)
    original_name = models.CharField(max_length=255, blank=True, editable=False)
    format = models.CharField(max_length=8, choices=Format, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
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
        max_length=300, blank=True, help_text="What allows us to print it, as Staff or CC BY 4.0."
    )

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
        permissions = [("change_own_image", "Can change pictures they uploaded")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_decorative=False) | Q(alt_text=""),
                name="image_decorative_has_no_alt",
                violation_error_message=(
                    "A decorative picture has no alt text: clear one of the two."
                ),
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="image_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.caption[:80] or self.original_name or f"Picture {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The public file carries the rights, so its name follows them: a corrected credit is a
        # new file under a new address, never an old one from somebody's cache.
        self.rendition_name = rendition_name(
            content_hash=self.content_hash,
            rights=[self.creator, self.credit, self.copyright_notice, self.licence],
            salt=str(self.file.name),
        )
        update_fields = kwargs.get("update_fields")
        if update_fields is not None:
            kwargs["update_fields"] = {*update_fields, "rendition_name"}
        super().save(*args, **kwargs)
