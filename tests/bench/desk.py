"""What keeping a text while it is typed costs: an autosave of a story of 3,000 words."""

import itertools
import statistics
import time
from contextlib import ExitStack

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.articles.desk.forms import read_form
from tests.bench.pages import ROUNDS, Cost
from tests.cast import PARAGRAPH, ed, make_article

WORDS = 3000
_number = itertools.count(1)


def autosave() -> Cost:
    """Each keeps other words, half of them taken out again, as a person would type."""
    body = PARAGRAPH * (WORDS // len(PARAGRAPH.split()) + 1)
    article = make_article(body=body, takeaways=[("Point", "A sentence or two.")] * 5)
    writer = Client()
    writer.force_login(ed())
    change = reverse("admin:articles_article_change", args=[article.pk])
    form = read_form(writer.get(change).content.decode(), "article_form") | {"tab": "b" * 32}
    address = reverse("admin:articles_article_autosave", args=[article.pk])

    def keep() -> None:
        number = next(_number)
        typed = {"headline": f"Typed {number // 2}", "body": f"{body}<p>Typed {number}</p>"}
        answer = writer.post(address, form | typed)
        assert answer.status_code == 200, answer.content

    for _ in range(10):
        keep()
    with ExitStack() as stack:
        counts = [
            stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections
        ]
        keep()
        queries = sum(map(len, counts))
    cpu, wall = [], []
    for _ in range(ROUNDS):
        started, clock = time.process_time(), time.perf_counter()
        keep()
        cpu.append(time.process_time() - started)
        wall.append(time.perf_counter() - clock)
    return Cost(queries, statistics.median(cpu) * 1000, statistics.median(wall) * 1000)
