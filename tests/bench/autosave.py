"""What keeping a text while it is typed costs: an autosave of a story of 3,000 words."""

import itertools
from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from tests.articles.desk.forms import read_form
from tests.bench.pages import Cost, cost_of_act
from tests.cast import PARAGRAPH, ed, make_article

WORDS = 3000


def measure() -> Iterator[tuple[str, Cost]]:
    """Each keeps other words, half of them taken out again, as a person would type."""
    body = PARAGRAPH * (WORDS // len(PARAGRAPH.split()) + 1)
    article = make_article(body=body, takeaways=[("Point", "A sentence or two.")] * 5)
    writer = Client()
    writer.force_login(ed())
    change = reverse("admin:articles_article_change", args=[article.pk])
    form = read_form(writer.get(change).content.decode(), "article_form") | {"tab": "b" * 32}
    address = reverse("admin:articles_article_autosave", args=[article.pk])
    numbers = itertools.count(1)

    def keep() -> None:
        number = next(numbers)
        typed = {"headline": f"Typed {number // 2}", "body": f"{body}<p>Typed {number}</p>"}
        answer = writer.post(address, form | typed)
        assert answer.status_code == 200, answer.content

    for _ in range(10):
        keep()
    yield f"an autosave of {WORDS:,} words", cost_of_act(keep)
