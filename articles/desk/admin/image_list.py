"""The picture library as a grid: what each picture is, whose, and what it lacks."""

import datetime as dt

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.desk.admin import image_filters
from articles.desk.admin.base import DeskModelAdmin
from articles.desk.admin.image_doubles import SameFileTwice
from articles.desk.admin.image_rights import without_files
from articles.desk.capped_pages import CappedPages
from articles.models import Image
from articles.photos.renditions import picture
from articles.photos.rights import Lack, has_doubtful_alt, lacks
from articles.photos.search_words import matching

# 200 pages: as far as anybody turns. Older pictures are found by words and filters, and nothing
# counts the whole library.
MOST = 4800


class NewestPictures(CappedPages):
    most = MOST


class ImageList(DeskModelAdmin):
    list_display = ["thumb", "words", "credited", "licensed", "described"]
    list_display_links = ["thumb"]
    list_filter = [
        image_filters.Missing,
        image_filters.RightsState,
        image_filters.KindOfLicence,
        image_filters.HowMade,
        image_filters.InSection,
        image_filters.Photographer,
        image_filters.Arrived,
        image_filters.MadeOn,
        SameFileTwice,
    ]
    actions = ["together"]
    list_per_page = 24
    list_max_show_all = 0
    paginator = NewestPictures
    search_fields = ["search_text"]
    search_help_text = "Any words of it or of its file"
    ordering = ["-created_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        pictures: QuerySet[Image] = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and str(match.url_name).endswith("_changelist")
        # Long, and nothing of it is shown here.
        return pictures.defer("file_metadata", "search_text") if is_list else pictures

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Image], search_term: str
    ) -> tuple[QuerySet[Image], bool]:
        return matching(queryset, search_term), False

    @admin.display(description="Picture")
    def thumb(self, image: Image) -> SafeString:
        if note := without_files(image):
            return note
        shown = picture(image)
        first = shown.jpeg_srcset.split()[0]
        return format_html(
            '<img class="thumb" src="{}" width="{}" height="{}" loading="lazy" alt="{}">',
            first,
            shown.width,
            shown.height,
            f"Open: {image}",
        )

    @admin.display(description="Caption", ordering="caption")
    def words(self, image: Image) -> str:
        return str(image)

    @admin.display(description="Credit", ordering="credit")
    def credited(self, image: Image) -> str:
        return image.credit or need("No credit")

    @admin.display(description="Licence", ordering="licence")
    def licensed(self, image: Image) -> str:
        """Its kind, with what happens to it in time; or that it is blocked."""
        kind = image.get_licence_display()
        note = _bounds(image, timezone.now())
        told = [need("Blocked")] if image.blocked_at else []
        if not kind:
            return _lines([*told, need(f"No licence, {note}" if note else "No licence")])
        text = f"{kind}, {note}" if note else kind
        return _lines([*told, need(text) if _is_near(image, timezone.now()) else text])

    @admin.display(description="Alt text", empty_value="")
    def described(self, image: Image) -> str:
        if Lack.ALT_TEXT in lacks(image):
            return need("No alt text")
        return need("Alt text unreviewed") if has_doubtful_alt(image) else ""


def need(text: str) -> SafeString:
    """A word about what a person has to see to."""
    return format_html('<span class="need">{}</span>', text)


def _lines(texts: list[str]) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((text,) for text in texts))


def _bounds(image: Image, now: dt.datetime) -> str:
    """As "ends Jan 31"; "" for a licence that runs on."""
    starts, ends = image.licence_starts, image.licence_ends
    if ends is not None and ends <= now:
        return f"ended {_day(ends, now)}"
    if starts is not None and starts > now:
        return f"begins {_day(starts, now)}"
    return f"ends {_day(ends, now)}" if ends is not None else ""


def _is_near(image: Image, now: dt.datetime) -> bool:
    """Whether its licence has not begun, has ended, or does so soon."""
    starts, ends = image.licence_starts, image.licence_ends
    return bool(starts and starts > now) or bool(ends and ends <= now + image_filters.SOON)


def _day(at: dt.datetime, now: dt.datetime) -> str:
    local = timezone.localtime(at)
    is_this_year = local.year == timezone.localtime(now).year
    return date_format(local, "M j" if is_this_year else "M j, Y")
