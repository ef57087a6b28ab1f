"""A story as it stands in a mail: rendered once for all readers who may have the same of it."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.safestring import SafeString, mark_safe

from articles import body
from articles.models import Image, Publication, PublishedArticle
from articles.photos.credits import Credit, credit_of
from articles.photos.renditions import height_at, picture
from articles.photos.rights import Use, may, next_change
from articles.site import leads
from articles.site.due import is_due

MAIL_WIDTH = 600
"""Pixels."""

SERIF = "Georgia,'Times New Roman',serif"
# Mail programs know no stylesheets: the few tags a body may hold get their look one by one.
_LOOKS = {
    "p": f"margin:0 0 16px;font:400 18px/1.55 {SERIF};color:#11171d",
    "h2": f"margin:28px 0 10px;font:600 23px/1.25 {SERIF};color:#11171d",
    "h3": f"margin:24px 0 8px;font:600 20px/1.3 {SERIF};color:#11171d",
    "ul": f"margin:0 0 16px;padding:0 0 0 24px;font:400 18px/1.55 {SERIF};color:#11171d",
    "ol": f"margin:0 0 16px;padding:0 0 0 24px;font:400 18px/1.55 {SERIF};color:#11171d",
    "li": "margin:0 0 6px",
    "blockquote": "margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #d4dade",
    "a": "color:#00606b",
}
_OPENING = re.compile(rf"<({'|'.join(_LOOKS)})(?=[ >])")


@dataclass(frozen=True, slots=True)
class Lead:
    """The picture above the story, shown large and therefore never without its credit."""

    src: str
    width: int
    height: int
    alt: str
    caption: str
    credit: Credit
    words: str


@dataclass(frozen=True, slots=True)
class StoryText:
    """What one mail tells of a story. ``is_whole`` False: nothing withheld is in here.

    ``is_due``: nor is anything else but what leads to the story. ``pictures`` are the numbers of
    those it shows or tells of, and ``good_until`` is when the rights in one change by themselves.
    """

    url: str
    section: str
    headline: str
    standfirst: str
    byline: str
    published: str
    lead: Lead | None
    is_whole: bool
    is_due: bool
    first_html: SafeString
    rest_html: SafeString
    first_text: str
    rest_text: str
    takeaways: tuple[dict[str, str], ...]
    sources: tuple[dict[str, str], ...]
    pictures: tuple[int, ...]
    good_until: dt.datetime | None


def tell(story: PublishedArticle, *, is_whole: bool, at: dt.datetime) -> StoryText:
    """The story as it may be told at ``at`` (aware): whole, or its free part.

    While an update is due that nobody has promoted yet, headline and link are all there is.
    """
    html = story.body_html if is_whole else story.teaser_html
    due = is_due(story, at)
    placed = {} if due else _pictures(body.image_ids(html))
    asked = [] if due else [*placed.values(), *_of_lead(story)]
    parts = [] if due else body.blocks(_filled(html, placed, at))
    # Key takeaways stand after the first paragraph, as on the page.
    split = next((place + 1 for place, part in enumerate(parts) if part.startswith("<p")), 0)
    first, rest = "".join(parts[:split]), "".join(parts[split:])
    shows_takeaways = (is_whole or story.takeaways_open) and not due
    return StoryText(
        url=settings.SITE_URL + story.path,
        section=story.section.name,
        headline=story.headline,
        standfirst="" if due else story.standfirst,
        byline="" if due else joined(line["name"] for line in story.byline),
        published=_date(story.published_at),
        lead=None if due else _lead(story, at),
        is_whole=is_whole and not due,
        is_due=due,
        first_html=_look(first),
        rest_html=_look(rest),
        first_text=body.plain_text(first),
        rest_text=body.plain_text(rest),
        takeaways=tuple(story.takeaways) if shows_takeaways else (),
        sources=tuple(story.sources) if is_whole and not due else (),
        pictures=tuple(image.pk for image in asked if may(image, Use.MAIL, at)),
        good_until=min(filter(None, (next_change(image, at) for image in asked)), default=None),
    )


def _filled(html: str, placed: Mapping[int, Image], at: dt.datetime) -> str:
    """The body with its references as words: a file of a figure never travels with a mail."""

    def figure(reference: body.FigureReference) -> str:
        image = placed.get(reference.image_id)
        # Without a credit or the right a picture is not shown; nor are its words in its place.
        if image is None or not may(image, Use.MAIL, at) or not (credit := credit_of(image)).by:
            return ""
        words = _words(reference.caption or image.caption, credit)
        return f"<p>[Picture: {escape(words)}]</p>"

    return body.fill(html, figure, lambda _, ticker: escape(ticker))


def _lead(story: PublishedArticle, at: dt.datetime) -> Lead | None:
    figure = leads.figure_of(story, Use.MAIL, at)
    if figure is None or not figure.credit.by:
        return None
    image = figure.image
    width = min(MAIL_WIDTH, image.width)
    return Lead(
        src=settings.SITE_URL + picture(image).src,
        width=width,
        height=height_at(width, image.width, image.height),
        alt=figure.alt,
        caption=figure.caption,
        credit=figure.credit,
        words=_words(figure.caption, figure.credit),
    )


def _of_lead(story: PublishedArticle) -> list[Image]:
    """The pictures that the choice of the lead depends on."""
    fallback = story.section.fallback_image if story.lead_image else None
    return [image for image in (story.lead_image, fallback) if image]


def _words(caption: str, credit: Credit) -> str:
    return " ".join(filter(None, (_sentence(caption), _sentence(str(credit)))))


def _pictures(ids: list[int]) -> dict[int, Image]:
    rows: QuerySet[Image] = Image.objects.filter(pk__in=ids)
    return {image.pk: image for image in rows}


def _look(html: str) -> SafeString:
    """A sanitised body with inline styles. Its tags carry no attributes but an address."""
    styled = _OPENING.sub(lambda tag: f'{tag[0]} style="{_LOOKS[tag[1]]}"', html)
    return mark_safe(styled)


def joined(names: Iterable[str]) -> str:
    """As "Ana, Ben and Cleo"."""
    every = list(names)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} and {every[-1]}"


def _date(at: dt.datetime) -> str:
    """As "January 24, 2025, 9:40 a.m. EST": the newsroom's clock, with its name."""
    local = at.astimezone(publication().zone_info)
    return dateformat.format(local, "F j, Y, P T")


def _sentence(words: str) -> str:
    words = words.strip()
    return words if not words or words.endswith((".", "!", "?", "…")) else f"{words}."


def publication() -> Publication:
    """The facts of this site; an empty newsroom has the defaults."""
    return Publication.objects.first() or Publication()
