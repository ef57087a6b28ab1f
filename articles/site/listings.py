"""Listing rows of stories that are live: a story may leave the site by time alone."""

import datetime as dt
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from articles.models import AuthorListing, PublishedArticle, SectionListing, TopicListing

Row = TypeVar("Row", SectionListing, AuthorListing, TopicListing)


def live(rows: QuerySet[Row], at: dt.datetime) -> QuerySet[Row]:
    """The rows of stories that a reader may see at ``at`` (aware)."""
    return _among(rows, PublishedArticle.objects.live(at), at)


def on_fronts(rows: QuerySet[Row], at: dt.datetime) -> QuerySet[Row]:
    """The same without the stories from the archive."""
    return _among(rows, PublishedArticle.objects.on_fronts(at), at)


def _among(
    rows: QuerySet[Row], stories: QuerySet[PublishedArticle], at: dt.datetime
) -> QuerySet[Row]:
    # The time of the row itself is what the index of a list is walked by.
    is_one = Exists(stories.filter(pk=OuterRef("published")).order_by())
    return rows.filter(is_one, published_at__lte=at)
