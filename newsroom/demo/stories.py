"""The stories of the demo: written at the desk, published through the door."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import User
from articles import body, publishing
from articles.desk import revisions
from articles.models import (
    Announcement,
    Article,
    Author,
    Byline,
    Image,
    Section,
    Source,
    Takeaway,
    Topic,
)
from newsroom.demo.reading import Document, documents

FIGURE = re.compile(r'(<figure data-image=")([a-z-]+)(")')
# Words of a story's own front matter that are fields of ``Article`` as they stand.
PLAIN = ("headline", "short_headline", "standfirst", "slug", "kind", "access", "dateline")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stories refer to by key, and who works on them."""

    users: Mapping[str, User]
    authors: Mapping[str, Author]
    sections: Mapping[str, Section]
    topics: Mapping[str, Topic]
    pictures: Mapping[str, Image]


def fill_the_paper(shelf: Shelf, *, now: dt.datetime) -> int:
    """Write and publish every story at its age before ``now``, oldest first; returns how many.

    What went out in the past was told in the past: no reader gets mail about it today.
    """
    stories = sorted(documents("stories"), key=lambda story: -story.facts["minutes_ago"])
    for story in stories:
        article = write(story, shelf)
        at = now - dt.timedelta(minutes=story.facts["minutes_ago"])
        publishing.publish(article, editor=shelf.users["editor"], at=at)
        if "correction" in story.facts:
            correct(article, story.facts["correction"], editor=shelf.users["editor"])
    Announcement.objects.filter(done_at=None, due_at__lte=now).update(
        claimed_at=now, done_at=timezone.now()
    )
    return len(stories)


def correct(article: Article, facts: dict[str, Any], *, editor: User) -> None:
    """Put right in public what the story got wrong."""
    correcting = publishing.Correcting(**facts)
    publishing.correct(article, editor=editor, correcting=correcting, tell_readers=False)


def write(story: Document, shelf: Shelf) -> Article:
    """The working copy of a story with its ordered rows, and its first revision."""
    facts = story.facts
    names = [shelf.authors[line["author"]] for line in facts.get("bylines", [])]
    writer = next((name.user for name in names if name.user), None) or shelf.users["editor"]
    article = Article.objects.create(
        **{field: facts[field] for field in PLAIN},
        prominence=facts.get("prominence", "normal"),
        section=shelf.sections[facts["section"]],
        body=body.sanitise(with_pictures(story.body, shelf.pictures)),
        lead_image=shelf.pictures[facts["picture"]] if facts.get("picture") else None,
        lead_caption=facts.get("picture_caption", ""),
        internal_note=facts.get("internal_note", ""),
        created_by=writer,
    )
    _put_in_order(article, facts, names)
    article.topics.set(shelf.topics[slug] for slug in facts["topics"])
    revisions.keep(article, editor=writer)
    return article


def _put_in_order(article: Article, facts: dict[str, Any], names: list[Author]) -> None:
    Byline.objects.bulk_create(
        Byline(article=article, author=name, role=line.get("role", ""), position=position)
        for position, (name, line) in enumerate(zip(names, facts.get("bylines", []), strict=True))
    )
    Takeaway.objects.bulk_create(
        Takeaway(article=article, position=position, **takeaway)
        for position, takeaway in enumerate(facts.get("takeaways", []))
    )
    Source.objects.bulk_create(
        Source(article=article, position=position, **source)
        for position, source in enumerate(facts.get("sources", []))
    )


def with_pictures(html: str, pictures: Mapping[str, Image]) -> str:
    """The body with the keys of its figures turned into numbers. Raises ``KeyError``."""
    return FIGURE.sub(lambda found: f"{found[1]}{pictures[found[2]].pk}{found[3]}", html)
