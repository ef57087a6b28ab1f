"""A picture as scripts of the desk show it, with whether a story may have it now."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Image
from articles.photos.renditions import height_at, widths_of
from articles.photos.rights import Use, lacks, may


def card(image: Image, *, at: dt.datetime) -> dict[str, Any]:
    """What a script needs to show and choose ``image`` at ``at`` (aware). No query.

    ``lacks`` names what is missing; ``rights`` says what its licence does soon, and ``refusal``
    why it cannot be chosen: "" for nothing. Width and height are those of ``thumb``, in pixels.
    """
    step = widths_of(image.width)[0]
    return {
        "id": image.pk,
        "title": str(image),
        "credit": image.credit,
        "caption": image.caption,
        "alt": image.alt_text,
        "decorative": image.is_decorative,
        "width": step,
        "height": height_at(step, image.width, image.height),
        "thumb": f"{settings.MEDIA_URL}r/{image.rendition_name}/{step}.jpg",
        "address": reverse("admin:articles_image_change", args=[image.pk]),
        "lacks": [str(lack) for lack in lacks(image)],
        "rights": _ends(image),
        "refusal": refusal(image, at=at),
    }


def refusal(image: Image, *, at: dt.datetime) -> str:
    """Why no story may have ``image`` at ``at`` (aware), in a few words; "" for no reason."""
    if may(image, Use.WEB, at):
        return ""
    if image.blocked_at is not None:
        return f"Blocked: {image.block_reason}"
    if not image.on_web:
        return "Not for the web"
    if image.licence_ends is not None and image.licence_ends <= at:
        return f"Licence ended {_day(image.licence_ends)}"
    assert image.licence_starts is not None  # noqa: S101 - nothing else is left that refuses
    return f"Licence begins {_day(image.licence_starts)}"


def _ends(image: Image) -> str:
    return f"Ends {_day(image.licence_ends)}" if image.licence_ends else ""


def _day(at: dt.datetime) -> str:
    """As "Jan. 31", with the year if it is another one."""
    at, now = timezone.localtime(at), timezone.localtime()
    return date_format(at, "N j" if at.year == now.year else "N j, Y")
