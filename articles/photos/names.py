"""Names of picture files that nobody can guess."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings


def original_path(_image: Any, filename: str) -> str:
    """Where an original is kept: our own name, the checked extension of the upload."""
    token = secrets.token_hex(16)
    extension = filename.rsplit(".", 1)[-1].lower()
    return f"{token[:2]}/{token}.{extension}"


def rendition_name(
    *, content_hash: str, rights: Iterable[str], focus: tuple[int, int], salt: str
) -> str:
    """The public name of a picture's renditions: 32 hex digits.

    A keyed hash (HMAC-SHA256) of the file, the rights it carries and the place its crops keep, in
    percent from left and top: an address cannot be guessed before a page shows it, and changes
    when any of these does. ``salt`` keeps two pictures of the same bytes apart.
    """
    message = "\x1f".join([content_hash, salt, *map(str, focus), *rights]).encode()
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:32]
