"""Asking pages in this process, by Django's test client."""

from django.conf import settings

from newsroom.tasks import memory, web


def as_served() -> None:
    """Be like a process of the server, and answer the client, which calls itself ``testserver``.

    Django's own ``setup_test_environment`` would also keep a copy of what each template was given:
    time that no reader's page takes.
    """
    with memory.kept():
        web.load_application()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
