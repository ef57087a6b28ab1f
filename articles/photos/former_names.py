"""Public names that lead nowhere any more. Their files go, and their addresses say 410."""

from functools import partial

from django.db import transaction

from articles.models import FormerName, Image
from articles.photos import making


def retire(name: str) -> None:
    """Note in the running transaction that ``name`` is no picture's; its files go after commit."""
    FormerName.objects.get_or_create(name=name)
    transaction.on_commit(partial(making.remove, name))


def rename(before: str, after: str) -> None:
    """Retire the name that a picture had ``before``, if it has another one now."""
    if before == after:
        return
    # A credit that is put back brings its old name back, too.
    FormerName.objects.filter(name=after).delete()
    # No file of the new name is made yet.
    Image.objects.filter(rendition_name=after).update(colour="")
    retire(before)
