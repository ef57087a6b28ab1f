"""More people of the desk."""

from articles.models import Author


def tom() -> Author:
    """Tom, the second author."""
    author, _ = Author.objects.get_or_create(slug="tom-ash", defaults={"name": "Tom Ash"})
    return author
