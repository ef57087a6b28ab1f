"""The numbers of what a story has one after another: its revisions, its published versions."""

from django.db.models import BigIntegerField, Model

from articles.prepared import Prepared


def newest_of(model: type[Model]) -> Prepared[int]:
    """A query for the greatest ``number`` among the rows of an ``article`` (its id)."""
    rows = model._default_manager.order_by("-number").values_list("number", flat=True)
    return Prepared(lambda article: rows.filter(article=article)[:1], article=BigIntegerField())
