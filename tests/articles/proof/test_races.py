"""Two publishers at the same moment make one chain, at real server processes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from articles.models import ProofHead, ProofLink, PublishedVersion
from articles.proof import verify
from tests.articles.desk.forms import read_form
from tests.articles.desk.test_races import signed_in
from tests.cast import ed, make_article, staff
from tests.live import LiveSite

pytestmark = pytest.mark.race

EACH = 6


@pytest.fixture
def people(live_site: LiveSite) -> Iterator[list[httpx.Client]]:
    clients = [signed_in(live_site, user.email) for user in (ed(), staff("Editor"))]
    yield clients
    for client in clients:
        client.close()


def publish_all(client: httpx.Client, site: LiveSite, addresses: list[str]) -> list[int]:
    statuses = []
    for url in addresses:
        form = read_form(client.get(url).text, "article_form")
        data = form | {"_publish": "1", "csrfmiddlewaretoken": client.cookies["csrf"]}
        answer = client.post(url, data=data, headers={"Referer": f"{site.url}{url}"})
        statuses.append(answer.status_code)
        assert "Published." in answer.text
    return statuses


def test_stories_published_at_once_stand_in_one_chain(
    live_site: LiveSite, people: list[httpx.Client]
) -> None:
    articles = [make_article() for _ in range(2 * EACH)]
    addresses = [f"/admin/articles/article/{article.pk}/change/" for article in articles]
    parts = addresses[:EACH], addresses[EACH:]

    with ThreadPoolExecutor(3) as both:
        publishing = [
            both.submit(publish_all, client, live_site, part)
            for client, part in zip(people, parts, strict=True)
        ]
        # Meanwhile somebody checks, again and again, and finds nothing.
        checks = [live_site.manage("verify_publications")]
        while not all(each.done() for each in publishing):
            checks.append(live_site.manage("verify_publications"))
        assert [each.result() for each in publishing] == [[200] * EACH] * 2

    assert all("All is as it was published." in each.stdout for each in checks)
    numbers = list(ProofLink.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 2 * EACH + 1))
    assert ProofHead.objects.get().number == PublishedVersion.objects.count() == 2 * EACH
    marks = list(ProofLink.objects.order_by("number").values_list("mark", "previous"))
    assert [previous for _, previous in marks[1:]] == [mark for mark, _ in marks[:-1]]
    assert list(verify.findings(verify.Counts())) == []
