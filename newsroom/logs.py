"""Logs: one line an event, as JSON for machines or as plain words, each with its request's id."""

from typing import Any

import structlog


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING. In: the lowest level to print; JSON lines or plain ones."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow={"method", "route", "status", "ms"}),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        last += [
            structlog.processors.format_exc_info,
            # ASCII only: there are more ends of line than one, and all of them are escaped.
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ]
    else:
        # Not the richer traceback: it prints local variables, and passwords are among them.
        plain = structlog.dev.plain_traceback
        last += [
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)
        ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": last,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would print a second time, and mail errors without asking.
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            # Our request line says the same; this one prints addresses, which may hold a key.
            "django.request": {"level": "ERROR"},
            # A line for each request of httpx, with the address.
            "httpx": {"level": "WARNING"},
            # Stripe's SDK prints whole answers, and they name readers.
            "stripe": {"level": "WARNING"},
            "newsroom.requests": {"level": level},
        },
    }
