"""What the rights in a picture mean for a story that is to go out with it (rules §1 and §4)."""

import datetime as dt
from collections.abc import Iterator

from articles.desk.newsroom_time import in_full, sentence
from articles.models import Image
from articles.photos.withdrawing import WARNED_BEFORE

CODES = frozenset({"picture_blocked", "picture_ended", "picture_not_begun", "picture_not_web"})
"""Of the refusals."""
# A code and a whole sentence.
Said = tuple[str, str]


def refusals(image: Image, name: str, *, at: dt.datetime) -> Iterator[Said]:
    """Why a story with ``image`` cannot go out at ``at`` (aware).

    ``name`` begins the sentence, as "The lead picture".
    """
    starts, ends = image.licence_starts, image.licence_ends
    if image.blocked_at is not None:
        yield "picture_blocked", sentence(f"{name} is blocked: {image.block_reason}")
    if ends is not None and ends <= at:
        text = f"The licence of {_low(name)} runs only until {in_full(ends)}"
        yield "picture_ended", sentence(text)
    if starts is not None and at < starts:
        text = f"The licence of {_low(name)} begins only on {in_full(starts)}"
        yield "picture_not_begun", sentence(text)
    if not image.on_web:
        yield "picture_not_web", f"{name} may not be used on the web."


def doubts(image: Image, name: str, *, at: dt.datetime) -> Iterator[Said]:
    """What is worth a look before a story with ``image`` goes out at ``at`` (aware)."""
    ends = image.licence_ends
    if ends is not None and at < ends <= at + WARNED_BEFORE:
        text = f"The licence of {_low(name)} ends on {in_full(ends)}"
        yield "picture_ends_soon", f"{sentence(text)} From then on the section’s picture stands in."
    if not image.on_social:
        yield "picture_not_social", f"{name} may not be used on social cards."
    if not image.in_mail:
        yield "picture_not_mail", f"{name} may not be used in mails."


def _low(name: str) -> str:
    return name[0].lower() + name[1:]
