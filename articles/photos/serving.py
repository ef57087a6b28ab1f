"""Whether a public file may be handed out now, and for how long it may be kept."""

import datetime as dt
from dataclasses import dataclass

from articles.models import FormerName, Image
from articles.photos import making
from articles.photos.rights import may_be_served

# A name changes with everything in its file, so nothing but its rights can end it.
YEAR = dt.timedelta(days=365)
_NAME = 32
"""Hex digits; what follows them in a name is the crop."""


class Gone(Exception):
    """The picture was public and may be no more, for good or until its rights change."""


@dataclass(frozen=True, slots=True)
class Servable:
    """A picture whose files may be handed out, and the value of their Cache-Control."""

    image: Image
    cache_control: str


def servable(name: str, *, at: dt.datetime) -> Servable | None:
    """Whose files ``name`` leads to at ``at`` (aware), or None if it never was a name.

    ``name`` is a public name, of the whole picture or of a crop. One query for a picture that is
    there. Raises ``Gone``.
    """
    rows = Image.objects.filter(rendition_name=name[:_NAME])
    # What the file said is long, and asked for by nobody here.
    image = rows.defer("file_metadata", "search_text").first()
    if image is None:
        if FormerName.objects.filter(name=name[:_NAME]).exists():
            raise Gone
        return None
    if not may_be_served(image, at):
        raise Gone
    return Servable(image, _cache_control(image.licence_ends, at))


def _cache_control(ends: dt.datetime | None, at: dt.datetime) -> str:
    """For a year, or to the end of the licence if that comes first; whole seconds, cut down."""
    if ends is None or ends - at >= YEAR:
        return f"public, max-age={int(YEAR.total_seconds())}, immutable"
    return f"public, max-age={int((ends - at).total_seconds())}"


def remove_if_gone(name: str, *, at: dt.datetime) -> bool:
    """Take away the files of a public name that may not be served at ``at``. Out: whether so.

    Whoever has made files asks this afterwards: a picture may have been blocked meanwhile, and a
    web server that finds a file asks nobody.
    """
    try:
        is_servable = servable(name, at=at) is not None
    except Gone:
        is_servable = False
    if not is_servable:
        making.remove(name[:_NAME])
    return not is_servable
