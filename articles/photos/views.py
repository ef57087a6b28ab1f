"""The public files of pictures, until a web server or a bucket takes over."""

import logging
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Image
from articles.photos import serving
from articles.photos.crops import parted
from articles.photos.making import TYPES, make, read
from articles.photos.pixels import UnreadableOriginal
from articles.photos.rendering import NotMade
from articles.photos.renditions import Extension, Step, exists

logger = logging.getLogger(__name__)

PATIENCE = 4.0
"""Seconds that a reader waits for a turn at most: meanwhile no page goes out by this thread."""

# Seconds after which a browser may ask again for what could not be made.
RETRY_AFTER = 30


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
    except (NotMade, OSError):
        logger.exception("picture %s could not be made or reached now", name)
        return _not_now()
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
    _, crop = parted(name)
    step = Step(width, extension, crop)
    content = read(name, width, extension)
    if content is not None or not exists(image, step):
        return content
    try:
        make(image, [step], patience=PATIENCE)
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


def _not_now() -> HttpResponse:
    response = _refusal("The picture is not ready. Please try again.\n", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
