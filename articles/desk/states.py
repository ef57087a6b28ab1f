"""The state of a story in the desk's words, for one story and for lists."""

from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from articles.desk.index_parts import InPart
from articles.desk.newsroom_time import clock, sentence, when
from articles.models import Article, PublishedArticle
from articles.models.article import AHEAD, Work
from articles.publishing import PublicState, public_state
from articles.publishing.states import LIVE_STATES

__all__ = [
    "IN_STATE",
    "LIVE_STATES",
    "WORK_BADGES",
    "Badge",
    "badge",
    "badges",
    "clock",
    "since",
    "step",
]


class Badge(NamedTuple):
    """A state as it is shown: the badge's shape, and its word."""

    shape: str
    word: str


BADGES = {
    PublicState.SCHEDULED: Badge("scheduled", "Scheduled"),
    PublicState.LIVE: Badge("live", "Live"),
    PublicState.LIVE_WITH_CHANGES: Badge("changed", "Live, with changes"),
    PublicState.ARCHIVED: Badge("archived", "Archived"),
    PublicState.UNPUBLISHED: Badge("unpublished", "Unpublished"),
    PublicState.RETRACTED: Badge("retracted", "Retracted"),
}
WORK_BADGES = {
    Work.DRAFT: Badge("draft", "Draft"),
    Work.IN_REVIEW: Badge("review", "In review"),
    Work.CHANGES_REQUESTED: Badge("changes", "Changes asked"),
    Work.APPROVED: Badge("approved", "Approved"),
}
_BINNED = Badge("bin", "In the bin")

_ON = Q(off_at=None) | Q(off_at__gt=Now())
_LIVE = _ON & Q(withdrawn_at=None, published_at__lte=Now())


def _one_of(*public: Q) -> Q:
    """Stories whose public row is one of a few: these are looked up first."""
    first, *others = (
        PublishedArticle.objects.filter(condition).order_by().values("article")
        for condition in public
    )
    return Q(pk__in=first.union(*others, all=True) if others else first)


def _held(**condition: Any) -> Q:
    """Public rows that an index holds no others than: it is read before anything else is asked."""
    return Q(pk__in=PublishedArticle.objects.filter(**condition).order_by().values("pk"))


def _is(public: Q) -> Q:
    """Stories whose public row is one of very many: looked up for each of a list."""
    return Q(Exists(PublishedArticle.objects.filter(public, article=OuterRef("pk"))))


_ON_FRONTS = _is(_LIVE & Q(archived_at=None))
# The same states as ``publishing.public_state``, for a list's filter.
IN_STATE = {
    PublicState.NONE: Q(public_revision=None),
    PublicState.SCHEDULED: _one_of(_ON & Q(withdrawn_at=None, published_at__gt=Now())),
    PublicState.LIVE: Q(head__lte=F("public_revision")) & _ON_FRONTS,
    PublicState.LIVE_WITH_CHANGES: AHEAD & Q(InPart(AHEAD)) & _ON_FRONTS,
    PublicState.ARCHIVED: _one_of(_LIVE & _held(archived_at__isnull=False)),
    PublicState.UNPUBLISHED: _one_of(
        Q(retracted_at=None, withdrawn_at__isnull=False),
        # The same as without the first half, and an index holds no others.
        Q(retracted_at=None, withdrawn_at=None, off_at__lte=Now()),
    ),
    # Each is withdrawn, too, and those are few in an index.
    PublicState.RETRACTED: _one_of(Q(withdrawn_at__isnull=False, retracted_at__isnull=False)),
}


def badges(article: Article) -> tuple[Badge, ...]:
    """A story's badges: where it stands on the site, and where its next draft stands at the desk.

    A story that was never on the site has the latter only; a draft without news is not named.
    """
    if article.binned_at is not None:
        return (_BINNED,)
    public, work = public_state(article), Work(article.work)
    if public is PublicState.NONE:
        return (WORK_BADGES[work],)
    if work == Work.DRAFT or public is PublicState.RETRACTED:
        return (BADGES[public],)
    if public is PublicState.LIVE_WITH_CHANGES:
        public = PublicState.LIVE
    return (BADGES[public], WORK_BADGES[work])


def badge(article: Article) -> Badge:
    """The first of a story's badges, where there is room for one."""
    return badges(article)[0]


def since(article: Article) -> str:
    """A sentence on how long it has been on the site, or off; empty if nobody ever saw it."""
    state = public_state(article)
    if state in (PublicState.NONE, PublicState.SCHEDULED):
        return ""
    story = article.published
    if story.retracted_at is not None:
        return f"Retracted {clock(story.retracted_at)}"
    off_at = story.withdrawn_at or story.off_at
    if state is PublicState.UNPUBLISHED and off_at is not None:
        return f"Taken off the site {clock(off_at)}"
    live = f"On the site since {clock(story.published_at)}"
    if story.archived_at is not None:
        return f"{sentence(live)} In the archive since {clock(story.archived_at)}"
    if state is PublicState.LIVE_WITH_CHANGES:
        out = clock(story.changed_at)
        return f"{sentence(live)} Readers do not see what was saved after {out}"
    return live


def step(article: Article) -> str:
    """A sentence on the last step at the desk: who did it, and when; empty for a draft."""
    work = Work(article.work)
    if work == Work.DRAFT:
        return ""
    who = article.work_by.get_full_name() if article.work_by else "Someone"
    at = when(article.work_since)
    if work == Work.IN_REVIEW and article.approved_revision is not None:
        return sentence(f"{who} changed it {at}, after it was approved")
    done = {
        Work.IN_REVIEW: "sent it to the desk",
        Work.CHANGES_REQUESTED: "asked for changes",
        Work.APPROVED: "approved it",
    }[work]
    return sentence(f"{who} {done} {at}")
