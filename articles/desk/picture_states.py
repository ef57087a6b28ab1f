"""The rights in a picture as its page tells them, in sentences."""

import datetime as dt
from collections.abc import Iterator

from articles.desk.newsroom_time import in_full, sentence
from articles.models import Image
from articles.photos.rights import Use
from articles.photos.withdrawing import WARNED_BEFORE

_PLACES = {Use.WEB: "on the web", Use.SOCIAL: "on social cards", Use.MAIL: "in mails"}


def obstacles(image: Image, *, at: dt.datetime) -> list[str]:
    """Why ``image`` is not shown, or not everywhere, at ``at`` (aware); none for no reason."""
    return list(_obstacles(image, at))


def _obstacles(image: Image, at: dt.datetime) -> Iterator[str]:
    starts, ends = image.licence_starts, image.licence_ends
    if image.blocked_at is not None:
        by = f" by {image.blocked_by.get_full_name()}" if image.blocked_by else ""
        yield sentence(f"Blocked{by} on {in_full(image.blocked_at)}") + f" {image.block_reason}"
    if ends is not None and ends <= at:
        yield sentence(f"Its licence ended on {in_full(ends)}")
    elif ends is not None and ends <= at + WARNED_BEFORE:
        yield sentence(f"Its licence ends on {in_full(ends)}")
    if starts is not None and starts > at:
        yield sentence(f"Its licence begins on {in_full(starts)}")
    closed = [
        place
        for place, is_allowed in zip(
            _PLACES.values(), (image.on_web, image.on_social, image.in_mail), strict=True
        )
        if not is_allowed
    ]
    if closed:
        yield f"It may not be used {' or '.join(closed)}."
