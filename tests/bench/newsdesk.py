"""A newsroom at work, in a process of its own: ``python -m tests.bench.newsdesk ARTICLE…``.

Each line it reads is an order, each line it writes an answer in JSON. ``write 40``: so many drafts.
``publish 10``: these drafts, ten a second. ``change 17``: other words for story 17; it says when it
was committed, by the clock that all processes of the machine share.
"""

import json
import sys
import time

from tests.bench import in_process

in_process.as_served()

from articles import publishing  # noqa: E402
from articles.models import Article  # noqa: E402
from tests import cast  # noqa: E402
from tests.articles.publishing.acts import edit  # noqa: E402
from tests.bench.paper import BODY  # noqa: E402

drafts: list[Article] = []
editor = cast.ed()
"""Signed in once, as somebody at the desk is."""


def write(count: int) -> dict[str, float]:
    """So many drafts, which somebody wrote at some other time than they are published."""
    for _ in range(count):
        drafts.append(cast.make_article(body=BODY, slug=f"new-{time.monotonic_ns()}"))
    return {"drafts": len(drafts)}


def publish(rate: int) -> dict[str, float]:
    """All drafts, so many a second; late ones are not made up for."""
    count, before = len(drafts), time.process_time()
    while drafts:
        began = time.monotonic()
        publishing.publish(drafts.pop(), editor=editor)
        time.sleep(max(0.0, began + 1 / rate - time.monotonic()))
    return {"published": count, "cpu": time.process_time() - before}


def change(pk: int) -> dict[str, float]:
    number = time.monotonic_ns()
    article = edit(Article.objects.get(pk=pk), headline=f"Changed {number} by the desk")
    publishing.publish(article, editor=editor)
    return {"done": time.monotonic(), "number": number}


def main() -> None:
    for order in sys.stdin:
        verb, *rest = order.split()
        answer = {"write": write, "publish": publish, "change": change}[verb](int(rest[0]))
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
