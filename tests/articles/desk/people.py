"""More people of the desk."""

from typing import Any

from articles.models import Author
from tests.cast import make_user, staff


def tom() -> Author:
    """Tom, the second author."""
    author, _ = Author.objects.get_or_create(slug="tom-ash", defaults={"name": "Tom Ash"})
    return author


def another(group: str, name: str) -> Any:
    """Someone else of a group, as a second editor."""
    colleague = make_user(f"{name.lower().replace(' ', '.')}@example.com", name=name, is_staff=True)
    colleague.groups.add(*staff(group).groups.all())
    return colleague
