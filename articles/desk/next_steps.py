"""What this person may do next with a story: one step that leads on, and others beside it.

These are the buttons. Who presses one that is not there is refused by the act itself.
"""

from dataclasses import dataclass
from typing import Any

from articles.desk import approval, rights, workflow
from articles.models import Article
from articles.models.article import Work
from articles.publishing import PublicState, public_state


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the story's form: it saves, and then does what ``name`` stands for."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Steps:
    """``next`` is the black button, if there is one for this person; ``beside`` are the others.

    ``may_ask``: beside them is a box with a note that asks for changes.
    """

    next: Act | None = None
    beside: tuple[Act, ...] = ()
    may_ask: bool = False

    @property
    def may_send_a_note(self) -> bool:
        """Whether a note may go with the story to the desk."""
        return SUBMIT in (self.next, *self.beside)


SUBMIT = Act("_submit", "Send to the desk")
APPROVE = Act("_approve", "Approve")
TAKE_BACK = Act("_take_back", "Take it back")
_PUBLISH = {
    PublicState.NONE: "Publish now",
    PublicState.SCHEDULED: "Publish now",
    PublicState.ARCHIVED: "Publish changes",
    PublicState.LIVE: "Publish changes",
    PublicState.LIVE_WITH_CHANGES: "Publish changes",
    PublicState.UNPUBLISHED: "Publish again",
}


def steps(article: Article, *, user: Any) -> Steps:
    """The buttons of ``article`` (a new one is not saved yet) for ``user``."""
    is_new = article.pk is None
    if not rights.may_change(user, None if is_new else article):
        return Steps()
    public = public_state(article)
    if article.binned_at is not None or public is PublicState.RETRACTED:
        return Steps()
    publish = _publish(article, public, user=user)
    if article.work == Work.IN_REVIEW:
        return _in_review(article, publish, user=user)
    if article.work == Work.APPROVED:
        return Steps(publish, may_ask=rights.may_approve(user))
    if article.work == Work.CHANGES_REQUESTED and not rights.is_own(user, article):
        # It is the writers' turn; an editor who made the changes sends it on.
        return Steps(None, (SUBMIT,))
    return Steps(publish, (SUBMIT,)) if publish else Steps(SUBMIT)


def _in_review(article: Article, publish: Act | None, *, user: Any) -> Steps:
    if rights.may_approve(user):
        own_words = approval.needs_four_eyes(article) and user.pk in approval.writers(article)
        beside = (publish,) if publish else ()
        return Steps(None if own_words else APPROVE, beside, may_ask=True)
    return Steps(None, (TAKE_BACK,) if workflow.may_take_back(user, article) else ())


def _publish(article: Article, public: PublicState, *, user: Any) -> Act | None:
    """The button that publishes, unless the approval that is lacking would refuse it anyway."""
    if public not in _PUBLISH or not rights.may_publish(user):
        return None
    if article.pk is not None and approval.approval_findings(article, editor=user):
        return None
    return Act("_publish", _PUBLISH[public])
