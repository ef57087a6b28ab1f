"""The public files of pictures, until a web server or a bucket takes over."""

import logging
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.models import Image
from articles.photos.making import make, read
from articles.photos.pixels import Extension, UnreadableOriginal
from articles.photos.renditions import widths_of

logger = logging.getLogger(__name__)

TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}


@require_safe
def rendition(request: HttpRequest, name: str, width: str, extension: str) -> HttpResponse:
    """Answer a rendition. One that exists costs no query; a missing one is made first."""
    step = (int(width), cast(Extension, extension))
    content = read(name, *step)
    if content is None and _make_missing(name, *step):
        content = read(name, *step)
    if content is None:
        response = HttpResponse("There is no such picture.\n", "text/plain", status=404)
        response["Cache-Control"] = "no-store"
        return response
    return HttpResponse(
        content,
        content_type=TYPES[extension],
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _make_missing(name: str, width: int, extension: Extension) -> bool:
    image = Image.objects.filter(rendition_name=name).first()
    if image is None or width not in widths_of(image.width):
        return False
    try:
        make(image, [(width, extension)])
    except UnreadableOriginal:
        logger.exception("picture %s cannot be rendered", image.pk)
        return False
    return True
