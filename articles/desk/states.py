"""The state of a story in the desk's words, for one story and for lists."""

from django.db.models import F, Q
from django.db.models.functions import Now

from articles.desk.clock import clock as clock
from articles.models import Article
from articles.publishing import PublicState, public_state
from articles.publishing.states import LIVE_STATES as LIVE_STATES

# The badge's shape, and its word.
BADGES = {
    PublicState.NONE: ("draft", "Draft"),
    PublicState.SCHEDULED: ("scheduled", "Scheduled"),
    PublicState.LIVE: ("live", "Live"),
    PublicState.LIVE_WITH_CHANGES: ("changed", "Live, with changes"),
    PublicState.ARCHIVED: ("archived", "Archived"),
    PublicState.UNPUBLISHED: ("unpublished", "Unpublished"),
    PublicState.RETRACTED: ("retracted", "Retracted"),
}

_HELD = Q(published__isnull=False, published__withdrawn_at=None)
_ON = Q(published__off_at=None) | Q(published__off_at__gt=Now())
_LIVE = _HELD & _ON & Q(published__published_at__lte=Now())
_ON_FRONTS = _LIVE & Q(published__archived_at=None)
# The same states as ``publishing.public_state``, for a list's filter.
IN_STATE = {
    PublicState.NONE: Q(published=None),
    PublicState.SCHEDULED: _HELD & _ON & Q(published__published_at__gt=Now()),
    PublicState.LIVE: _ON_FRONTS & Q(head__lte=F("published__revision")),
    PublicState.LIVE_WITH_CHANGES: _ON_FRONTS & Q(head__gt=F("published__revision")),
    PublicState.ARCHIVED: _LIVE & Q(published__archived_at__isnull=False),
    PublicState.UNPUBLISHED: Q(published__retracted_at=None)
    & (Q(published__withdrawn_at__isnull=False) | Q(published__off_at__lte=Now())),
    PublicState.RETRACTED: Q(published__retracted_at__isnull=False),
}


def badge(article: Article) -> tuple[str, str]:
    """The (shape, word) of a story's badge."""
    return BADGES[public_state(article)]


def since(article: Article) -> str:
    """A sentence on how long it has been so; empty for a draft."""
    state = public_state(article)
    if state is PublicState.NONE:
        return ""
    story = article.published
    if story.withdrawn_at is not None:
        return f"Taken off the site {clock(story.withdrawn_at)}"
    live = f"On the site since {clock(story.published_at)}"
    if state is PublicState.LIVE_WITH_CHANGES:
        # A clock's "p.m." ends the sentence by itself.
        out = clock(story.changed_at)
        return f"{live.removesuffix('.')}. Readers do not see what was saved after {out}"
    return live
