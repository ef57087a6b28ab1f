"""A save and a "Bring back" at the same moment: one of the two, never one over the other."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from articles.desk import revisions
from articles.models import Article, Revision
from tests.articles.desk.forms import read_form
from tests.articles.desk.test_races import people
from tests.cast import ed, make_article
from tests.live import LiveSite

# The fixture of these tests.
__all__ = ["people"]

pytestmark = pytest.mark.race

ROUNDS = 4


def test_of_a_save_and_a_return_at_once_only_one_happens(
    live_site: LiveSite, people: list[httpx.Client]
) -> None:
    for round_number in range(ROUNDS):
        article = make_article(headline="First words")
        revisions.keep(article, editor=ed())
        Article.objects.filter(pk=article.pk).update(headline="Second words")
        revisions.keep(article, editor=ed())
        story = f"/admin/articles/article/{article.pk}"
        form = read_form(people[0].get(f"{story}/change/").text, "article_form")
        posts = [
            (f"{story}/change/", form | {"headline": "Third words"}),
            (f"{story}/revisions/1/restore/", {"base": "2"}),
        ]

        def post(who: int, posts: list[tuple[str, dict[str, str]]] = posts) -> int:
            client, (url, data) = people[who], posts[who]
            data = data | {"csrfmiddlewaretoken": client.cookies["csrf"]}
            headers = {"Referer": f"{live_site.url}{url}"}
            return client.post(url, data=data, headers=headers).status_code

        with ThreadPoolExecutor(2) as both:
            statuses = list(both.map(post, (0, 1)))

        assert sorted(statuses) == [200, 409], f"round {round_number}: {statuses}"
        saved = Article.objects.get(pk=article.pk)
        words = ("Third words", "First words")[statuses.index(200)]
        assert (saved.headline, saved.head) == (words, 3)
        newest = article.revisions.get(number=3)
        assert newest.content["headline"] == words
        assert newest.reason == (Revision.Reason.SAVE, "restore")[statuses.index(200)]
