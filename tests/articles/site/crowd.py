"""Many stories at once, for counting queries: rows written in bulk, past the door's checks."""

import datetime as dt

from django.utils import timezone

from articles.models import (
    Article,
    AuthorListing,
    PublishedArticle,
    Section,
    SectionListing,
    TopicListing,
)
from tests import cast


def gather(*, stories: int, sections: int) -> list[PublishedArticle]:
    """``stories`` live stories spread over ``sections`` sections, each with picture and topic.

    Called again, it adds older ones.
    """
    cast.make_publication()
    there = Article.objects.count()
    rooms = [
        Section.objects.get_or_create(
            slug=f"section-{n}", defaults={"name": f"Section {n}", "position": n}
        )[0]
        for n in range(sections)
    ]
    image, author, topic = cast.make_image(), cast.lisa(), cast.make_topic()
    articles = Article.objects.bulk_create(
        Article(headline=f"Story {n}", slug=f"story-{n}", head=1, public_revision=1)
        for n in range(there, there + stories)
    )
    now = timezone.now()
    published = PublishedArticle.objects.bulk_create(
        _row(article, rooms[n % sections], image, author, at=now - dt.timedelta(minutes=n + 1))
        for n, article in enumerate(articles, start=there)
    )
    _list(published, author=author.pk, topic=topic.pk)
    return published


def _row(article, section, image, author, *, at: dt.datetime) -> PublishedArticle:
    number = int(article.slug.removeprefix("story-"))
    return PublishedArticle(
        article=article,
        path=f"/2025/01/01/{article.slug}/",
        version=1,
        revision=1,
        section=section,
        kind="opinion" if number % 5 == 0 else "news",
        language="en",
        headline=article.headline,
        standfirst="What happened.",
        prominence={0: "lead", 1: "second"}.get(number % 4, "normal"),
        prominent_since=at,
        body_html=cast.PARAGRAPH * 5,
        teaser_html=cast.PARAGRAPH * 2,
        word_count=230,
        lead_image=image,
        byline=[{"author": author.pk, "name": author.name, "role": ""}],
        takeaways=[],
        sources=[],
        access=("free", "premium", "registered")[number % 3],
        published_at=at,
        changed_at=at,
    )


def _list(published: list[PublishedArticle], *, author: int, topic: int) -> None:
    for listing, thing in (
        (SectionListing, lambda row: {"section_id": row.section_id}),
        (AuthorListing, lambda row: {"author_id": author}),
        (TopicListing, lambda row: {"topic_id": topic}),
    ):
        listing.objects.bulk_create(
            listing(published=row, published_at=row.published_at, **thing(row)) for row in published
        )
