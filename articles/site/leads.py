"""The one picture that stands for a story: its own, or its section's where that may not be."""

import datetime as dt

from articles.models import Image, PublishedArticle
from articles.photos.crops import Crop
from articles.photos.rights import COLUMNS, Use, may
from articles.site import figures
from articles.site.figures import Figure

WITH_PICTURES = ("section__fallback_image", "lead_image")
"""What a query of stories must bring along, so that asking here costs none."""

_PICTURE = ("rendition_name", "width", "height", "colour", *COLUMNS)
NARROW = tuple(f"{way}__{column}" for way in WITH_PICTURES for column in _PICTURE)
"""The columns that lists need of these pictures: addresses and rights, and no words."""


def image_of(story: PublishedArticle, use: Use, at: dt.datetime) -> Image | None:
    """The picture of ``story`` for ``use`` at ``at`` (aware): its own, the fallback, or none.

    A story without a picture of its own gets none.
    """
    own = story.lead_image
    if own is None or may(own, use, at):
        return own
    fallback = story.section.fallback_image
    return fallback if fallback is not None and may(fallback, use, at) else None


def is_held_back(story: PublishedArticle, use: Use, at: dt.datetime) -> bool:
    """Whether the story has a picture of its own that may not be shown at ``at``."""
    return story.lead_image is not None and not may(story.lead_image, use, at)


def figure_of(
    story: PublishedArticle, use: Use, at: dt.datetime, *, crop: Crop = Crop.WHOLE
) -> Figure | None:
    """The same with its words: the story's for its own picture, the library's for a fallback."""
    image = image_of(story, use, at)
    if image is None:
        return None
    if image is not story.lead_image:
        return figures.figure_of(image, crop=crop)
    return figures.figure_of(image, caption=story.lead_caption, alt=story.lead_alt, crop=crop)
