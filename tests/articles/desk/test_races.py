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


def save_at_once(
    site: LiveSite, people: list[httpx.Client], article: Article, changes: list[dict[str, str]]
) -> list[httpx.Response]:
    """Both open the story, then both save at the same moment, each with their own changes."""
    url = f"/admin/articles/article/{article.pk}/change/"
    forms = [read_form(client.get(url).text, "article_form") for client in people]

    def save(who: int) -> httpx.Response:
        client = people[who]
        data = forms[who] | changes[who] | {"csrfmiddlewaretoken": client.cookies["csrf"]}
        return client.post(url, data=data, headers={"Referer": f"{site.url}{url}"})

    with ThreadPoolExecutor(2) as both:
        return list(both.map(save, (0, 1)))


def test_of_two_saves_of_the_same_words_at_once_one_is_saved_and_one_is_asked(
    live_site: LiveSite, people: list[httpx.Client]
) -> None:
    for round_number in range(ROUNDS):
        article = make_article(takeaways=[("A", "a")])
        changes = [{"takeaways-0-text": f"Words of {who}"} for who in (0, 1)]

        answers = save_at_once(live_site, people, article, changes)

        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [200, 409], f"round {round_number}: {statuses}"
        winner = statuses.index(200)
        saved, kept = article.revisions.order_by("number")
        assert Article.objects.get(pk=article.pk).head == saved.number
        assert saved.content["takeaways"][0]["text"] == f"Words of {winner}"
        assert kept.reason == Revision.Reason.CONFLICT
        assert kept.content["takeaways"][0]["text"] == f"Words of {1 - winner}"
        assert article.takeaways.get().text == f"Words of {winner}"
        assert "Keep yours" in answers[1 - winner].text


def test_of_two_saves_of_different_words_at_once_both_are_in(
    live_site: LiveSite, people: list[httpx.Client]
) -> None:
    for round_number in range(ROUNDS):
        article = make_article(takeaways=[("A", "a"), ("B", "b")])
        changes = [
            {"takeaways-0-text": "Words of 0", "headline": "Headline of 0"},
            {"takeaways-1-text": "Words of 1", "takeaways-0-label": "Label of 1"},
        ]

        answers = save_at_once(live_site, people, article, changes)

        statuses = [answer.status_code for answer in answers]
        assert statuses == [200, 200], f"round {round_number}: {statuses}"
        saved = Article.objects.get(pk=article.pk)
        assert saved.headline == "Headline of 0"
        assert [(row.label, row.text) for row in saved.takeaways.all()] == [
            ("Label of 1", "Words of 0"),
            ("B", "Words of 1"),
        ]
        newest = saved.revisions.get(number=saved.head)
        assert newest.reason == Revision.Reason.MERGE
        assert sum("Both are in" in answer.text for answer in answers) == 1
