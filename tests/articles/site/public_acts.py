"""What the desk's later acts leave in the public rows, written here as publishing would."""

import datetime as dt
from typing import Any

from django.utils import timezone

from articles import composing, publishing
from articles.models import (
    AuthorListing,
    Correction,
    PublishedArticle,
    PublishedVersion,
    SectionListing,
    TopicListing,
)
from articles.site.search import index
from tests import cast

KIND = Correction.Kind


def ago(**time: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**time)


def change(story: PublishedArticle, **fields: Any) -> PublishedArticle:
    """Set public fields past the door, as time or the desk would have."""
    PublishedArticle.objects.filter(pk=story.pk).update(**fields)
    story.refresh_from_db()
    return story


def correct(
    story: PublishedArticle,
    text: str = "The story gave the wrong month.",
    *,
    kind: Correction.Kind = KIND.CORRECTION,
    at: dt.datetime | None = None,
    paragraph: str = "",
    quotes_withheld: bool = False,
) -> Correction:
    """A public note on a story, marked at a paragraph if its words are given."""
    note = Correction.objects.create(
        article_id=story.article_id,
        kind=kind,
        text=text,
        at=at or timezone.now(),
        paragraph=paragraph,
        quotes_withheld=quotes_withheld,
        signature="Lisa Berg",
    )
    _recompose(story)
    return note


def _recompose(story: PublishedArticle) -> None:
    version = story.article.versions.get(number=story.version)
    notes = Correction.objects.filter(article=story.article_id)
    told = composing.compose(version.content, public=story, at=story.changed_at, corrections=notes)
    change(
        story,
        body_html=told.body_html,
        teaser_html=told.teaser_html,
        corrections=told.corrections,
    )


def retract(story: PublishedArticle, text: str = "It rested on a forged letter.") -> Correction:
    note = correct(story, text, kind=KIND.RETRACTION)
    publishing.unpublish(story.article, editor=cast.ed())
    now = timezone.now()
    change(story, retracted_at=now, withdrawn_at=now)
    return note


def archive(story: PublishedArticle) -> None:
    change(story, archived_at=ago(minutes=1))


def pass_take_off(story: PublishedArticle) -> None:
    """The time to leave the site has come, and no worker has seen to it."""
    move(story, published_at=ago(hours=2))
    change(story, off_at=ago(minutes=1))


def move(story: PublishedArticle, *, published_at: dt.datetime) -> None:
    """Let a story have been, or be due, at another time, in every row that copies it."""
    change(story, published_at=published_at)
    for listing in (SectionListing, AuthorListing, TopicListing):
        listing.objects.filter(published=story).update(published_at=published_at)
    index.write(story)


def queue(
    story: PublishedArticle,
    *,
    live_from: dt.datetime | None = None,
    tells_readers: bool = False,
    **changes: Any,
) -> PublishedVersion:
    """An update of a live story, due since a minute unless told otherwise, with no worker up."""
    live_from = live_from or ago(minutes=1)
    old = story.article.versions.get(number=story.version)
    content = old.content | changes
    printed = composing.byline(content)
    content["bylines"] = [
        row | {"name": line["name"]} for row, line in zip(content["bylines"], printed, strict=True)
    ]
    version = PublishedVersion.objects.create(
        article_id=story.article_id,
        number=story.version + 1,
        content=content,
        content_hash=publishing.content_hash(content),
        live_from=live_from,
        queued_on=story.version,
        tells_readers=tells_readers,
    )
    before = min(story.published_at, live_from - dt.timedelta(hours=1))
    PublishedVersion.objects.filter(pk=old.pk).update(live_from=before)
    move(story, published_at=before)
    change(story, next_at=live_from)
    return version
