"""Bringing the parts of a story's page together: three queries beside the frame.

While an update is due that nobody has promoted, up to three more (see ``due``).
"""

import datetime as dt
from collections.abc import Iterable

from django.db import models

from articles import body
from articles.models import PublishedArticle, Section
from articles.prepared import Prepared
from articles.site import cards, leads, things
from articles.site.due import Shown
from articles.site.frame import Frame
from articles.site.paywall import Decision, Reason, Story
from articles.site.presenters import ArticlePage, shown_html
from articles.site.reader import ANONYMOUS, Reader
from articles.site.things import Things

RELATED = 4

_live_story = Prepared(
    lambda at, path: (
        PublishedArticle.objects.live(at).filter(path=path).select_related(*leads.WITH_PICTURES)
    ),
    at=models.DateTimeField(),
    path=models.CharField(),
)


def live_story(path: str, at: dt.datetime) -> PublishedArticle | None:
    """The story a reader may see at this address, or None. One query."""
    return next(iter(_live_story(at=at, path=path)), None)


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
    shown: Shown, decision: Decision, *, frame: Frame, at: dt.datetime, reader: Reader = ANONYMOUS
) -> ArticlePage:
    """The page of what is shown of a public story at ``at`` (aware). Two queries."""
    story = shown.story
    named = _things(shown, decision, at)
    if shown.is_composed:
        _name(shown, named, frame)
    latest, related = _around(story, named, frame, at)
    return ArticlePage.build(
        story,
        decision,
        things=named,
        frame=frame,
        at=at,
        latest=latest,
        related=related,
        meter=reader.meter if decision.reason == Reason.METERED else None,
        is_signed_in=reader.is_registered,
    )


def _things(shown: Shown, decision: Decision, at: dt.datetime) -> Things:
    story, authors = shown.story, author_ids(shown.story)
    images = body.image_ids(shown_html(story, decision))
    if shown.topics is None:
        return things.of_story(
            story.pk, section=story.section_id, authors=authors, images=images, at=at
        )
    if story.lead_image_id:
        images = [*images, story.lead_image_id]
    return things.by_ids(
        authors=authors, topics=shown.topics, images=images, section=story.section_id, at=at
    )


def _name(shown: Shown, named: Things, frame: Frame) -> None:
    """Give a composed story its section, with its fallback, and lead picture, all read already.

    What was deleted meanwhile must lead to no query: the section stays the one so far.
    """
    story = shown.story
    item = next((item for item in frame.sections if item.id == story.section_id), None)
    if item:
        section = Section(pk=item.id, name=item.name, slug=item.slug)
        section.fallback_image = named.fallback
    story.section = section if item else shown.section
    story.lead_image = named.images.get(story.lead_image_id or 0)


def preview_of(
    story: PublishedArticle,
    decision: Decision,
    *,
    topics: Iterable[int],
    frame: Frame,
    at: dt.datetime,
) -> ArticlePage:
    """The page that publishing would make of a composed, unsaved ``story``, as of ``at``."""
    named = things.by_ids(
        authors=author_ids(story),
        topics=topics,
        images=body.image_ids(shown_html(story, decision)),
        at=at,
    )
    return ArticlePage.build(story, decision, things=named, frame=frame, at=at)


def author_ids(story: PublishedArticle) -> list[int]:
    return [line["author"] for line in story.byline]


def _around(
    story: PublishedArticle, named: Things, frame: Frame, at: dt.datetime
) -> tuple[list[cards.Card], list[cards.Card]]:
    """The newest stories beside this one, and the related ones below it: each once. One query."""
    beside = named.nearby.beside(story.pk)
    below = named.nearby.related(but={story.pk, *beside})
    found = cards.by_ids([*beside, *below], at=at)
    newest = [other for other in found if other.pk in beside]
    related = [other for other in found if other.pk not in beside][:RELATED]
    return cards.cards_of(newest, frame.zone, at), cards.cards_of(related, frame.zone, at)
