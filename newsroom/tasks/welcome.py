"""What the supervisor says when the newsroom is up."""

import shlex

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

DEMO_ACCOUNTS = {
    "operator": "may do everything",
    "reporter": "writes, never publishes",
    "editor": "publishes and corrects",
    "chief": "an editor who also manages people",
    "photo": "the picture library",
    "subscriptions": "plans and readers",
    "reader": "signed in, no plan",
    "subscriber": "with a plan",
    "lapsed": "a plan that ended",
}


def welcome(port: int) -> str:
    """The addresses, and who can sign in. In: the port on this machine."""
    address = settings.SITE_URL if settings.IS_PRODUCTION else f"http://localhost:{port}"
    lines = ["", f"The newsroom is open: {address}/", f"The desk:             {address}/admin/"]
    if settings.NEWSROOM_MODE == "demo" and not settings.NEWSROOM_EMPTY:
        lines += ["", "Accounts, all with the password demo-newsroom:"]
        lines += [f"  {f'{name}@example.com':27} {role}" for name, role in DEMO_ACCOUNTS.items()]
    elif not _has_operator():
        data = shlex.quote(str(settings.NEWSROOM_DATA))
        command = f"NEWSROOM_DATA={data} .venv/bin/python manage.py createsuperuser"
        lines += [
            "",
            "Nobody can sign in to the desk yet. Make the first operator:",
            f"  {command}",
        ]
    return "\n".join([*lines, "", "Ctrl-C ends it.", ""])


def _has_operator() -> bool:
    try:
        return get_user_model().objects.filter(is_superuser=True).exists()
    finally:
        connection.close()
