"""Premium text never leaves the server for someone not entitled (standards §1).

Seven markers stand behind the cut of one premium story. Whatever a visitor without the right can
reach is fetched and searched for them, in every spelling a page or feed could give them. The same
for words that are about to go behind a gate, that a correction quotes, or that were retracted.
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

from accounts import meter
from accounts.alerts.deliver import deliver_due
from accounts.alerts.fan_out import announce_due
from accounts.models import Follow
from articles import publishing
from articles.models import Article
from articles.site import paywall
from tests.articles.site.public_acts import archive, correct, queue, retract
from tests.cast import (
    PARAGRAPH,
    PASSWORD,
    ed,
    lapsed,
    lisa,
    make_image,
    make_plan,
    make_publication,
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
    "/corrections/",
    "/corrections/feeds/rss/",
    "/topics/shipping/feeds/rss/",
    "/authors/lisa-berg/feeds/rss/",
    "/sitemaps/stories-0.xml",
    "/account/plans/",
    "/account/sign-in/",
    "/no-such-page/",
]
MOST_PAGES = 120


def behind_the_cut() -> tuple[str, str]:
    """A part of a body that holds the markers, and the name of the file in it."""
    figure = make_image(caption=MARKERS["caption"] + " (library)", alt_text=MARKERS["alt"] + " (l)")
    return (
        f"<p>{html.escape(MARKERS['body'])}</p>"
        f'<figure data-image="{figure.pk}" data-caption="{html.escape(MARKERS["caption"])}" '
        f'data-alt="{html.escape(MARKERS["alt"])}"></figure>'
        f'<figure data-embed="youtube:{MARKERS["embed"]}"></figure>'
    ), figure.rendition_name


def make_marked(**fields):
    """A story with the markers behind its cut, and a free one beside it."""
    behind, file = behind_the_cut()
    story = make_story(
        **{
            "headline": "Ships and spice",
            "slug": "ships-and-spice",
            "access": "premium",
            "prominence": "lead",
            "lead_image": make_image(),
            "body": PARAGRAPH * 2 + '<hr data-cut="">' + behind + PARAGRAPH * 2,
            "takeaways": [("Duty", MARKERS["takeaway"])],
            "sources": [
                {"title": MARKERS["source"], "publisher": "", "url": "https://example.com/7"}
            ],
            "topics": [make_topic()],
            "section": make_section(),
        }
        | fields
    )
    make_story(headline="Ships for everyone", slug="ships-for-everyone")
    story.markers = {**MARKERS, "file": file}
    return story


@pytest.fixture
def story():
    return make_marked()


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
    content = response.getvalue() if response.streaming else response.content
    return f"{headers}\n{content.decode('utf-8', 'replace')}"


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


def by_dates(**moments: int | str) -> Client:
    """A subscriber on whom a payment, a refund or a pause came so many days ago."""
    user = sam()
    client = signed_in(user)
    fields = {
        name: value if isinstance(value, str) else timezone.now() - dt.timedelta(days=value)
        for name, value in moments.items()
    }
    user.subscriptions.update(**fields)
    return client


def one_whose_grace_is_over() -> Client:
    return by_dates(failed_at=7)


def one_who_did_not_pay() -> Client:
    return by_dates(failed_at=1, unpaid_at=0)


def one_who_got_the_money_back() -> Client:
    return by_dates(ended_at=0, ending="refunded")


def one_who_paused() -> Client:
    return by_dates(paused_at=0)


def a_device_that_was_ended_from_another() -> Client:
    user = sam()
    client, other = signed_in(user), signed_in(user)
    theirs = user.devices.order_by("pk").first()
    other.post("/account/devices/sign-out/", {"device": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.ended_at is not None
    return client


VISITORS: list[Callable[[], Client]] = [
    anonymous,
    a_registered_reader,
    a_lapsed_subscriber,
    a_subscriber_over_the_device_limit,
    a_replay_of_signed_out_cookies,
    a_subscriber_whose_plan_ended_meanwhile,
    one_whose_grace_is_over,
    one_who_did_not_pay,
    one_who_got_the_money_back,
    one_who_paused,
    a_device_that_was_ended_from_another,
]


def one_who_has_opened_all_of_the_month() -> Client:
    user, ours, at = registered(), make_publication(), timezone.now()
    client = signed_in(user)
    for _ in range(ours.meter_registered):
        other = make_story(access="metered")
        meter.spend(user, other.article_id, publication=ours, at=at)
    return client


@pytest.mark.parametrize(
    "visitor",
    [
        anonymous,
        a_registered_reader,
        one_who_has_opened_all_of_the_month,
        one_whose_grace_is_over,
        a_subscriber_over_the_device_limit,
        a_device_that_was_ended_from_another,
    ],
    ids=lambda visitor: visitor.__name__,
)
def test_no_answer_holds_a_withheld_word_of_a_metered_story(visitor):
    story = make_marked(access="metered")
    assert leaks_of(visitor(), story) == {}


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


# The same where the desk's later acts draw the line anew


OLD_WORDS = "Der alte Kai brannte zuerst"
QUOTED = "Beim dritten “Silo” & danach"


def with_an_update_due():
    """Free until a minute ago: the old words are now behind the gate of the new ones."""
    behind, file = behind_the_cut()
    story = make_marked(access="free", body=f"<p>{OLD_WORDS}</p>{PARAGRAPH}{behind}")
    new = PARAGRAPH + '<hr data-cut="">' + behind + f"<p>{html.escape(QUOTED)}</p>" + PARAGRAPH * 3
    queue(story, access="premium", body=new)
    story.markers |= {"file": file, "new words": QUOTED, "old words": OLD_WORDS}
    return story


def with_a_correction_of_withheld_words():
    story = make_marked()
    correct(story, f"It said: {MARKERS['body']}", paragraph=MARKERS["body"])
    correct(story, f"It also said: {QUOTED}", quotes_withheld=True)
    story.markers |= {"correction": QUOTED}
    return story


def retracted_with_corrections():
    story = with_a_correction_of_withheld_words()
    retract(story)
    free = "said the queue outside the breakwater"
    story.markers |= {"free text": free, "picture": story.lead_image.rendition_name}
    # Another story of the same words is on the site.
    publishing.unpublish(Article.objects.get(slug="ships-for-everyone"), editor=ed())
    return story


def from_the_archive():
    story = with_a_correction_of_withheld_words()
    archive(story)
    return story


STATES = [
    with_an_update_due,
    with_a_correction_of_withheld_words,
    retracted_with_corrections,
    from_the_archive,
]


@pytest.mark.parametrize("visitor", [anonymous, a_registered_reader])
@pytest.mark.parametrize("make", STATES, ids=lambda make: make.__name__)
def test_no_answer_holds_what_is_withheld_now(make, visitor):
    story = make()

    assert leaks_of(visitor(), story) == {}


@pytest.mark.parametrize(
    "make", [with_an_update_due, with_a_correction_of_withheld_words, from_the_archive]
)
def test_a_subscriber_reads_what_is_withheld_now(make):
    story = make()
    page = answer_of(signed_in(sam()).get(story.path))

    # The old words of a story with an update are nobody's any more.
    assert set(story.markers) - found_in(page, story.markers) <= {"old words"}


def test_a_build_that_shows_the_old_words_until_the_worker_comes_is_caught(monkeypatch):
    story = with_an_update_due()
    monkeypatch.setattr("articles.site.due.is_due", lambda *_: False)

    assert leaks_of(Client(), story) != {}


@pytest.mark.parametrize("words", ["Hafenspeicher", "Ölspur", "Möwen", "Zölle", "Silo", "harbour"])
def test_search_does_not_tell_of_a_story_with_an_update_due(words):
    make_story(headline="Nichts", body="<p>Nichts.</p>")
    story = with_an_update_due()
    publishing.unpublish(Article.objects.get(slug="ships-for-everyone"), editor=ed())
    found = Client().get("/search/", {"q": words}).content.decode()

    assert "No story holds" in found
    assert story.path not in found


def test_a_mail_about_a_story_with_an_update_due_holds_none_of_its_words():
    story = with_an_update_due()
    readers = [make_user("ann@example.com"), sam(), ed()]
    for user in readers:
        Follow.objects.create(user=user, author=lisa())
    announce_due(timezone.now())
    deliver_due(timezone.now())

    mails = [message for message in mail.outbox if "spice" in message.subject]
    assert len(mails) == len(readers)
    for message in mails:
        words = message.message().as_string() + message.body + message.alternatives[0][0]
        assert found_in(words, story.markers) == set()
        assert "breakwater" not in words
