"""The public files of pictures, until a web server or a bucket takes over."""

import logging
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.models import Image
from articles.photos.crops import parted
from articles.photos.making import TYPES, make, read
from articles.photos.pixels import UnreadableOriginal
from articles.photos.rendering import NotMade
from articles.photos.renditions import Extension, Step, exists

logger = logging.getLogger(__name__)

# Seconds after which a browser may ask again for what could not be made.
RETRY_AFTER = 30


@require_safe
def rendition(request: HttpRequest, name: str, width: str, extension: str) -> HttpResponse:
    """Answer a rendition. One that exists costs no query; a missing one is made first."""
    step = (int(width), cast(Extension, extension))
    content = read(name, *step)
    try:
        if content is None and _make_missing(name, *step):
            content = read(name, *step)
    except NotMade:
        logger.exception("picture %s could not be made now", name)
        return _not_now()
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
    own, crop = parted(name)
    step = Step(width, extension, crop)
    image = Image.objects.filter(rendition_name=own).first()
    if image is None or not exists(image, step):
        return False
    try:
        make(image, [step])
    except UnreadableOriginal:
        logger.exception("picture %s cannot be rendered", image.pk)
        return False
    return True


def _not_now() -> HttpResponse:
    return HttpResponse(
        "The picture is not ready. Please try again.\n",
        content_type="text/plain",
        status=503,
        headers={"Cache-Control": "no-store", "Retry-After": str(RETRY_AFTER)},
    )
