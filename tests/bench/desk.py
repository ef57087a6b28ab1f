"""What the desk's pages cost for a story that was saved often."""

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from articles.desk import revisions
from articles.desk.diff import stories
from articles.models import Article, Revision
from tests.bench.pages import Cost, cost_of_act
from tests.cast import ed, make_article

SAVES = 500
SENTENCE = "On day {} the harbour office counted {} ships, and none of them left. "
# Forty paragraphs of some 80 words.
LONG = "".join(
    f"<p>{''.join(SENTENCE.format(day, day + n) for n in range(6))}</p>" for day in range(40)
)


def measure() -> Iterator[tuple[str, Cost]]:
    """Two long texts compared, and the pages of a story with hundreds of revisions."""
    article = make_article(body=LONG, takeaways=[("One", "a first point"), ("Two", "another one")])
    older = revisions.snapshot(article)
    newer = older | {"headline": "Ships leave", "body": rewritten(LONG)}
    yield (
        f"comparing two texts of {len(LONG.split()):,} words",
        cost_of_act(lambda: stories.compare(older, newer)),
    )
    keep_often(article, older, newer)
    desk = Client()
    desk.force_login(ed())
    for name, page in (
        ("the form", "change"),
        ("the list of revisions", "revisions"),
        ("two revisions compared", "compare"),
    ):
        address = reverse(f"admin:articles_article_{page}", args=[article.pk])
        yield f"{name}, of {SAVES} revisions", cost_of_act(lambda a=address: desk.get(a))


def rewritten(html: str) -> str:
    """Every paragraph with some other words, the first one last, and some new ones."""
    html = html.replace("counted", "saw only").replace("and none of them", "but for one")
    first, rest = html.split("</p>", 1)
    return f"<h2>New</h2>{rest}<p>Nothing of this was there before.</p>{first}</p>"


def keep_often(article: Article, older: dict[str, object], newer: dict[str, object]) -> None:
    Revision.objects.bulk_create(
        Revision(article=article, number=n, content=(older, newer)[n % 2], created_by=ed())
        for n in range(1, SAVES + 1)
    )
    Article.objects.filter(pk=article.pk).update(head=SAVES)
