"""Pictures in a story: the words that go with them, and the HTML of those in the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.template.loader import render_to_string
from django.utils.html import format_html

from articles import body
from articles.models import Image
from articles.photos.credits import credit_line
from articles.photos.crops import Crop
from articles.photos.renditions import Picture, picture
from articles.site.embed_boxes import box
from articles.site.notes import Note, mark_html
from articles.site.things import TopicLink

# How wide a picture in the text is shown.
SIZES = "(min-width: 48rem) 41rem, 100vw"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with what is printed around it. ``credit`` is always the library's."""

    picture: Picture
    alt: str
    caption: str
    credit: str


def figure_of(image: Image, *, caption: str = "", alt: str = "", crop: Crop = Crop.WHOLE) -> Figure:
    """A placed picture: the story's own caption and alt text, or the library's where empty."""
    return Figure(
        picture=picture(image, crop=crop),
        alt="" if image.is_decorative and not alt else alt or image.alt_text,
        caption=caption or image.caption,
        credit=credit_line(
            image.credit, source=image.source, copyright_notice=image.copyright_notice
        ),
    )


def fill(
    html: str,
    images: Mapping[int, Image],
    topics: Mapping[int, TopicLink],
    notes: Mapping[int, Note] = MappingProxyType({}),
) -> str:
    """A published body with its references rendered; what is unknown is left out."""
    return body.fill(
        html,
        lambda reference: _figure(reference, images),
        lambda number, ticker: _ticker(number, ticker, topics),
        lambda number: mark_html(notes[number]) if number in notes else "",
        embed=box,
    )


def _figure(reference: body.FigureReference, images: Mapping[int, Image]) -> str:
    image = images.get(reference.image_id)
    if image is None:
        return ""
    figure = figure_of(image, caption=reference.caption, alt=reference.alt)
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
