"""Publishing some stories in one go: each through the one door, and each on its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from articles import publishing
from articles.desk import rights
from articles.models import Article
from articles.publishing import PublicState, public_state


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one story; ``reasons`` say why it did not go out."""

    article: Article
    reasons: tuple[str, ...] = ()


def publish_each(articles: Iterable[Article], *, editor: Any) -> Iterator[Outcome]:
    """Publish the stories one after the other: a refused one keeps no other back."""
    for article in articles:
        yield Outcome(article, _publish(article, editor))


def _publish(article: Article, editor: Any) -> tuple[str, ...]:
    if not (rights.may_publish(editor) and rights.may_change(editor, article)):
        return (f"{editor.get_full_name()} may not publish it.",)
    if public_state(article) is PublicState.LIVE:
        return ("It is on the site as it stands.",)
    try:
        publishing.publish(article, editor=editor)
    except publishing.PublishRefused as refusal:
        return tuple(finding.text for finding in refusal.findings.missing)
    except publishing.QueueConflict as asked:
        return (str(asked),)
    return ()
