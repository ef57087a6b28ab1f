"""Who is signed in, for views that ask for a sign-in."""

from django.http import HttpRequest

from accounts.models import User


def reader_of(request: HttpRequest) -> User:
    """The account signed in; its view is under ``login_required``."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
