"""Premium text never leaves the server for someone not entitled (standards §1).

Seven markers stand behind the cut of one premium story. Whatever a visitor without the right can
reach is fetched and searched for them, in every spelling a page or feed could give them.
"""

import datetime as dt
import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_plus, urljoin, urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.alerts.deliver import deliver_due
from accounts.alerts.fan_out import announce_due
from accounts.models import Follow
from articles.site import paywall
from tests.cast import (
    PARAGRAPH,
    PASSWORD,
    lapsed,
    lisa,
    make_image,
    make_plan,
    make_section,
    make_story,
    make_topic,
    make_user,
    registered,
    sam,
)

pytestmark = pytest.mark.django_db

# Letters and signs that each escaping spells differently.
MARKERS = {
    "body": "Kümmel & “Körner” im Hafenspeicher",
    "caption": "Ölspur <hinter> der Mole",
    "alt": "Drei Möwen & ein Kran",
    "takeaway": "Zölle fallen ‘ab’ Montag",
    "source": "Prüfbericht & Anhang 7",
    "embed": "HafenFilm_1",
}
FIXED = [
    "/",
    "/latest/",
    "/feeds/rss/",
    "/world/feeds/rss/",
    "/sitemap.xml",
    "/news-sitemap.xml",
    "/robots.txt",
    "/search/",
    "/search/?q=ships",
    "/search/?q=nothing-of-the-kind",
    "/authors/lisa-berg/",
    "/topics/shipping/",
    "/world/",
    "/account/plans/",
    "/account/sign-in/",
    "/no-such-page/",
]
MOST_PAGES = 120


@pytest.fixture
def story():
    figure = make_image(caption=MARKERS["caption"] + " (library)", alt_text=MARKERS["alt"] + " (l)")
    behind = (
        f"<p>{html.escape(MARKERS['body'])}</p>"
        f'<figure data-image="{figure.pk}" data-caption="{html.escape(MARKERS["caption"])}" '
        f'data-alt="{html.escape(MARKERS["alt"])}"></figure>'
        f'<figure data-embed="youtube:{MARKERS["embed"]}"></figure>'
    )
    story = make_story(
        headline="Ships and spice",
        slug="ships-and-spice",
        access="premium",
        prominence="lead",
        lead_image=make_image(),
        body=PARAGRAPH * 2 + '<hr data-cut="">' + behind + PARAGRAPH * 2,
        takeaways=[("Duty", MARKERS["takeaway"])],
        sources=[{"title": MARKERS["source"], "publisher": "", "url": "https://example.com/7"}],
        topics=[make_topic()],
        section=make_section(),
    )
    make_story(headline="Ships for everyone", slug="ships-for-everyone")
    story.markers = {**MARKERS, "file": figure.rendition_name}
    return story


def spellings(text: str) -> Iterator[str]:
    """The text as it came, and with each escaping undone."""
    yield text
    yield html.unescape(text)
    yield html.unescape(html.unescape(text))
    yield unquote_plus(text)
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    yield json.dumps(text, ensure_ascii=False)


def found_in(text: str, markers: dict[str, str]) -> set[str]:
    seen = [spelling.casefold() for spelling in spellings(text)]
    return {name for name, words in markers.items() if any(words.casefold() in s for s in seen)}


def answer_of(response) -> str:
    """Everything that left the server: head and body."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    body = response.getvalue() if response.streaming else response.content
    return f"{headers}\n{body.decode('utf-8', 'replace')}"


def links(page: str, base: str) -> Iterator[str]:
    for address in re.findall(r'(?:href|src|action)="([^"#]+)"', page):
        parts = urlsplit(urljoin(f"http://testserver{base}", html.unescape(address)))
        if parts.hostname in {"testserver", "localhost"} and not parts.path.startswith("/static/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def leaks_of(client: Client, story) -> dict[str, set[str]]:
    """Crawl what ``client`` can reach; the answers that hold a marker, by address."""
    waiting, seen, leaks = [story.path, *FIXED], set(), {}
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if address in seen or "sign-out" in address:
            continue
        seen.add(address)
        for method in (client.head, client.get):
            response = method(address)
            text = answer_of(response)
            assert response.status_code < 500, address
            if found := found_in(text, story.markers):
                leaks[f"{method.__name__} {address}"] = found
        if "html" in response.headers.get("Content-Type", ""):
            waiting += links(text, address)
    assert len(seen) > len(FIXED)
    return leaks


def signed_in(user) -> Client:
    client = Client()
    client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    return client


def anonymous() -> Client:
    return Client()


def a_registered_reader() -> Client:
    return signed_in(registered())


def a_lapsed_subscriber() -> Client:
    return signed_in(lapsed())


def a_subscriber_over_the_device_limit() -> Client:
    user = sam(plan=make_plan(slug="single", name="Single", device_limit=1))
    signed_in(user)
    return signed_in(user)


def a_replay_of_signed_out_cookies() -> Client:
    client = signed_in(sam())
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    client.post("/account/sign-out/")
    replay = Client()
    for name, value in kept.items():
        replay.cookies[name] = value
    return replay


def a_subscriber_whose_plan_ended_meanwhile() -> Client:
    user = sam()
    client = signed_in(user)
    user.subscriptions.update(ended_at=timezone.now() - dt.timedelta(seconds=1))
    return client


VISITORS: list[Callable[[], Client]] = [
    anonymous,
    a_registered_reader,
    a_lapsed_subscriber,
    a_subscriber_over_the_device_limit,
    a_replay_of_signed_out_cookies,
    a_subscriber_whose_plan_ended_meanwhile,
]


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda visitor: visitor.__name__)
def test_no_answer_holds_a_withheld_word(visitor, story):
    assert leaks_of(visitor(), story) == {}


def test_a_subscriber_reads_them_all(story):
    page = answer_of(signed_in(sam()).get(story.path))

    assert found_in(page, story.markers) == set(story.markers)


def test_a_build_that_lets_everyone_in_is_caught(story, monkeypatch):
    def open_door(*_):
        return paywall.Decision(full=True, reason=paywall.Reason.FREE)

    for module in ("articles.site.views.decide", "articles.site.paywall.decide"):
        monkeypatch.setattr(module, open_door, raising=False)

    assert leaks_of(Client(), story) != {}


@pytest.mark.parametrize("words", ["Hafenspeicher", "Ölspur", "Möwen", "Zölle", "Prüfbericht"])
def test_search_does_not_tell_that_a_withheld_word_is_there(words, story):
    client = Client()
    nothing = client.get("/search/", {"q": "Nichtsdergleichen"})
    hit = client.get("/search/", {"q": words})

    assert hit.status_code == nothing.status_code == 200
    assert story.path not in hit.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert "Ships and spice" not in hit.content.decode()


def test_a_mail_to_a_reader_without_a_plan_holds_no_withheld_word(story):
    plain, subscriber = make_user("ann@example.com"), sam()
    for user in (plain, subscriber):
        Follow.objects.create(user=user, author=lisa())
    announce_due(timezone.now())
    deliver_due(timezone.now())

    mails = {message.to[0]: message for message in mail.outbox if "spice" in message.subject}
    assert set(mails) == {plain.email, subscriber.email}
    words = {
        address: message.message().as_string() + message.body + message.alternatives[0][0]
        for address, message in mails.items()
    }
    assert found_in(words[plain.email], story.markers) == set()
    assert "body" in found_in(words[subscriber.email], story.markers)
