"""What stands beside a story's form: its state, what is missing, and what happens next."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from articles.desk import bin as desk_bin
from articles.desk import checklist, newsroom_time, outlook, rights, rules, states
from articles.desk.approval import approval_findings
from articles.desk.next_steps import Steps, steps
from articles.models import Article
from articles.publishing import PublicState, public_state
from articles.publishing.states import LIVE_STATES
from articles.readership.of_story import reads_of


@dataclass(frozen=True, slots=True)
class Link:
    """A page about this story. One that ``acts`` changes something; it asks first."""

    label: str
    url: str
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The values that the templates print; what is not for this person is empty."""

    badges: tuple[states.Badge, ...]
    step: str
    note: str
    since: str
    due: str
    is_late: bool
    reads: str
    outlook: tuple[outlook.Line, ...]
    when_url: str
    saved: str
    steps: Steps
    links: tuple[Link, ...]
    asks_about_readers: bool
    site_url: str
    missing: int
    checks: list[checklist.Check]


def panel(article: Article | None, user: Any) -> Panel:
    """The panel of a story for ``user``; of a new one, when there is none yet."""
    story = article or Article()
    is_live = public_state(story) in LIVE_STATES
    may_publish = rights.may_publish(user) and rights.may_change(user, article)
    checks = checklist.checks(_findings(article, user))
    now = timezone.now()
    is_late = story.due_at is not None and story.due_at <= now
    return Panel(
        badges=states.badges(story),
        step=states.step(story),
        note=story.work_note,
        since=desk_bin.until(story) or states.since(story),
        due=_due(story, is_late=is_late),
        is_late=is_late,
        reads=_reads(story, now) if is_live else "",
        outlook=outlook.of(article, now=now) if article else (),
        when_url=reverse("admin:articles_article_when", args=[article.pk]) if article else "",
        saved=f"Saved {states.clock(story.saved_at)}" if article else "Not saved yet",
        steps=steps(story, user=user),
        links=tuple(_links(article, user=user)) if article else (),
        asks_about_readers=may_publish and is_live,
        site_url=story.published.path if is_live else "",
        missing=sum(not check.ok and check.kind == "must" for check in checks),
        checks=checks,
    )


def _due(story: Article, *, is_late: bool) -> str:
    if story.due_at is None:
        return ""
    return f"{'Late: due' if is_late else 'Due'} {newsroom_time.clock(story.due_at)}"


def _reads(story: Article, at: dt.datetime) -> str:
    reads = reads_of(story, at)
    return f"Read {reads.day:,} times in 24 hours, {reads.week:,} times in a week"


def _findings(article: Article | None, user: Any) -> rules.Findings | None:
    """What the words lack; for those who publish, what the approval lacks, too."""
    if article is None:
        return None
    found = rules.check(article, at=timezone.now())
    if not rights.may_publish(user):
        return found
    approval = approval_findings(article, editor=user)
    return rules.Findings((*approval, *found.missing), found.doubts)


def _may_retract(public: PublicState, may_change: bool, *, user: Any) -> bool:  # noqa: FBT001
    was_seen = public in (*LIVE_STATES, PublicState.UNPUBLISHED)
    return was_seen and may_change and rights.may_retract(user)


def _links(article: Article, *, user: Any) -> list[Link]:
    """The pages about this story that ``user`` may open, in their order."""
    public = public_state(article)
    may_change = rights.may_change(user, article)
    is_live = public in LIVE_STATES
    is_over = public is PublicState.RETRACTED
    is_archived = public is PublicState.ARCHIVED
    may_publish = may_change and rights.may_publish(user)
    is_in_bin = article.binned_at is not None
    was_public = public is not PublicState.NONE
    offered = (
        ("Preview", "preview", True, False),
        ("Revisions", "revisions", True, False),
        ("Log", "history", True, False),
        ("What it said", "said", was_public and rights.may_read_archive(user), False),
        ("Share a preview", "share", rights.may_share(user, article), False),
        ("Due", "due", may_change and not is_in_bin, False),
        ("When it goes out", "when", may_change and not is_in_bin and not is_over, False),
        ("Correct", "correct", is_live and may_change and rights.may_correct(user), False),
        ("Copy", "copy", rights.may_copy(user), False),
        ("Unpublish", "unpublish", is_live and may_publish, True),
        ("Archive", "archive", is_live and may_publish and not is_archived, False),
        ("Take it out of the archive", "archive", may_publish and is_archived, False),
        ("Retract", "retract", _may_retract(public, may_change, user=user), False),
        ("Take it out of the bin", "unbin", may_change and is_in_bin, True),
        ("Put in the bin", "bin", may_change and desk_bin.may_hold(article), False),
    )
    return [
        Link(label, reverse(f"admin:articles_article_{name}", args=[article.pk]), acts=acts)
        for label, name, is_offered, acts in offered
        if is_offered
    ]
