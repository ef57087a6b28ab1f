"""How a mark is worked out: HMAC-SHA256 over canonical JSON. Values in, hexadecimal out.

The form is fixed for good: every link ever made is checked by it.
"""

import datetime as dt
import hashlib
import hmac
import json
from typing import Any

from articles.proof.keys import Key

# What a link's mark is over: all its fields but the mark itself.
FIELDS = (
    "number",
    "kind",
    "article_id",
    "version",
    "content_mac",
    "content_hash",
    "live_from",
    "created_at",
    "withdrawn_at",
    "erased_at",
    "key_id",
    "previous",
)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, in UTF-8: the same value is the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the content as canonical JSON. Anyone can work it out; it needs no key."""
    return hash_of(canonical(content))


def hash_of(text: bytes) -> str:
    """The same, of canonical JSON."""
    return hashlib.sha256(text).hexdigest()


def of_content(content: dict[str, Any], key: Key) -> str:
    return of_text(canonical(content), key)


def of_text(text: bytes, key: Key) -> str:
    """The mark of a content that is canonical JSON already."""
    return _mac_of(key, b'["content",%b]' % text)


def of_reason(reason: str, key: Key) -> str:
    return _mac(key, "reason", reason)


def of_link(link: Any, key: Key) -> str:
    """The mark of a link, or of anything with a link's fields."""
    return _mac(key, "link", {name: _plain(getattr(link, name)) for name in FIELDS})


def of_head(number: int, mark: str, key: Key) -> str:
    """The seal of "the chain ends here", which nobody without the key can move back."""
    return _mac(key, "head", [number, mark])


def of_file(facts: dict[str, Any], key: Key) -> str:
    return _mac(key, "file", facts)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _mac(key: Key, purpose: str, value: Any) -> str:
    # The purpose is part of what is marked: no mark can stand in for another.
    return _mac_of(key, canonical([purpose, value]))


def _mac_of(key: Key, text: bytes) -> str:
    return hmac.digest(key.secret, text, "sha256").hex()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value
