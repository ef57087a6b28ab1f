"""The publication's own facts and plain pages, kept in the admin."""

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from articles import addresses


def validate_zone(name: str) -> None:
    """Refuse a time zone that the IANA database does not know."""
    if name not in available_timezones():
        raise ValidationError("Choose a zone by its IANA name, as America/New_York.")


# What one cookie holds, see accounts.openings_cookie.
MOST_METERED = 40


class Publication(models.Model):
    """The one row of facts about this site: exactly one, enforced by the database."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=80, default="Newsroom")
    place = models.CharField(
        max_length=80, blank=True, help_text="The newsroom's town, in the masthead."
    )
    zone = models.CharField(
        "time zone",
        max_length=60,
        default="UTC",
        validators=[validate_zone],
        help_text="IANA name, as America/New_York. Dates in addresses and pages follow it.",
    )
    language = models.CharField(max_length=12, default="en")
    rights_note = models.CharField(
        max_length=300,
        blank=True,
        default="All copyrighted images used with permission of the respective owners.",
        help_text="Shown with every story.",
    )
    contact_email = models.EmailField(blank=True)
    contact_address = models.TextField(blank=True, max_length=500)
    meter_anonymous = models.PositiveSmallIntegerField(
        "metered stories without an account",
        default=3,
        validators=[MaxValueValidator(MOST_METERED)],
        help_text="How many a visitor may open each calendar month. 0: none.",
    )
    meter_registered = models.PositiveSmallIntegerField(
        "metered stories with an account",
        default=5,
        validators=[MaxValueValidator(MOST_METERED)],
        help_text="How many a signed-in reader may open each calendar month.",
    )
    allows_ai_crawlers = models.BooleanField(
        "open to crawlers that train models",
        default=False,
        help_text="Otherwise robots.txt asks GPTBot, CCBot and their like to stay away.",
    )
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="With the longitude: shows the temperature in the masthead. Empty: off.",
    )
    longitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )

    class Meta:
        verbose_name = "publication"
        verbose_name_plural = "publication"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="publication_is_one"),
            models.CheckConstraint(
                condition=Q(meter_anonymous__lte=MOST_METERED, meter_registered__lte=MOST_METERED),
                name="publication_meter_sane",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="publication_both_coordinates",
                violation_error_message="Give both coordinates, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class PlainPage(models.Model):
    """A page outside the news, as About or Privacy."""

    title = models.CharField(max_length=120)
    slug = models.SlugField("address", max_length=60, unique=True)
    body = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in the footer.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "plain page"
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return addresses.of_slug("articles:page", self.slug)
