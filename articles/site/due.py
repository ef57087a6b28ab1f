"""An update whose time has come, though nobody has promoted it yet (rules §2).

Visible because its time has come: the story's page takes the due version by itself. Everything
else that tells of the story gives its headline and its link until the worker has caught up.
"""

import dataclasses
import datetime as dt

from articles.composing import compose
from articles.models import Correction, PublishedArticle, PublishedVersion, Section
from articles.models.article import Access
from articles.site.paywall import Story, stricter


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """The words of a story at one moment, and the section it is listed in.

    ``topics``: None for those it is listed under. A composed ``story`` names its section and its
    lead picture by id only; ``is_composed`` says so.
    """

    story: PublishedArticle
    section: Section
    topics: tuple[int, ...] | None = None

    @property
    def is_composed(self) -> bool:
        return self.topics is not None


def is_due(story: PublishedArticle, at: dt.datetime) -> bool:
    """Whether an update of a public story should be out by ``at`` (aware) and is not yet."""
    return story.next_at is not None and story.next_at <= at


def shown_at(story: PublishedArticle, at: dt.datetime) -> Shown:
    """What the page of a live ``story`` shows at ``at``: its row, or the update that is due.

    No query where nothing is due, else one, and one more for each of tickers and corrections.
    """
    version = _newest(story, at) if is_due(story, at) else None
    if version is None or version.number == story.version:
        return Shown(story, story.section)
    content = version.content
    corrections = _corrections(story)
    composed = compose(content, public=story, at=version.live_from, corrections=corrections)
    composed.access = stricter(composed.access, story.access)
    composed.takeaways_open = composed.takeaways_open and story.takeaways_open
    composed.version = version.number
    composed.next_at = None
    if version.tells_readers:
        composed.updated_at = version.live_from
    return Shown(composed, story.section, tuple(content["topics"]))


def subject(story: PublishedArticle, at: dt.datetime) -> Story:
    """What the paywall needs to know of a story at ``at``; closed while an update is due."""
    access = Access.PREMIUM if is_due(story, at) else story.access
    return Story(id=story.article_id, access=access)


def _newest(story: PublishedArticle, at: dt.datetime) -> PublishedVersion | None:
    """The version that is live at ``at``: the rule stands in the model."""
    out = PublishedVersion.objects.filter(
        article=story.article_id, withdrawn_at=None, live_from__lte=at
    )
    return out.order_by("-live_from", "-number").first()


def _corrections(story: PublishedArticle) -> list[Correction]:
    if not story.corrections:
        return []
    return list(Correction.objects.filter(article=story.article_id))
