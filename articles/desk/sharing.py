"""Showing an unpublished story to somebody outside: links that end, can be ended, and are logged.

A link always shows the newest saved text. Nothing else writes ``PreviewLink`` and ``PreviewVisit``.
"""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from ua_parser import parse

from articles import events
from articles.models import Article, Event, PreviewLink, PreviewVisit
from articles.publishing import PublicState, public_state

DEFAULT_DAYS = 7
MOST_DAYS = 30
MOST_VISITS = 1000
"""Kept for each link: who opens one again and again fills no database."""
VISITS_KEPT = dt.timedelta(days=90)

_KEY_BYTES = 24
_LONGEST_BROWSER_NAME = 500


class NotShared(Exception):
    """The story may not be shown outside; the text says why."""


def share(
    article: Article,
    *,
    by: Any,
    label: str,
    days: int = DEFAULT_DAYS,
    as_reader: str = PreviewLink.View.WHOLE,
) -> tuple[PreviewLink, str]:
    """Make a link for ``label`` that ends after ``days`` (1 to 30); the link and its key.

    The key is kept nowhere: this is the only time it is there. Raises ``NotShared``.
    """
    label = label.strip()
    if not label or not 1 <= days <= MOST_DAYS:
        raise ValueError("A preview is for someone, and for 1 to 30 days.")
    now = timezone.now()
    key = secrets.token_urlsafe(_KEY_BYTES)
    with transaction.atomic():
        # Under the lock, so that no embargo is set between the look and the link.
        article = Article.objects.select_for_update().get(pk=article.pk)
        if refusal := why_not(article, by=by, at=now):
            raise NotShared(refusal)
        link = PreviewLink.objects.create(
            article=article,
            key_hash=_hashed(key),
            label=label,
            as_reader=as_reader,
            survives_embargo=by.has_perm("articles.lift_embargo"),
            created_at=now,
            created_by=by,
            expires_at=now + dt.timedelta(days=days),
        )
        _record(Event.Kind.PREVIEW_SHARED, link, by=by)
    return link, key


def why_not(article: Article, *, by: Any, at: dt.datetime) -> str:
    """Why ``by`` may not share the story now, as a sentence; "" if nothing is in the way."""
    if article.binned_at is not None:
        return "The story is in the bin. Take it out first."
    if public_state(article) is PublicState.RETRACTED:
        return "The story was retracted. It is not shown outside any more."
    if _is_embargoed(article, at) and not by.has_perm("articles.lift_embargo"):
        return (
            "The story is under embargo. Until then, only those who may lift the embargo may "
            "share it."
        )
    return ""


def end(link: PreviewLink, *, by: Any) -> bool:
    """End a link at once. Out: whether it was still open."""
    now = timezone.now()
    with transaction.atomic():
        was_open = PreviewLink.objects.filter(pk=link.pk, revoked_at=None, expires_at__gt=now)
        if not was_open.update(revoked_at=now, revoked_by=by):
            return False
        _record(Event.Kind.PREVIEW_REVOKED, link, by=by)
    return True


def find(key: str) -> PreviewLink | None:
    """The link with this key, whether it is open or has ended. One query."""
    links = PreviewLink.objects.select_related("article__published")
    return links.filter(key_hash=_hashed(key)).first()


def has_ended(link: PreviewLink, *, at: dt.datetime) -> bool:
    """Whether the link is over for good: its time is up, or it was ended."""
    return link.revoked_at is not None or link.expires_at <= at


def is_held(link: PreviewLink, *, at: dt.datetime) -> bool:
    """Whether the story is not to be shown just now: in the bin, retracted, under embargo."""
    article = link.article
    if article.binned_at is not None or public_state(article) is PublicState.RETRACTED:
        return True
    return _is_embargoed(article, at) and not link.survives_embargo


def note_visit(link: PreviewLink, *, user_agent: str, at: dt.datetime) -> None:
    """Write down that somebody opened the link, and roughly with what."""
    if not link.visits.order_by()[MOST_VISITS - 1 : MOST_VISITS].exists():
        PreviewVisit.objects.create(link=link, at=at, browser=_browser(user_agent))


def forget_old_visits() -> None:
    """Remove visits of three months ago."""
    PreviewVisit.objects.filter(at__lt=timezone.now() - VISITS_KEPT).delete()


def _is_embargoed(article: Article, at: dt.datetime) -> bool:
    return article.embargo_until is not None and article.embargo_until > at


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _browser(user_agent: str) -> str:
    """As "Firefox on Linux"; "" for what nobody knows."""
    result = parse(user_agent[:_LONGEST_BROWSER_NAME]).with_defaults()
    names = (result.user_agent.family, result.os.family)
    return " on ".join(name for name in names if name != "Other")[:120]


def _record(kind: Event.Kind, link: PreviewLink, *, by: Any) -> None:
    events.record(
        kind,
        actor=by,
        target_kind="article",
        target_id=link.article_id,
        target_name=link.article.headline,
        note=f"For {link.label}",
        details={"link": link.pk, "until": link.expires_at.isoformat(timespec="seconds")},
    )
