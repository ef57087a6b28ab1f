"""A newsroom at work, in a process of its own: ``python -m tests.bench.newsdesk ARTICLE…``.

Each line it reads is an order, each line it writes an answer in JSON. ``publish 10 4``: new
stories, ten a second for four seconds. ``change 17``: other words for story 17; it says when it was
committed, by the clock that all processes of the machine share.
"""

import json
import sys
import time

import django

django.setup()

from articles import publishing  # noqa: E402
from articles.models import Article  # noqa: E402
from tests import cast  # noqa: E402
from tests.articles.publishing.acts import edit  # noqa: E402
from tests.bench.paper import BODY  # noqa: E402


def publish(rate: float, seconds: float) -> dict[str, float]:
    """So many new stories a second; late ones are not made up for."""
    count, began = 0, time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        cast.make_story(body=BODY, slug=f"new-{time.monotonic_ns()}")
        count += 1
        time.sleep(max(0.0, now + 1 / rate - time.monotonic()))
    return {"published": count, "cpu": time.process_time()}


def change(pk: int) -> dict[str, float]:
    number = time.monotonic_ns()
    article = edit(Article.objects.get(pk=pk), headline=f"Changed {number} by the desk")
    publishing.publish(article, editor=cast.ed())
    return {"done": time.monotonic(), "number": number}


def main() -> None:
    for order in sys.stdin:
        verb, *rest = order.split()
        answer = publish(*map(float, rest)) if verb == "publish" else change(int(rest[0]))
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
