"""The picture library of the demo: drawings made for it, with their rights."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Pillow

from articles.models import Image
from newsroom.demo.reading import PICTURES, table


def hang(*, uploader: Any) -> dict[str, Image]:
    """Put every picture into the library, by ``uploader``; returns them by key."""
    facts = table("pictures")
    return {
        key: _keep(key, {**facts["defaults"], **own}, uploader)
        for key, own in facts["pictures"].items()
    }


def _keep(key: str, facts: dict[str, str], uploader: Any) -> Image:
    path = PICTURES / f"{key}.jpg"
    data = path.read_bytes()
    with Pillow.open(path) as drawing:
        width, height = drawing.size
    image = Image(
        original_name=path.name,
        format=Image.Format.JPEG,
        width=width,
        height=height,
        content_hash=hashlib.sha256(data).hexdigest(),
        created_by=uploader,
        **facts,
    )
    image.file.save(path.name, ContentFile(data), save=False)
    image.save()
    return image
