"""The files as they came in. Never public: whoever hands one out asks who wants it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from articles.models import Image

TYPES = {
    Image.Format.JPEG: "image/jpeg",
    Image.Format.PNG: "image/png",
    Image.Format.WEBP: "image/webp",
    Image.Format.AVIF: "image/avif",
    Image.Format.GIF: "image/gif",
}


@dataclass(frozen=True, slots=True)
class Original:
    """A stored file and the type that it was found to be, whatever its name says."""

    file: Any
    content_type: str


def original_at(image: Image, at: dt.datetime | None = None) -> Original:
    """The file of ``image`` that was in use at ``at`` (aware); today's without a time."""
    former = None
    if at is not None:
        former = image.former_files.filter(replaced_at__gt=at).order_by("replaced_at", "pk").first()
    row = former or image
    return Original(row.file, TYPES[Image.Format(row.format)])
