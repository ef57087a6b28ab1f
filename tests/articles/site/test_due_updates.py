"""An update whose time has come shows at its time, with no worker to promote it."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.alerts import batch, deliver
from accounts.alerts.fan_out import announce_due
from accounts.models import Delivery, Follow
from articles.models import Author
from articles.site import paywall
from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.site.public_acts import KIND, ago, change, correct, queue
from tests.articles.site.surfaces import finds, mails_about, text_of
from tests.articles.site.test_article_page import page, structured

pytestmark = pytest.mark.django_db

OLD = "<p>The old opening.</p><p>The old second.</p><p>The old rest.</p>"
NEW = f'<p>The new opening.</p><hr data-cut=""><p>The new rest.</p>{cast.PARAGRAPH * 3}'


@pytest.fixture
def story():
    return cast.make_story(
        headline="Old headline",
        standfirst="Old standfirst.",
        body=OLD,
        lead_image=cast.make_image(),
        takeaways=[("", "Old point.")],
        sources=[{"title": "Old log"}],
    )


def changes():
    """Every field that an update may bring."""
    section, tom = cast.make_section("Business"), make_tom()
    topic = cast.make_topic("Harbour Holding", ticker="HRB", exchange="NYSE")
    return {
        "headline": "New headline",
        "standfirst": "New standfirst.",
        "body": NEW.replace("opening", "opening (HRB)"),
        "section": section.pk,
        "lead_image": cast.make_image(credit="Ben Ito").pk,
        "bylines": [{"author": tom.pk, "role": "Photographs"}],
        "takeaways": [{"label": "", "text": "New point."}],
        "sources": [{"title": "New log", "publisher": "", "url": ""}],
        "topics": [topic.pk],
    }


def make_tom():
    return Author.objects.create(name="Tom Hale", slug="tom-hale", bio="Tom counts.")


def queries(client, path):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_before_its_time_nothing_of_an_update_is_known(client, story):
    queue(story, live_from=timezone.now() + dt.timedelta(minutes=1), **changes())
    html = page(client, story)
    assert "Old headline" in html
    assert "The old rest." in html
    for new in ("New headline", "The new", "Tom Hale", "Ben Ito"):
        assert new not in html
    assert finds(client, "old") == (1, True)


def test_from_its_time_on_the_page_shows_all_that_it_changes(client, story):
    queue(story, **changes())
    html = page(client, story)
    for new in (
        "<h1>New headline</h1>",
        "New standfirst.",
        "The new opening (<a",
        "The new rest.",
        'href="/business/">Business</a>',
        "Ben Ito",
        "Photographs: <a",
        "Tom counts.",
        "New point.",
        "New log",
        '<a href="/topics/harbour-holding/">Harbour Holding</a>',
        'aria-label="HRB, NYSE: stories about Harbour Holding"',
    ):
        assert new in html, new
    head, body = html.split("<main", 1)
    assert "Old" not in head
    for old in ("old opening", "Old standfirst", "Old point", "Old log", "Lisa writes"):
        assert old not in body, old
    data = structured(html)[0]
    assert (data["headline"], data["articleSection"]) == ("New headline", "Business")
    assert data["author"][0]["name"] == "Tom Hale"
    assert data["image"][0]["creditText"] == "Ben Ito"


def test_the_address_the_first_time_and_the_notes_stay(client, story):
    note = correct(story, "It was May.", paragraph="The old second.")
    queue(story, slug="elsewhere", body=OLD.replace("rest", "tail"))
    html = page(client, story)
    assert f'id="correction-{note.pk}"' in html
    assert f'The old second. <a class="corrected" id="corrected-{note.pk}"' in html
    assert "The old tail." in html
    assert structured(html)[0]["url"].endswith(story.path)
    published = dt.datetime.fromisoformat(structured(html)[0]["datePublished"])
    assert published == story.published_at.replace(microsecond=0)


@pytest.mark.parametrize("tells_readers", [True, False])
def test_the_page_says_updated_only_where_the_desk_said_that_it_matters(
    client, story, tells_readers
):
    queue(story, headline="New headline", tells_readers=tells_readers)
    assert ("Updated <time" in page(client, story)) is tells_readers


def test_the_last_of_several_due_versions_counts_and_a_withdrawn_one_does_not(client, story):
    queue(story, live_from=ago(minutes=5), headline="First update")
    later = queue_next(story, headline="Second update")
    last = queue_next(story, headline="Third update")
    assert "<h1>Third update</h1>" in page(client, story)
    last.withdrawn_at = timezone.now()
    last.save()
    assert "<h1>Second update</h1>" in page(client, story)
    later.live_from = ago(minutes=10)
    later.save()
    assert "<h1>First update</h1>" in page(client, story)


def queue_next(story, **content):
    newest = story.article.versions.latest("number")
    return story.article.versions.create(
        number=newest.number + 1,
        content=newest.content | content,
        content_hash="",
        live_from=newest.live_from,
    )


def test_a_time_left_over_without_a_version_shows_what_stands(client, story):
    queue(story, headline="New headline").delete()
    assert "<h1>Old headline</h1>" in page(client, story)


def test_a_section_or_picture_that_is_gone_meanwhile_breaks_nothing(client, story):
    queue(story, section=10**9, lead_image=10**9, bylines=[{"author": 10**9, "role": ""}])
    html = page(client, story)
    assert "<h1>Old headline</h1>" in html
    assert "figure--hero" not in html


@pytest.mark.parametrize(
    ("old", "new", "is_open"),
    [
        ("free", "free", True),
        ("free", "registered", False),
        ("free", "premium", False),
        ("registered", "free", False),
        ("premium", "free", False),
        ("premium", "registered", False),
    ],
)
def test_the_stricter_access_of_both_counts(client, old, new, is_open):
    rest = f"<p>The new rest.</p>{cast.PARAGRAPH * 3}"
    story = cast.make_story(access=old, body=f'<p>Old.</p><hr data-cut="">{rest}')
    queue(story, access=new, body=f'<p>New.</p><hr data-cut="">{rest}')
    html = page(client, story)
    assert "<p>New.</p>" in html
    assert ("The new rest." in html) is is_open
    assert structured(html)[0]["isAccessibleForFree"] is is_open
    assert "The new rest." in page(signed_in(cast.sam()), story)
    reads = "The new rest." in page(signed_in(cast.registered()), story)
    assert reads is ("premium" not in (old, new))


def test_an_access_unknown_here_is_the_strictest():
    assert paywall.stricter("premium", "members") == "members"
    assert paywall.stricter("members", "free") == "members"
    assert paywall.stricter("registered", "free") == "registered"


@pytest.mark.parametrize(
    ("old", "new", "shown"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_takeaways_are_open_only_if_both_open_them(client, old, new, shown):
    story = cast.make_story(access="premium", takeaways=[("", "The point.")], takeaways_open=old)
    queue(story, takeaways_open=new)
    assert ("The point." in page(client, story)) is shown


def test_a_note_moves_behind_the_gate_with_its_paragraph(client, story):
    correct(story, "The rest was wrong.", paragraph="The old rest.")
    assert "The rest was wrong." in page(client, story)
    body = f'<p>The old opening.</p><hr data-cut=""><p>The old rest.</p>{cast.PARAGRAPH * 3}'
    queue(story, access="premium", body=body)
    assert "The rest was wrong." not in page(client, story)
    assert "The rest was wrong." in page(signed_in(cast.sam()), story)


def test_lists_and_feeds_give_the_old_headline_and_the_link_and_no_more(story):
    queue(story, **changes())
    image = story.lead_image.rendition_name
    client = Client()
    beside = cast.make_story(headline="Beside", body="<p>Another.</p>").path
    for path in (
        *("/", "/latest/", "/world/", "/authors/lisa-berg/", beside),
        *("/feeds/rss/", "/world/feeds/rss/", "/authors/lisa-berg/feeds/rss/"),
    ):
        text = text_of(client, path)
        assert "Old headline" in text, path
        assert story.path in text, path
        for more in ("Old standfirst", "The old", "New headline", "The new", image, "Tom Hale"):
            assert more not in text, (path, more)
    assert "Last-Modified" not in text_of(client, "/feeds/rss/")
    assert "Old headline" in text_of(client, "/news-sitemap.xml")


def test_a_search_neither_finds_nor_counts_it(client, story):
    assert finds(client, "old") == (1, True)
    queue(story, **changes())
    for word in ("old", "new", "opening"):
        assert finds(client, word) == (0, False), word


def test_its_mail_is_the_headline_and_the_link_and_names_no_free_part(story):
    queue(story, **changes() | {"access": "premium"})
    [mail] = mails_about(story)
    assert story.path in mail
    for more in (
        "Old standfirst",
        "The old",
        "Old point",
        "Old log",
        "New headline",
        "By Lisa",
        "free part",
    ):
        assert more not in mail, more


def test_a_mail_written_before_the_time_does_not_go_out_after_it(story):
    """The worker holds the words for up to two seconds; the time may come in between."""
    Follow.objects.create(user=cast.make_user(), author=cast.lisa())
    now = timezone.now()
    change(story, next_at=now + dt.timedelta(seconds=1))
    announce_due(now)
    [parcel] = batch.load(1, batch.Library(), now)
    assert not parcel.text.is_due
    assert not deliver._claim(parcel, now + dt.timedelta(seconds=1))
    [again] = batch.load(1, batch.Library(), now + dt.timedelta(seconds=1))
    assert again.text.is_due
    assert deliver._claim(again, now + dt.timedelta(seconds=1))
    assert Delivery.objects.get().state == Delivery.State.SENDING


def test_a_story_costs_its_four_queries_and_at_most_two_more_while_an_update_is_due(client, story):
    cast.make_story(headline="Beside it")
    assert queries(client, story.path) == 4
    queue(story, live_from=timezone.now() + dt.timedelta(hours=1), headline="New")
    assert queries(client, story.path) == 4
    change(story, next_at=ago(seconds=1))
    story.article.versions.filter(number=2).update(live_from=ago(seconds=1))
    assert queries(client, story.path) <= 6


def test_an_update_of_everything_costs_no_more(client, story):
    cast.make_story(headline="Beside it")
    queue(story, **changes())
    assert queries(client, story.path) <= 6


def test_notes_cost_one_query_more(client, story):
    cast.make_story(headline="Beside it")
    correct(story, kind=KIND.UPDATE)
    assert queries(client, story.path) == 4
    queue(story, **changes())
    assert queries(client, story.path) <= 7


def test_a_due_page_can_be_asked_again(client, story):
    before = client.get(story.path)["ETag"]
    queue(story, headline="New headline")
    answer = client.get(story.path, headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert json.dumps("New headline") in answer.content.decode()
    assert client.get(story.path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
