"""Bringing the parts of a story's page together: three queries beside the frame."""

import datetime as dt
from collections.abc import Iterable

from articles import body
from articles.models import PublishedArticle
from articles.site import cards, things
from articles.site.frame import Frame
from articles.site.paywall import Decision, Story
from articles.site.presenters import ArticlePage, shown_html

LATEST_BESIDE_A_STORY = 4


def live_story(path: str, at: dt.datetime) -> PublishedArticle | None:
    """The story a reader may see at this address, or None. One query."""
    return (
        PublishedArticle.objects.live(at)
        .filter(path=path)
        .select_related("section", "lead_image")
        .first()
    )


def moved_to(path: str, at: dt.datetime) -> str | None:
    """Where the story that once stood at this address is now, or None. One query."""
    return (
        PublishedArticle.objects.live(at)
        .filter(article__redirects__path=path)
        .values_list("path", flat=True)
        .first()
    )


def subject(story: PublishedArticle) -> Story:
    """What the paywall needs to know of a story."""
    return Story(id=story.article_id, access=story.access)


def page_of(
    story: PublishedArticle, decision: Decision, *, frame: Frame, at: dt.datetime
) -> ArticlePage:
    """The page of a public story at ``at`` (aware) under ``decision``. Two queries."""
    named = things.of_story(
        story.pk,
        authors=author_ids(story),
        images=body.image_ids(shown_html(story, decision)),
    )
    return ArticlePage.build(
        story, decision, things=named, frame=frame, latest=_latest(story, frame, at)
    )


def preview_of(
    story: PublishedArticle, decision: Decision, *, topics: Iterable[int], frame: Frame
) -> ArticlePage:
    """The page that publishing would make of a composed, unsaved ``story``. One query."""
    named = things.by_ids(
        authors=author_ids(story),
        topics=topics,
        images=body.image_ids(shown_html(story, decision)),
    )
    return ArticlePage.build(story, decision, things=named, frame=frame)


def author_ids(story: PublishedArticle) -> list[int]:
    return [line["author"] for line in story.byline]


def _latest(story: PublishedArticle, frame: Frame, at: dt.datetime) -> list[cards.Card]:
    newest = cards.for_cards(PublishedArticle.objects.live(at).newest_first())
    others = [other for other in newest[: LATEST_BESIDE_A_STORY + 1] if other.pk != story.pk]
    return cards.cards_of(others[:LATEST_BESIDE_A_STORY], frame.zone, at)
