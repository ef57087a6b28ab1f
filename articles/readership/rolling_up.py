"""“Most read”: the order of the last 24 hours, worked out by the worker for all pages."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from articles.models import HourlyReads, MostRead, PublishedArticle

SHOWN = 5
"""How many stories a page shows."""
KEPT = 20
"""How many stand by, for where some of those leave the site."""
SPAN = dt.timedelta(hours=24)
# Of so many the first that are on the site: hardly any of what was read a day ago is not.
_LOOKED_AT = 100


def roll_up(at: dt.datetime) -> bool:
    """Work the list out anew as of ``at`` (aware). Out: whether readers see another one.

    While they do not, nothing is written, so that no page ends.
    """
    wanted = _most_read(at)
    with transaction.atomic():
        if _shown(at) == wanted[:SHOWN]:
            return False
        MostRead.objects.all().delete()
        MostRead.objects.bulk_create(
            MostRead(rank=rank, published_id=pk) for rank, pk in enumerate(wanted, start=1)
        )
    return True


def on_fronts(at: Any) -> QuerySet[PublishedArticle]:
    """The stories of the list, as far as they are on the site and out of the archive at ``at``."""
    stories = PublishedArticle.objects.on_fronts(at).filter(most_read__isnull=False)
    return stories.order_by("most_read__rank")


def _shown(at: dt.datetime) -> list[int]:
    return list(on_fronts(at).values_list("pk", flat=True)[:SHOWN])


def _most_read(at: dt.datetime) -> list[int]:
    hours = HourlyReads.objects.filter(hour_at__gt=at - SPAN, hour_at__lte=at)
    totals = hours.values("article").annotate(total=Sum("reads"))
    # Of two that were read as often, the newer one.
    articles = totals.order_by("-total", "-article").values_list("article", flat=True)
    places = {pk: place for place, pk in enumerate(articles[:_LOOKED_AT])}
    stories = PublishedArticle.objects.on_fronts(at).filter(article__in=places)
    found = sorted(stories.values_list("article", "pk"), key=lambda row: places[row[0]])
    return [pk for _, pk in found[:KEPT]]
