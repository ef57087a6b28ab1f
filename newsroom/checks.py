"""System checks: what of the set-up would go wrong later is said before the start."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from newsroom.models import Purge
from newsroom.purging.addresses import address_of
from newsroom.tasks.welcome import DEMO_ACCOUNTS

MODES = ("demo", "production", "test")
SHORTEST_KEY = 50
LIVE_KEYS = ("sk_live_", "rk_live_")
POSTGRES = ("postgres://", "postgresql://")
LOCAL_BACKENDS = ("newsroom.mail", "console", "locmem", "filebased", "dummy")


@register("newsroom")
def check_environment(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Iterable[CheckMessage]:
    """What is wrong in any mode."""
    for name, problem in settings.ENVIRONMENT_PROBLEMS.items():
        yield Error(
            f"The variable {name} cannot be understood: {problem}.",
            hint=f"Correct it, or leave it out. .env.example says what {name} is for.",
            id="newsroom.E001",
        )
    if settings.NEWSROOM_MODE not in MODES:
        yield Error(
            f"NEWSROOM_MODE is {settings.NEWSROOM_MODE!r}, which is no mode.",
            hint=f"Choose one of {', '.join(MODES)}.",
            id="newsroom.E002",
        )
    address = urlsplit(settings.SITE_URL)
    if address.scheme not in {"http", "https"} or not address.hostname or address.path:
        yield Error(
            f"SITE_URL is {settings.SITE_URL!r}, which is not the address of a site.",
            hint="Give scheme and host alone, as https://news.example.",
            id="newsroom.E003",
        )
    if not os.access(settings.NEWSROOM_DATA, os.W_OK | os.X_OK):
        yield Error(
            f"NEWSROOM_DATA ({settings.NEWSROOM_DATA}) cannot be written.",
            hint="Name a folder that belongs to the user who runs the newsroom.",
            id="newsroom.E004",
        )
    for problem in settings.MEDIA_BUCKET.problems():
        yield Error(
            f"The bucket for pictures is set up by half: {problem}.",
            hint="Set what is missing, or none of MEDIA_S3_… for pictures on this machine.",
            id="newsroom.E011",
        )


@register("newsroom")
def check_page_cache(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Iterable[CheckMessage]:
    """A page cache that holds nothing, or hears nothing."""
    if settings.EDGE_MEGABYTES < 1:
        yield Error(
            f"EDGE_MEGABYTES is {settings.EDGE_MEGABYTES}: no page fits.",
            hint="Give at least 1, or EDGE=no for no page cache.",
            id="newsroom.E016",
        )
    if settings.EDGE_LISTEN_URL and not settings.EDGE_LISTEN_URL.startswith(POSTGRES):
        yield Error(
            "EDGE_LISTEN_URL is no address of a PostgreSQL.",
            hint="Give the direct address of the server behind DATABASE_URL, as "
            "postgres://user:password@host:5432/name, or leave it out.",
            id="newsroom.E017",
        )
    for text in settings.PURGE_URLS:
        if address_of(text) is None:
            yield Error(
                f"PURGE_URLS names {text!r}, which is no cache that could be told anything.",
                hint="Give ban+http://host:port for Varnish, purge+http://host:port for nginx.",
                id="newsroom.E018",
            )


@register("newsroom", Tags.database)
def check_purges(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> Iterable[CheckMessage]:
    """A cache in front that does not take what it is told shows what is over."""
    if not settings.PURGE_URLS or "default" not in (databases or ()):
        return
    with suppress(DatabaseError):  # The table is not there yet.
        for row in Purge.objects.filter(attempts__gte=3).order_by("address", "-attempts")[:5]:
            yield Warning(
                f"{row.address} was told {row.attempts} times that “{row.what}” is over, in vain: "
                f"{row.last_error}",
                hint="Mend it, or take it out of PURGE_URLS and empty it by hand.",
                id="newsroom.W003",
            )


@register("newsroom")
def check_payments(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Iterable[CheckMessage]:
    """Money that would go nowhere, or be real where nothing else is."""
    key = settings.STRIPE_SECRET_KEY
    if key.startswith(LIVE_KEYS) and not settings.IS_PRODUCTION:
        yield Error(
            "STRIPE_SECRET_KEY is a live one, and this is no newsroom in production.",
            hint="Take a key that begins with sk_test_, or none for the test checkout.",
            id="newsroom.E012",
        )
    if key and not settings.STRIPE_WEBHOOK_SECRET:
        yield Error(
            "STRIPE_WEBHOOK_SECRET is not set: nobody would hear of what readers pay.",
            hint="Add the endpoint at Stripe, and set the secret that begins with whsec_.",
            id="newsroom.E013",
        )
    if settings.IS_PRODUCTION and not settings.STRIPE_API_URL.startswith("https://"):
        yield Error(
            "STRIPE_API_URL does not begin with https://.",
            hint="It is for tests; leave it out, and Stripe itself is asked.",
            id="newsroom.E015",
        )
    if settings.IS_PRODUCTION and key and not key.startswith(LIVE_KEYS):
        yield Warning(
            "STRIPE_SECRET_KEY is no live key: Stripe's test cards read for nothing.",
            hint="Right for a rehearsal; before readers come, set one that begins with sk_live_.",
            id="newsroom.W001",
        )


@register("newsroom")
def check_production(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Iterable[CheckMessage]:
    """What a demo may do and a public site may not."""
    if not settings.IS_PRODUCTION:
        return
    if len(_secret_key()) < SHORTEST_KEY:
        yield Error(
            "SECRET_KEY is missing or too short.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'",
            id="newsroom.E005",
        )
    if len(settings.PROOF_KEY) < SHORTEST_KEY or _secret_key() == settings.PROOF_KEY:
        yield Error(
            "PROOF_KEY is missing, too short, or the same as SECRET_KEY.",
            hint="Make one of its own, as for SECRET_KEY, and keep a copy away from the database.",
            id="newsroom.E010",
        )
    taken = {_secret_key(), settings.PROOF_KEY}
    if len(settings.SUPPRESSION_KEY) < SHORTEST_KEY or settings.SUPPRESSION_KEY in taken:
        yield Error(
            "SUPPRESSION_KEY is missing, too short, or the same as another key.",
            hint="Make one of its own, as for SECRET_KEY, and never change it.",
            id="newsroom.E014",
        )
    if not settings.IS_HTTPS:
        yield Error(
            "SITE_URL does not begin with https://.",
            hint="Readers' passwords would travel in the open. Set SITE_URL=https://…",
            id="newsroom.E006",
        )
    if any(part in settings.EMAIL_BACKEND for part in LOCAL_BACKENDS):
        yield Error(
            "No mail server is set: nobody could confirm an address or get an alert.",
            hint="Set EMAIL_URL, as smtp+tls://user:password@mail.example:587.",
            id="newsroom.E007",
        )
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Error(
            "DEFAULT_FROM_EMAIL is not set: mail without a sender is refused everywhere.",
            hint="Set DEFAULT_FROM_EMAIL, as 'The Meridian <news@news.example>'.",
            id="newsroom.E008",
        )


@register("newsroom", Tags.database)
def check_demo_accounts(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> Iterable[CheckMessage]:
    """A demo account in production is an open door: its password is in the documentation."""
    if not settings.IS_PRODUCTION or "default" not in (databases or ()):
        return
    addresses = [f"{name}@example.com" for name in DEMO_ACCOUNTS]
    try:
        found = list(
            get_user_model()
            .objects.filter(email__in=addresses, is_active=True)
            .values_list("email", flat=True)
        )
    except DatabaseError:
        return  # The tables are not there yet, so neither is the account.
    if found:
        yield Error(
            f"This newsroom has demo accounts: {', '.join(sorted(found))}.",
            hint="Begin with an empty database, or deactivate them in demo mode first.",
            id="newsroom.E009",
        )


def refuse_if_broken() -> None:
    """Raise ImproperlyConfigured if the newsroom must not serve, saying all that is wrong.

    For servers that load the WSGI application and run no command before.
    """
    databases = ["default"] if settings.IS_PRODUCTION else None
    found = run_checks(tags=["newsroom"], databases=databases)
    errors = [message for message in found if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))


def _secret_key() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:
        return ""
