"""Two saves at the same moment, by real browsers at real server processes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from articles.models import Article, Revision
from tests.articles.desk.forms import read_form
from tests.cast import PASSWORD, ed, make_article, staff
from tests.live import LiveSite

pytestmark = pytest.mark.race

ROUNDS = 5


def signed_in(site: LiveSite, email: str) -> httpx.Client:
    client = site.client()
    page = client.get("/account/sign-in/")
    token = client.cookies["csrf"]
    answer = client.post(
        "/account/sign-in/",
        data={"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers={"Referer": str(page.url)},
    )
    assert answer.status_code == 200
    return client


@pytest.fixture
def people(live_site: LiveSite) -> Iterator[list[httpx.Client]]:
    """Two editors, each in a browser of their own."""
    clients = [signed_in(live_site, user.email) for user in (ed(), staff("Editor"))]
    yield clients
    for client in clients:
        client.close()


def test_of_two_saves_at_once_one_is_saved_and_one_is_kept(
    live_site: LiveSite, people: list[httpx.Client]
) -> None:
    for round_number in range(ROUNDS):
        article = make_article(takeaways=[("A", "a")])
        url = f"/admin/articles/article/{article.pk}/change/"
        forms = [read_form(client.get(url).text, "article_form") for client in people]

        def save(who: int, url: str = url, forms: list[dict[str, str]] = forms) -> int:
            client = people[who]
            data = forms[who] | {
                "takeaways-0-text": f"Words of {who}",
                "csrfmiddlewaretoken": client.cookies["csrf"],
            }
            headers = {"Referer": f"{live_site.url}{url}"}
            return client.post(url, data=data, headers=headers).status_code

        with ThreadPoolExecutor(2) as both:
            statuses = list(both.map(save, (0, 1)))

        assert sorted(statuses) == [200, 409], f"round {round_number}: {statuses}"
        winner = statuses.index(200)
        saved, kept = article.revisions.order_by("number")
        assert Article.objects.get(pk=article.pk).head == saved.number
        assert saved.content["takeaways"][0]["text"] == f"Words of {winner}"
        assert kept.reason == Revision.Reason.CONFLICT
        assert kept.content["takeaways"][0]["text"] == f"Words of {1 - winner}"
        assert article.takeaways.get().text == f"Words of {winner}"
