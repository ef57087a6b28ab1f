"""Where a story stands on the site, and what of it waits (rules §1, the public axis)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from articles.models import Article, PublishedArticle, Revision


class PublicState(StrEnum):
    """Where a story stands on the site."""

    NONE = "none"
    SCHEDULED = "scheduled"
    LIVE = "live"
    LIVE_WITH_CHANGES = "live_with_changes"
    ARCHIVED = "archived"
    UNPUBLISHED = "unpublished"
    RETRACTED = "retracted"


LIVE_STATES = (PublicState.LIVE, PublicState.LIVE_WITH_CHANGES, PublicState.ARCHIVED)


def public_state(article: Article) -> PublicState:
    """The public state of a story; pass it with ``select_related("published")`` in lists."""
    published = getattr(article, "published", None)
    return PublicState.NONE if published is None else _state(article, published, timezone.now())


def _state(article: Article, published: PublishedArticle, now: dt.datetime) -> PublicState:
    if published.retracted_at is not None:
        return PublicState.RETRACTED
    if published.withdrawn_at is not None or (published.off_at and published.off_at <= now):
        return PublicState.UNPUBLISHED
    if published.published_at > now:
        return PublicState.SCHEDULED
    if published.archived_at is not None:
        return PublicState.ARCHIVED
    if article.head > published.revision:
        return PublicState.LIVE_WITH_CHANGES
    return PublicState.LIVE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that goes out by itself: the first publication, or an update of a live story."""

    at: dt.datetime
    is_update: bool
    version: int
    revision: int
    changes_since: int
    """How many saves of the desk are not in it."""
    is_approved: bool


def waiting(article: Article) -> Waiting | None:
    """What of a story is scheduled, or None."""
    published = getattr(article, "published", None)
    if published is None or published.withdrawn_at is not None:
        return None
    at = published.next_at or published.published_at
    if at <= timezone.now():
        return None
    version = article.versions.filter(withdrawn_at=None, live_from=at).order_by("-number").first()
    if version is None:
        return None
    since = article.revisions.filter(number__gt=version.revision)
    return Waiting(
        at=at,
        is_update=published.next_at is not None,
        version=version.number,
        revision=version.revision,
        changes_since=since.exclude(reason__in=Revision.BESIDE).count(),
        is_approved=version.approved_by_id is not None,
    )
