"""The keys of the chain. They live in the environment, never in the database."""

import hashlib
import hmac
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Key:
    """A secret, and the name by which a link says that it was made with it."""

    id: str
    secret: bytes = field(repr=False)


def current() -> Key:
    """The key that new links are made with. Raises ``ImproperlyConfigured`` without one."""
    if not settings.PROOF_KEY:
        raise ImproperlyConfigured("PROOF_KEY is not set.")
    return _key(settings.PROOF_KEY)


def ring() -> dict[str, Key]:
    """Every key that links may have been made with, by its id."""
    secrets = [settings.PROOF_KEY, *settings.PROOF_KEY_FALLBACKS]
    return {key.id: key for key in map(_key, filter(None, secrets))}


def _key(secret: str) -> Key:
    raw = secret.encode()
    return Key(hmac.new(raw, b"key id", hashlib.sha256).hexdigest()[:16], raw)
