"""The token cookie: what level a reader has, so that a page can be given without asking anybody.

Django mints it after it looked at session, device and subscriptions, and it says what was found
then. It counts with the session cookie it was made beside, until its time is over or a counter it
hangs on has moved. Whatever is not exactly such a token is none.
"""

import base64
import hashlib
import hmac
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.conf import settings

from articles.site.reader import Level
from newsroom.edge import counters
from newsroom.edge.counters import Counters, Snapshot

LONGEST_SECONDS = 300
"""A reader is looked at anew after so long, whatever the counters say."""

_SALT = b"newsroom.edge.tokens.1"
# Level, user, device, end, counter of all readers, counter of this one.
_FORM = struct.Struct(">cQQIQQ")
_MAC_BYTES = 32
# A multiple of three bytes: each token has one spelling.
_TEXT = re.compile(r"[A-Za-z0-9_-]{92}")
_LEVELS = {b"r": Level.REGISTERED, b"p": Level.PREMIUM, b"-": None}
_LETTERS = {level: letter for letter, level in _LEVELS.items()}


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says. ``ends_at``: Unix seconds. ``level`` None: always ask Django."""

    level: Level | None
    user_id: int
    device_id: int
    ends_at: int
    of_all: int
    of_reader: int

    @classmethod
    def build(
        cls, level: Level | None, *, user_id: int, device_id: int, ends_at: int, before: Snapshot
    ) -> Self:
        """``before``: the counters, read before anything was asked of the database."""
        of_all, own = before[counters.READERS], before[counters.of_reader(user_id)]
        return cls(level, user_id, device_id, ends_at, of_all, own)

    def is_true(self, shared: Counters, now: float) -> bool:
        """Whether it counts: its time runs, and nothing has changed about this reader."""
        # An end further ahead than any: the clock was set back, and the time says nothing.
        return (
            now < self.ends_at <= now + LONGEST_SECONDS + 1
            and shared[counters.READERS] == self.of_all
            and shared[counters.of_reader(self.user_id)] == self.of_reader
        )


def cookie_name(base: str, shared: Counters) -> str:
    """The cookie of this host: counters of others say nothing here, so each host has its own."""
    return f"{base}-{shared.host % 0x1000000:06x}"


class Keys:
    """Signs with the first of the secrets, believes any of them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._keys = [hashlib.sha256(_SALT + secret.encode()).digest() for secret in secrets]

    @classmethod
    def of_settings(cls) -> Self:
        return cls([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])

    def sign(self, token: Token, *, session: str) -> str:
        """The cookie's text, good together with this session cookie alone."""
        said = _FORM.pack(
            _LETTERS[token.level],
            token.user_id,
            token.device_id,
            token.ends_at,
            token.of_all,
            token.of_reader,
        )
        return base64.urlsafe_b64encode(said + _mac(self._keys[0], said, session)).decode()

    def read(self, text: str, *, session: str) -> Token | None:
        """The token, if we signed it for this session; not whether it still counts."""
        if not _TEXT.fullmatch(text):
            return None
        raw = base64.urlsafe_b64decode(text)
        said, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        # All are tried, so that the time taken says nothing of which.
        good = [hmac.compare_digest(mac, _mac(key, said, session)) for key in self._keys]
        if not any(good):
            return None
        letter, *numbers = _FORM.unpack(said)
        return Token(_LEVELS[letter], *numbers)


def _mac(key: bytes, said: bytes, session: str) -> bytes:
    # What is said has a fixed length, so nothing of one part can pass for the other.
    return hmac.digest(key, said + session.encode("utf-8", "surrogateescape"), "sha256")
