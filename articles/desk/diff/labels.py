"""The names of a story's fields, as the form has them."""

from articles.models import Article


def label(field: str) -> str:
    """The name of a field of a story, as a person reads it."""
    name = str(getattr(Article._meta.get_field(field), "verbose_name", field))
    return name[:1].upper() + name[1:]
