"""What stands beside a story's form: its state, what is missing, and what happens next."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from articles.desk import checklist, rights, rules, states
from articles.models import Article
from articles.publishing import PublicState, public_state

_NEXT = {
    PublicState.NONE: "Publish",
    PublicState.LIVE: "Publish changes",
    PublicState.LIVE_WITH_CHANGES: "Publish changes",
    PublicState.UNPUBLISHED: "Publish again",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """The values that the templates print; a button that is not for this person is empty."""

    state: str
    label: str
    since: str
    saved: str
    publish: str
    may_unpublish: bool
    may_read_archive: bool
    asks_about_readers: bool
    site_url: str
    missing: int
    checks: list[checklist.Check]


def panel(article: Article | None, user: Any) -> Panel:
    """The panel of a story for ``user``; of a new one, when there is none yet."""
    story = article or Article()
    public = public_state(story)
    is_live = public in (PublicState.LIVE, PublicState.LIVE_WITH_CHANGES)
    may_publish = rights.may_publish(user) and rights.may_change(user, article)
    findings = rules.check(article, at=timezone.now()) if article else None
    checks = checklist.checks(findings)
    state, label = states.badge(story)
    return Panel(
        state=state,
        label=label,
        since=states.since(story),
        saved=f"Saved {states.clock(story.saved_at)}" if article else "Not saved yet",
        publish=_NEXT[public] if may_publish else "",
        may_unpublish=may_publish and is_live,
        may_read_archive=public is not PublicState.NONE and rights.may_read_archive(user),
        asks_about_readers=may_publish and is_live,
        site_url=story.published.path if is_live else "",
        missing=sum(not check.ok and check.kind == "must" for check in checks),
        checks=checks,
    )
