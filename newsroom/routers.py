"""Which database a table lives in."""

from typing import Any

from django.db.models import Model


class CacheRouter:
    """Keeps the shared cache in a file of its own, so that its writes never hold up a story's."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if app_label == "django_cache":
            return db == "cache"
        return False if db == "cache" else None
