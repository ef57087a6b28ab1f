"""Pictures in a story: the words that go with them, and the HTML of those in the text."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.template.loader import render_to_string
from django.utils.html import format_html

from articles import body
from articles.models import Image
from articles.photos.credits import Credit, credit_of
from articles.photos.crops import Crop
from articles.photos.renditions import Picture, picture
from articles.photos.rights import Use, may
from articles.site.embed_boxes import box
from articles.site.notes import Note, mark_html
from articles.site.things import TopicLink

# How wide a picture in the text is shown.
SIZES = "(min-width: 48rem) 41rem, 100vw"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with what is printed around it. ``credit`` is always the library's."""

    image: Image
    picture: Picture
    alt: str
    caption: str
    credit: Credit


def figure_of(image: Image, *, caption: str = "", alt: str = "", crop: Crop = Crop.WHOLE) -> Figure:
    """A placed picture: the story's own caption and alt text, or the library's where empty."""
    return Figure(
        image=image,
        picture=picture(image, crop=crop),
        alt="" if image.is_decorative and not alt else alt or image.alt_text,
        caption=caption or image.caption,
        credit=credit_of(image),
    )


def shown_in(html: str, images: Mapping[int, Image], *, at: dt.datetime) -> list[Figure]:
    """The figures that a published body shows on this site at ``at``, in order."""
    found = (_placed(reference, images, at) for reference in body.figures(html))
    return [figure for figure in found if figure]


def fill(
    html: str,
    images: Mapping[int, Image],
    topics: Mapping[int, TopicLink],
    notes: Mapping[int, Note] = MappingProxyType({}),
    *,
    at: dt.datetime,
) -> str:
    """A published body with its references rendered at ``at``.

    What is unknown, and what may not be shown then, is left out.
    """
    return body.fill(
        html,
        lambda reference: _figure(reference, images, at),
        lambda number, ticker: _ticker(number, ticker, topics),
        lambda number: mark_html(notes[number]) if number in notes else "",
        embed=box,
    )


def _placed(
    reference: body.FigureReference, images: Mapping[int, Image], at: dt.datetime
) -> Figure | None:
    image = images.get(reference.image_id)
    if image is None or not may(image, Use.WEB, at):
        return None
    return figure_of(image, caption=reference.caption, alt=reference.alt)


def _figure(reference: body.FigureReference, images: Mapping[int, Image], at: dt.datetime) -> str:
    figure = _placed(reference, images, at)
    if figure is None:
        return ""
    shown = {field: getattr(figure, field) for field in ("picture", "alt", "caption", "credit")}
    return render_to_string("articles/_figure.html", {**shown, "sizes": SIZES})


def _ticker(number: int, ticker: str, topics: Mapping[int, TopicLink]) -> str:
    topic = topics.get(number)
    if topic is None:
        return format_html("{}", ticker)
    place = f", {topic.exchange}" if topic.exchange else ""
    return format_html(
        '<a class="ticker" href="{}" aria-label="{}{}: stories about {}">{}</a>',
        topic.url,
        ticker,
        place,
        topic.name,
        ticker,
    )
