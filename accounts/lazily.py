"""Views that are imported with their first request: passkeys alone bring 11 MB of cryptography,
and a process that serves readers needs none of it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

View = Callable[..., HttpResponseBase]


def view(dotted: str) -> View:
    """The view of that name: a function, or a class of which ``as_view`` makes one."""

    @cache
    def found() -> View:
        target = import_string(dotted)
        made: View = target.as_view() if hasattr(target, "as_view") else target
        return made

    def lazily(*arguments: Any, **named: Any) -> HttpResponseBase:
        return found()(*arguments, **named)

    return lazily
