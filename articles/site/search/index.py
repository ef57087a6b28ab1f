"""Keeping the index, inside the transaction that publishes.

It holds what an anonymous reader may see and nothing else, so that neither a hit nor the lack of
one tells anything about withheld words.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from articles import body
from articles.models import PublishedArticle, Topic, TopicListing
from articles.prepared import Prepared
from articles.site.paywall import decide
from articles.site.presenters import shown_html, takeaways_of
from articles.site.reader import ANONYMOUS
from articles.site.reading import subject
from articles.site.search.engines import engine
from articles.site.search.words import fold


def write(published: PublishedArticle) -> None:
    """Index a story as it is now public, or anew. Its topics are those it is listed under."""
    text = public_text(published, _topics_of(published=published.pk))
    engine().write(published.pk, published.published_at, fold(text))


_topics_of = Prepared(
    lambda published: Topic.objects.filter(listings__published=published).values_list(
        "name", flat=True
    ),
    published=BigIntegerField(),
)


def remove(published_id: int) -> None:
    """Forget a story; nothing happens if it is not there."""
    column = "published_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM search_index WHERE {column} = %s", [published_id])  # noqa: S608


def public_text(published: PublishedArticle, topics: Iterable[str]) -> str:
    """The words of a story that anybody may read."""
    decision = decide(subject(published), ANONYMOUS, timezone.now())
    points = takeaways_of(published, decision)
    parts = [
        published.headline,
        published.short_headline,
        published.standfirst,
        *(line["name"] for line in published.byline),
        *topics,
        *(f"{point.label} {point.text}" for point in points),
        body.plain_text(shown_html(published, decision)),
    ]
    return "\n".join(part for part in parts if part)


@transaction.atomic
def rebuild(*, chunk: int = 500) -> int:
    """Make the index anew from what is public; the number of stories in it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_index")
    written = 0
    listed = TopicListing.objects.select_related("topic")
    for published in _public().iterator(chunk_size=chunk):
        topics = [row.topic.name for row in listed.filter(published=published.pk)]
        text = public_text(published, topics)
        engine().write(published.pk, published.published_at, fold(text))
        written += 1
    return written


def counts() -> tuple[int, int]:
    """How many stories are indexed, and how many should be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_index")
        return int(cursor.fetchone()[0]), _public().count()


def _public() -> QuerySet[PublishedArticle]:
    return PublishedArticle.objects.indexed()
