"""The picture library of the demo: drawings made for it, with their rights."""

import datetime as dt
from typing import Any

from django.core.files.images import ImageFile

from articles.models import Image
from articles.photos import library, uploads
from newsroom.demo.reading import PICTURES, table


def hang(*, uploader: Any, now: dt.datetime) -> dict[str, Image]:
    """Put every drawing into the library, as if ``uploader`` had uploaded it; returns them by key.

    The originals must still be removed if the transaction fails afterwards.
    """
    facts = table("pictures")
    return {
        key: _upload(key, _with_end({**facts["defaults"], **own}, now), uploader)
        for key, own in facts["pictures"].items()
    }


def _with_end(facts: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    days = facts.pop("ends_in_days", None)
    return facts if days is None else facts | {"licence_ends": now + dt.timedelta(days=days)}


def _upload(key: str, facts: dict[str, Any], uploader: Any) -> Image:
    path = PICTURES / f"{key}.jpg"
    with path.open("rb") as drawing:
        checked = uploads.check(ImageFile(drawing, name=path.name))
        return library.add(Image(**facts), checked, by=uploader)
