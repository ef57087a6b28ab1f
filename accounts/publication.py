"""The newspaper whose readers these are."""

from articles.models import Publication


def publication() -> Publication:
    """The site's own facts; the defaults while nobody has filled them in."""
    return Publication.objects.first() or Publication()
