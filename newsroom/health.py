"""Two answers for machines: is this process alive, and may it get requests.

``/healthz`` touches nothing but itself: restarting the process would not mend a database.
``/readyz`` is for the load balancer. Neither says why: the log does.
"""

import logging
import secrets

from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return _say("alive", 200)


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 if database, cache and migrations are as they must be, else 503."""
    try:
        _check_migrations()
        _check_cache()
    except Exception:
        # Whatever it is, we are not ready; the caller needs no more than that.
        logger.exception("Not ready")
        return _say("not ready", 503)
    return _say("ready", 200)


def _say(word: str, status: int) -> HttpResponse:
    return HttpResponse(f"{word}\n", status=status, content_type="text/plain; charset=utf-8")


def _check_migrations() -> None:
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("There are migrations to apply: manage.py prepare")


def _check_cache() -> None:
    for alias in settings.CACHES:
        # A value of its own for each question: two servers may ask at once.
        key = f"ready-{secrets.token_hex(8)}"
        caches[alias].set(key, "yes", timeout=10)
        if caches[alias].get(key) != "yes":
            raise RuntimeError(f"The cache {alias} does not keep what it is given")
        caches[alias].delete(key)
