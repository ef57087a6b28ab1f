"""The public files of pictures, until a web server or a bucket takes over."""

import logging
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Image
from articles.photos import serving
from articles.photos.making import make, read
from articles.photos.pixels import Extension, UnreadableOriginal
from articles.photos.renditions import widths_of

logger = logging.getLogger(__name__)

TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}


@require_safe
def rendition(request: HttpRequest, name: str, width: str, extension: str) -> HttpResponse:
    """Answer a rendition, made first if it is missing. One query asks whether it may be shown.

    410 for a picture that may not be shown now for any use, and for a name that it no longer has.
    """
    step = (int(width), cast(Extension, extension))
    try:
        found = serving.servable(name, at=timezone.now())
        content = _content(found.image, name, *step) if found else None
    except serving.Gone:
        return _refusal("This picture is no longer here.\n", status=410)
    if found is None or content is None:
        return _refusal("There is no such picture.\n", status=404)
    return HttpResponse(
        content,
        content_type=TYPES[extension],
        headers={
            "Cache-Control": found.cache_control,
            "X-Content-Type-Options": "nosniff",
        },
    )


def _content(image: Image, name: str, width: int, extension: Extension) -> bytes | None:
    """The file of a picture that may be shown; raises ``Gone`` if it was blocked meanwhile."""
    content = read(name, width, extension)
    if content is not None or width not in widths_of(image.width):
        return content
    try:
        make(image, [(width, extension)])
    except UnreadableOriginal:
        logger.exception("picture %s cannot be rendered", image.pk)
        return None
    if serving.remove_if_gone(name, at=timezone.now()):
        raise serving.Gone
    return read(name, width, extension)


def _refusal(text: str, *, status: int) -> HttpResponse:
    response = HttpResponse(text, "text/plain", status=status)
    response["Cache-Control"] = "no-store"
    return response
