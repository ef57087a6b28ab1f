"""What lies ahead of a story, in sentences: its schedule, its take-off, its embargo."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from articles import publishing
from articles.desk.newsroom_time import clock, sentence
from articles.models import Article, PublishedVersion
from articles.publishing import Waiting

SOON = dt.timedelta(minutes=10)
"""Before a text that nobody approved goes out, the desk is told so for this long."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. ``changes``: there are changes that could be put in."""

    text: str
    is_urgent: bool = False
    changes: bool = False


def of(article: Article, *, now: dt.datetime) -> tuple[Line, ...]:
    """The sentences about ``article`` at ``now`` (aware)."""
    return tuple(_lines(article, now))


def _lines(article: Article, now: dt.datetime) -> Iterator[Line]:
    waits = publishing.waiting(article)
    if waits is not None:
        yield Line(_scheduled(waits), changes=waits.changes_since > 0)
        if not waits.is_approved and waits.at - now <= SOON:
            yield Line(f"It goes out {_within(waits.at, now)}, not approved.", is_urgent=True)
    public = getattr(article, "published", None)
    if public is not None and public.off_at is not None and public.off_at > now:
        yield Line(sentence(f"It leaves the site {clock(public.off_at)}"))
    if article.embargo_until is not None and article.embargo_until > now:
        until = f"Under embargo until {clock(article.embargo_until)}"
        yield Line(f"{until}, asked for by {article.embargo_source}.")


def _scheduled(waits: Waiting) -> str:
    what = "An update is scheduled for" if waits.is_update else "Scheduled for"
    text = f"{what} {clock(waits.at)}"
    if not waits.changes_since:
        return sentence(text)
    changes = (
        "1 change since is"
        if waits.changes_since == 1
        else f"{waits.changes_since} changes since are"
    )
    return f"{text}, {changes} not in it."


def warnings(now: dt.datetime) -> tuple[str, ...]:
    """What must not be overlooked at ``now`` (aware): what is late, what goes out unapproved."""
    return (*_late(now), *_unapproved(now))


def _late(now: dt.datetime) -> Iterator[str]:
    late = publishing.late(now)
    if late:
        names = ", ".join(f"“{each.headline}”" for each in late[:MOST])
        more = f" and {len(late) - MOST} more" if len(late) > MOST else ""
        yield (
            f"The worker lags: since {clock(late[0].due_at)} it has not seen to {names}{more}. "
            "Readers see what is due all the same; mails and lists follow when it runs."
        )


def _unapproved(now: dt.datetime) -> Iterator[str]:
    soon = PublishedVersion.objects.filter(
        withdrawn_at=None, live_from__gt=now, live_from__lte=now + SOON, approved_by=None
    )
    # Each of them was made before now. Said, it leads into an index of such alone.
    soon = soon.filter(live_from__gt=F("created_at"))
    for version in soon.select_related("article").defer("content").order_by("live_from")[:MOST]:
        yield f"“{version.article}” goes out {_within(version.live_from, now)}, not approved."


def _within(at: dt.datetime, now: dt.datetime) -> str:
    minutes = max(1, round((at - now).total_seconds() / 60))
    return f"in {minutes} minute{'' if minutes == 1 else 's'}"
