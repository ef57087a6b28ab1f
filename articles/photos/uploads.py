"""What may come into the library: checked by decoding, whatever name or type a file claims.

A child process does that (``inspecting``); here no decoder touches a file.
"""

import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File

from articles.models import Image
from articles.photos import children
from articles.photos.limits import MAX_BYTES
from articles.photos.metadata import Metadata
from articles.photos.refusals import TAKEN, refusal

__all__ = ["TAKEN", "Checked", "check", "verdict"]

logger = logging.getLogger(__name__)

_MODULE = "articles.photos.inspecting"
_EXTENSIONS = {Image.Format.JPEG: "jpg"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored. ``width`` and ``height`` are pixels as seen; one frame stands.

    ``metadata`` is what the file says of itself; where it is broken, less or nothing.
    """

    file: File[Any]
    format: Image.Format
    width: int
    height: int
    frames: int
    content_hash: str
    metadata: Metadata

    @property
    def extension(self) -> str:
        return _EXTENSIONS.get(self.format, self.format.value)


def check(file: File[Any]) -> Checked:
    """Return what ``file`` is, or raise ``ValidationError`` with the reason; nothing is stored.

    The size is looked at before anything is read, the number of pixels before any is decoded. No
    transaction should be open: this takes up to ten seconds.
    """
    if not file.size:
        raise refusal("empty")
    if file.size > MAX_BYTES:
        raise refusal("too_many_bytes")
    told = _told_of(file)
    width, height = told["size"]
    return Checked(
        file=file,
        format=Image.Format(told["kind"].lower()),
        width=width,
        height=height,
        frames=told["frames"],
        content_hash=_hash(file),
        metadata=Metadata.from_json(told["metadata"], unreadable=told["unreadable"]),
    )


def verdict(file: File[Any]) -> Checked | ValidationError:
    """As ``check``, with the refusal handed back: for callers that judge first and tell later."""
    try:
        return check(file)
    except ValidationError as refused:
        return refused


def _told_of(file: File[Any]) -> dict[str, Any]:
    """What a child process finds in the file. Raises ``ValidationError``."""
    file.seek(0)
    try:
        told: dict[str, Any] = json.loads(children.run(_MODULE, file.read()))
    except children.ChildFailed as failure:
        logger.warning("An upload could not be looked at: %s", failure)
        raise refusal(_code_of(failure)) from failure
    if "refused" in told:
        raise refusal(told["refused"], **told["facts"])
    return told


def _code_of(failure: children.ChildFailed) -> str:
    if isinstance(failure, children.TookTooLong):
        return "slow"
    # Whatever brings a decoder down is no picture to show.
    return "memory" if isinstance(failure, children.NeededTooMuch) else "broken"


def _hash(file: File[Any]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
