"""The two caches that all processes share: what pages may forget, and limits, which must not."""

from typing import Any

# Its keys name addresses: the store gets a keyed hash of them.
_HIDDEN = "accounts.limits.hidden_key"


def in_redis(url: str) -> dict[str, dict[str, Any]]:
    """The caches in Redis at ``url``."""
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    return {
        "default": {**redis, "KEY_PREFIX": "site"},
        "limits": {**redis, "KEY_PREFIX": "limits", "KEY_FUNCTION": _HIDDEN},
    }


def in_database() -> dict[str, dict[str, Any]]:
    """The caches in the database called ``cache``, one file for all processes of the host.

    The per-process default would double every limit with each worker.
    """
    database = "django.core.cache.backends.db.DatabaseCache"
    return {
        "default": {
            "BACKEND": database,
            "LOCATION": "cache_entries",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        },
        # Limits must not forget: DatabaseCache keeps 300 rows unless told.
        "limits": {
            "BACKEND": database,
            "LOCATION": "cache_limits",
            "KEY_FUNCTION": _HIDDEN,
            "OPTIONS": {"MAX_ENTRIES": 500_000},
        },
    }
