"""How stories are ordered: the one section of each, and its topics."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from articles import addresses
from articles.addresses import is_reserved


def validate_section_slug(slug: str) -> None:
    """Refuse a section address that already leads elsewhere, as /search/ or /2025/ do."""
    if is_reserved(slug):
        raise ValidationError(
            "The site already uses /%(slug)s/ for something else. Choose another address.",
            code="reserved",
            params={"slug": slug},
        )


class Section(models.Model):
    """A part of the paper, as World or Markets. Every published story stands in exactly one."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        "address", max_length=60, unique=True, validators=[validate_section_slug]
    )
    description = models.CharField(max_length=300, blank=True)

    position = models.PositiveSmallIntegerField(
        default=0, help_text="Order in the menu and on the front page."
    )
    fallback_image = models.ForeignKey(
        "articles.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="fallback picture",
        help_text="Stands in for a picture whose licence has ended or that is blocked.",
    )
    needs_four_eyes = models.BooleanField(
        "four eyes",
        default=False,
        help_text="Its stories go out only when approved by someone who wrote no word of them.",
    )

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of_slug("articles:section", self.slug)


class Topic(models.Model):
    """A subject that stories share across sections; a company may carry its stock ticker."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField("address", max_length=80, unique=True)
    description = models.CharField(max_length=300, blank=True)

    ticker = models.CharField(
        max_length=12, blank=True, help_text="Stock symbol, as BABA. It is linked in the text."
    )
    exchange = models.CharField(max_length=20, blank=True, help_text="Where it trades, as NYSE.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticker", "exchange"],
                condition=~Q(ticker=""),
                name="topic_ticker_once",
                violation_error_message="Another topic has this ticker at this exchange.",
            ),
            models.CheckConstraint(
                condition=Q(exchange="") | ~Q(ticker=""),
                name="topic_exchange_needs_ticker",
                violation_error_message="Add the ticker that trades at this exchange.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of_slug("articles:topic", self.slug)
