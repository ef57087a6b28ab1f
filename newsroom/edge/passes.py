"""For whom a page is asked, by the cookies of a request: anybody, a level, or Django's to find."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from articles.site.reader import Level
from newsroom.edge.counters import Counters
from newsroom.edge.tokens import Keys, Token, cookie_name

ANYBODY: Final = "a"
"""The variant for visitors without an account; the others are the letters of ``Level``."""

MOST_KNOWN, LONGEST_KNOWN = 1024, 2000
"""Cookie headers that are remembered, and letters of each."""


@dataclass(slots=True)
class Passes:
    """Reads Cookie headers; what they prove is remembered, whether it still counts never is."""

    keys: Keys
    session: str
    token: str
    openings: str
    _known: OrderedDict[str, Token] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of_settings(cls) -> "Passes":
        return cls(
            keys=Keys.of_settings(),
            session=settings.SESSION_COOKIE_NAME,
            token=settings.TOKEN_COOKIE_NAME,
            openings=settings.OPENINGS_COOKIE_NAME,
        )

    def variant(self, cookies: str, shared: Counters, now: float) -> str | None:
        """The letter of the variant, or None if Django shall look at the cookies itself."""
        # By their letters: too often, never too seldom.
        has_opened = self.openings in cookies
        if self.session not in cookies:
            return None if has_opened else ANYBODY
        token = self._known.get(cookies) or self._prove(cookies, shared)
        if token is None or token.level is None or not token.is_true(shared, now):
            return None
        # What was opened is nothing to who sees all of it anyway.
        return None if has_opened and token.level != Level.PREMIUM else token.level.value

    def _prove(self, cookies: str, shared: Counters) -> Token | None:
        session = only_one(cookies, self.session)
        text = only_one(cookies, cookie_name(self.token, shared))
        token = self.keys.read(text, session=session) if session and text else None
        if token is not None and len(cookies) <= LONGEST_KNOWN:
            with self._lock:
                self._known[cookies] = token
                if len(self._known) > MOST_KNOWN:
                    self._known.popitem(last=False)
        return token


def only_one(cookies: str, name: str) -> str:
    """The value of a cookie that is there exactly once, spelt as browsers do; else empty."""
    parts = [part.partition("=") for part in cookies.split(";")]
    values = [value.strip() for key, _, value in parts if key.strip() == name]
    value = values[0] if len(values) == 1 else ""
    # With quotes, escapes or spaces Django may read another value than stands here.
    return value if value.isascii() and not set(value) & set('" \t\\,') else ""
