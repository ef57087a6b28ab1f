"""Autosaves and a save of one form at the same moment, at real server processes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from articles.models import Article, Revision
from tests.articles.desk.forms import read_form
from tests.articles.desk.test_races import signed_in
from tests.cast import ed, make_article
from tests.live import LiveSite

pytestmark = pytest.mark.race

ROUNDS = 5
ADD = "/admin/articles/article/add/"
NEW = "/admin/articles/article/autosave/"
TAB = "c" * 32


@pytest.fixture
def writer(live_site: LiveSite) -> Iterator[httpx.Client]:
    client = signed_in(live_site, ed().email)
    yield client
    client.close()


def post(client: httpx.Client, address: str, form: dict[str, str]) -> httpx.Response:
    data = form | {"csrfmiddlewaretoken": client.cookies["csrf"]}
    return client.post(address, data=data, headers={"Referer": str(client.base_url) + ADD})


def test_autosaves_and_a_save_of_one_new_form_make_one_story(writer: httpx.Client) -> None:
    for round_number in range(ROUNDS):
        form = read_form(writer.get(ADD).text, "article_form") | {"tab": TAB}
        words = [f"Words {round_number} {number}" for number in range(3)]
        ways = [NEW, NEW, ADD]

        with ThreadPoolExecutor(3) as all_at_once:
            answers = list(
                all_at_once.map(
                    lambda way, text, form=form: post(writer, way, form | {"headline": text}),
                    ways,
                    words,
                )
            )

        assert [answer.status_code for answer in answers] == [200, 200, 200], round_number
        article = Article.objects.order_by("-pk").first()
        assert Article.objects.count() == round_number + 1
        assert article is not None
        assert article.headline == words[2]
        # Each word is found, in the story or beside it.
        found = " ".join(article.revisions.values_list("content__headline", flat=True))
        assert {*"012"} <= set(found.split()), found


def test_autosaves_at_once_each_get_a_number(writer: httpx.Client) -> None:
    article = make_article()
    change = f"/admin/articles/article/{article.pk}/change/"
    form = read_form(writer.get(change).text, "article_form")
    address = f"/admin/articles/article/{article.pk}/autosave/"

    with ThreadPoolExecutor(6) as all_at_once:
        answers = list(
            all_at_once.map(
                lambda n: post(writer, address, form | {"tab": f"{n:032}", "headline": f"W{n}"}),
                range(6),
            )
        )

    assert {answer.status_code for answer in answers} == {200}
    kept = article.revisions.filter(reason=Revision.Reason.AUTOSAVE)
    assert sorted(kept.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert set(kept.values_list("content__headline", flat=True)) == {f"W{n}" for n in range(6)}
    assert Article.objects.get().head == 0
