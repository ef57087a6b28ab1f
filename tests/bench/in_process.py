"""Asking pages in this process, as Django's test client does."""

from django.conf import settings


def let_in() -> None:
    """Answer the test client, which calls itself ``testserver``.

    Django's own ``setup_test_environment`` would also keep a copy of what each template was given:
    time that no reader's page takes.
    """
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
