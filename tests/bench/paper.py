"""The newspaper that is measured: ten thousand stories, and those that are asked for."""

import sys
from dataclasses import dataclass

from django.utils import timezone

from articles.models.article import Access
from newsroom.corpus import load, progress
from tests import cast

STORIES = 10_000
HOT = 50
WITHHELD = "The nine grey lighters are for subscribers."
BODY = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 6}<p>{WITHHELD}</p>'


@dataclass(frozen=True, slots=True)
class Paper:
    """Paths of what is asked for, and the subscriber's address."""

    free: str
    premium: str
    metered: str
    metered_id: int
    section: str
    hot: dict[int, str]
    """By the article's id: what all the world reads."""
    subscriber: str
    withheld: str = WITHHELD


def printed(*, stories: int = STORIES) -> Paper:
    """Load so many stories, and publish the few that are asked for beside them."""
    work = load.load(stories, until=timezone.now())
    progress.tell(work, before=load.count(), wanted=stories, say=_say)
    cast.make_publication()
    metered = cast.make_story(body=BODY, access=Access.METERED)
    hot = [cast.make_story(body=BODY) for _ in range(HOT)]
    return Paper(
        free=hot[0].path,
        premium=cast.make_story(body=BODY, access=Access.PREMIUM).path,
        metered=metered.path,
        metered_id=metered.article_id,
        section=cast.make_section().get_absolute_url(),
        hot={story.article_id: story.path for story in hot},
        subscriber=cast.sam().email,
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
