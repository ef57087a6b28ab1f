"""A publisher in a process of its own: ``python -m tests.newsroom.edge.publisher LOG ARTICLE…``.

It changes stories without end, and writes down before and after each act when it began and when it
was committed, by the clock that all processes of the machine share. It is killed at any point.
"""

import json
import random
import sys
import time
from pathlib import Path

import django

django.setup()

from articles import publishing  # noqa: E402
from articles.models import Article  # noqa: E402
from tests import cast  # noqa: E402
from tests.articles.publishing.acts import edit  # noqa: E402

ACTS = ("free", "premium", "free", "premium", "off")
PAUSE = 0.1
RETRACTED_ONE_IN = 200


def main(log: Path, articles: list[int]) -> None:
    chance = random.Random()
    while True:
        article = Article.objects.get(pk=chance.choice(articles))
        is_last = chance.randrange(RETRACTED_ONE_IN) == 0
        act = "retracted" if is_last else chance.choice(ACTS)
        number = time.monotonic_ns()
        fact = {"article": article.pk, "number": number, "act": act}
        _write(log, fact | {"began": time.monotonic()})
        try:
            _do(article, act, number)
        except (publishing.NotPublished, publishing.PublishRefused):
            # It is off already, or was taken back: what was said to be tried did not happen.
            _write(log, fact | {"refused": True})
        else:
            _write(log, fact | {"done": time.monotonic()})
        time.sleep(PAUSE)


def _do(article: Article, act: str, number: int) -> None:
    if act == "off":
        publishing.unpublish(article, editor=cast.ed())
    elif act == "retracted":
        publishing.retract(article, editor=cast.ed(), text="It was not so.")
    else:
        edit(article, headline=f"Story {article.pk} number {number}", access=act)
        publishing.publish(article, editor=cast.ed())


def _write(log: Path, line: dict[str, object]) -> None:
    with log.open("a") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]])
