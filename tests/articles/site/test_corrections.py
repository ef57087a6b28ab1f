"""What was put right: on the story's page, in the list of all corrections, and in its feed."""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import Correction
from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.site.public_acts import (
    KIND,
    ago,
    archive,
    change,
    correct,
    move,
    pass_take_off,
    queue,
    retract,
)
from tests.articles.site.test_article_page import page, structured

pytestmark = pytest.mark.django_db

LIST = "/corrections/"
FEED = "/corrections/feeds/rss/"
OPEN, SHUT = "The queue was shorter.", "The withheld figure was wrong."


def notices(html):
    return re.findall(r'<div class="notice" id="(correction-\d+)"', html)


def listed(client, address=LIST):
    answer = client.get(address)
    assert answer.status_code == 200
    html = answer.content.decode()
    return re.findall(r'<li id="(correction-\d+)">', html), html


def anchors(*notes):
    return [f"correction-{note.pk}" for note in notes]


def gated(**fields):
    behind = "<p>Behind the cut stands the price of the quay.</p>"
    body = f'<p>One.</p><p>Two.</p><hr data-cut="">{behind}{cast.PARAGRAPH * 3}'
    return cast.make_story(**({"access": "premium", "body": body} | fields))


# On the story's page


def test_a_correction_stands_above_the_text_and_other_notes_below_it(client):
    story = cast.make_story(body="<p>First.</p><p>Second.</p>")
    above = correct(story, "It was May.")
    below = correct(story, "The chart begins in 2020.", kind=KIND.CLARIFICATION)
    added = correct(story, "The port has answered.", kind=KIND.UPDATE)
    html = page(client, story)
    assert notices(html) == anchors(above, added, below)
    html = html[html.index("<main") :]
    assert html.index("It was May.") < html.index("First.")
    assert html.index("Second.") < html.index("The port has answered.")
    assert html.index("<h1>") < html.index("It was May.")
    for label in ("Correction,", "Clarification,", "Update,"):
        assert f"<strong>{label}</strong> <time datetime=" in html


def test_a_note_says_when_and_by_whom_in_the_newsrooms_zone(client):
    cast.make_publication(zone="America/New_York")
    story = cast.make_story()
    correct(story, at=dt.datetime(2026, 1, 24, 14, 40, tzinfo=dt.UTC))
    html = page(client, story)
    assert (
        '<time datetime="2026-01-24T09:40:00-05:00">January 24, 2026, 9:40 a.m. ET</time>' in html
    )
    assert "<span>Lisa Berg</span>" in html


def test_the_corrected_paragraph_and_its_note_lead_to_each_other(client):
    story = cast.make_story(body="<p>First.</p><p>Second.</p>")
    note = correct(story, paragraph="Second.")
    html = page(client, story)
    mark = re.search(r'Second\. <a class="corrected"([^>]*)>(.*?)</a></p>', html)
    assert f'id="corrected-{note.pk}"' in mark[1]
    assert f'href="#correction-{note.pk}"' in mark[1]
    assert mark[2].startswith('Corrected<span class="visually-hidden"> (see the note of ')
    assert f'<a href="#corrected-{note.pk}">Go to the paragraph</a>' in html


def test_a_note_on_the_whole_story_has_no_paragraph_to_lead_to(client):
    story = cast.make_story()
    correct(story)
    html = page(client, story)
    assert "Go to the paragraph" not in html
    assert 'class="corrected"' not in html


def test_the_words_of_a_note_are_escaped_and_keep_their_lines(client):
    story = cast.make_story()
    correct(story, "One <b>&</b>\ntwo")
    html = page(client, story)
    assert "One &lt;b&gt;&amp;&lt;/b&gt;<br>two" in html


def test_a_note_on_withheld_words_is_for_those_who_read_the_story_whole(client):
    story = gated()
    for_all = correct(story, OPEN, paragraph="Two.")
    for_some = correct(story, SHUT, paragraph="Behind the cut stands the price of the quay.")
    html = page(client, story)
    assert notices(html) == anchors(for_all)
    assert SHUT not in html
    assert f"corrected-{for_some.pk}" not in html
    whole = page(signed_in(cast.sam()), story)
    assert notices(whole) == anchors(for_some, for_all)
    assert f'href="#corrected-{for_some.pk}"' in whole


def test_a_note_said_to_quote_withheld_words_leaves_no_mark_in_the_free_part(client):
    story = gated()
    correct(story, SHUT, paragraph="Two.", quotes_withheld=True)
    html = page(client, story)
    assert SHUT not in html
    assert "corrected" not in html
    assert "correction-" not in html


def test_the_structured_data_tells_of_the_notes_the_page_shows(client):
    story = gated()
    move(story, published_at=ago(days=3))
    told = correct(story, OPEN, at=ago(days=2))
    kept = correct(story, SHUT, quotes_withheld=True)
    data = structured(page(client, story))[0]
    assert data["correction"] == [
        {"@type": "CorrectionComment", "text": OPEN, "datePublished": data["dateModified"]}
    ]
    assert dt.datetime.fromisoformat(data["dateModified"]) == told.at.replace(microsecond=0)
    whole = structured(page(signed_in(cast.sam()), story))[0]
    assert [note["text"] for note in whole["correction"]] == [SHUT, OPEN]
    assert dt.datetime.fromisoformat(whole["dateModified"]) == kept.at.replace(microsecond=0)
    assert "correction" not in structured(page(client, cast.make_story()))[0]


def test_the_publisher_names_its_corrections(client, settings):
    publisher = structured(page(client, cast.make_story()))[0]["publisher"]
    assert publisher["correctionsPolicy"] == f"{settings.SITE_URL}{LIST}"


def test_a_story_from_the_archive_says_so(client):
    story = cast.make_story()
    assert "From the archive." not in page(client, story)
    archive(story)
    html = page(client, story)
    assert "<strong>From the archive.</strong> Published <time" in html
    assert "; it is no longer updated." in html


def test_marks_stay_out_of_feeds_and_search(client):
    story = cast.make_story(headline="Marked", body="<p>First.</p><p>Second.</p>")
    correct(story, paragraph="Second.")
    feed = client.get("/feeds/rss/").content.decode()
    assert "Second." in feed
    assert "correct" not in feed.casefold().split("<item>")[1]
    assert story.path in client.get("/search/?q=second").content.decode()
    assert story.path not in client.get("/search/?q=corrected").content.decode()


# The list of all


def test_the_list_names_every_note_newest_first_with_its_story(client, settings):
    first, second = cast.make_story(headline="Ships"), cast.make_story(headline="Wind & sails")
    old = correct(first, "It was May.", at=ago(hours=2))
    new = correct(second, "The wind held.", kind=KIND.CLARIFICATION)
    found, html = listed(client)
    assert found == anchors(new, old)
    assert f'<a href="{second.path}">Wind &amp; sails</a>' in html
    for words in ("It was May.", "The wind held.", "<strong>Clarification,</strong> <time"):
        assert words in html
    assert f'<link rel="canonical" href="{settings.SITE_URL}{LIST}">' in html
    assert f'href="{FEED}"' in html


def test_an_empty_list_says_so_and_stays_out_of_search_engines(client):
    found, html = listed(client)
    assert found == []
    assert "There are no corrections." in html
    assert '<meta name="robots" content="noindex">' in html
    assert client.get(FEED).status_code == 200


def test_the_list_is_shared_and_linked_from_the_foot_of_every_page(client):
    correct(cast.make_story())
    answer = client.get(LIST)
    assert answer["Cache-Control"].startswith("public, max-age=0")
    assert answer["ETag"]
    assert not answer.cookies
    assert f'<a href="{LIST}">Corrections</a>' in client.get("/").content.decode()


def test_the_list_says_only_that_a_withheld_part_was_corrected(client):
    correct(gated(), SHUT, quotes_withheld=True)
    correct(gated(access="registered"), SHUT, quotes_withheld=True)
    marked = gated()
    correct(marked, SHUT, paragraph="Behind the cut stands the price of the quay.")
    found, html = listed(client)
    assert len(found) == 3
    assert SHUT not in html
    assert html.count("that only subscribers see") == 2
    assert html.count("that only readers with an account see") == 1
    assert SHUT not in client.get(FEED).content.decode()
    # The same for those who may read it: the page is shared.
    assert SHUT not in listed(signed_in(cast.sam()))[1]


def test_a_note_on_a_free_story_is_told_whatever_it_quotes(client):
    correct(gated(access="free"), SHUT, quotes_withheld=True)
    assert SHUT in listed(client)[1]


def test_while_an_update_is_due_the_list_tells_nothing_of_the_part_behind_the_cut(client):
    story = gated(access="free")
    correct(story, SHUT, quotes_withheld=True)
    correct(story, OPEN)
    queue(story, access="premium")
    _, html = listed(client)
    assert SHUT not in html
    assert OPEN in html
    assert SHUT not in client.get(FEED).content.decode()


def _unpublish(story):
    publishing.unpublish(story.article, editor=cast.ed())


def _put_off(story):
    move(story, published_at=timezone.now() + dt.timedelta(hours=1))


@pytest.mark.parametrize("leave", [_unpublish, pass_take_off, _put_off])
def test_notes_on_a_story_that_is_not_on_the_site_are_not_listed(client, leave):
    story = cast.make_story()
    correct(story, "Unseen words.")
    stays = correct(cast.make_story())
    leave(story)
    found, html = listed(client)
    assert found == anchors(stays)
    assert story.headline not in html
    assert "Unseen words." not in client.get(FEED).content.decode()


def test_a_story_from_the_archive_keeps_its_notes(client):
    story = cast.make_story()
    note = correct(story)
    archive(story)
    assert listed(client)[0] == anchors(note)


def test_a_retraction_is_listed_and_leads_to_its_page(client):
    story = cast.make_story(headline="A forged letter")
    note = retract(story)
    found, html = listed(client)
    assert found == anchors(note)
    assert f'<a href="{story.path}">A forged letter</a>' in html
    assert "It rested on a forged letter." in html
    assert client.get(story.path).status_code == 410


def test_other_notes_on_a_retracted_premium_story_quote_nothing(client):
    story = gated()
    correct(story, SHUT)
    retract(story)
    _, html = listed(client)
    assert SHUT not in html
    assert "It rested on a forged letter." in html


def test_a_retraction_that_quotes_withheld_words_is_told_without_them(client):
    note = retract(gated(), SHUT)
    Correction.objects.update(quotes_withheld=True)
    found, html = listed(client)
    assert found == anchors(note)
    assert SHUT not in html


def _many(count):
    """So many notes, a minute apart, on stories that are live, with one that is not in between."""
    story, gone = cast.make_story(), cast.make_story()
    _unpublish(gone)
    rows = [
        Correction(
            article_id=(gone if number % 4 == 3 else story).article_id,
            text=f"Note {number}.",
            at=ago(minutes=number + 1),
        )
        for number in range(count)
    ]
    Correction.objects.bulk_create(rows)
    return [f"correction-{row.pk}" for row in rows if row.article_id == story.article_id]


def test_every_note_is_met_once_going_down_and_up_again(client):
    wanted = _many(70)
    pages, here = [], LIST
    while here:
        found, html = listed(client, here)
        pages.append(found)
        here = _link(html, "Older corrections")
    assert [note for found in pages for note in found] == wanted
    assert [len(found) for found in pages[:-1]] == [20] * (len(pages) - 1)
    newer, html = listed(client, LIST + _link(html, "Newer corrections").removeprefix(LIST))
    assert newer == pages[-2]
    top = client.get(_link(listed(client, LIST + _older(client))[1], "Newer corrections"))
    assert (top.status_code, top["Location"]) == (302, LIST)


def _link(html, words):
    found = re.search(rf'href="([^"]+)" rel="\w+">{words}</a>', html)
    return found and found[1]


def _older(client):
    return _link(listed(client)[1], "Older corrections").removeprefix(LIST)


@pytest.mark.parametrize("query", ["before=x", "before=0", "after=%00", "after=-1"])
def test_a_key_that_is_not_ours_is_no_page(client, query):
    assert client.get(f"{LIST}?{query}").status_code in {200, 404}


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_and_its_feed_cost_few_queries_at_any_size(client, count):
    _many(count)
    for path in (LIST, FEED, f"{LIST}?before=20990101T000000000000-1"):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        assert len(caught) <= 4, path


def test_the_feed_holds_each_note_once_with_a_lasting_name(client, settings):
    cast.make_publication(name="The Testing Post")
    story = cast.make_story(headline="Ships & wind")
    note = correct(story, "It was <May>.")
    answer = client.get(FEED)
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert answer["Last-Modified"]
    feed = ET.fromstring(answer.content).find("channel")  # noqa: S314 - our own feed
    assert feed.findtext("title") == "The Testing Post: Corrections"
    [item] = feed.findall("item")
    assert item.findtext("title") == "Correction: Ships & wind"
    assert item.findtext("description") == "It was <May>."
    assert item.findtext("link") == f"{settings.SITE_URL}{story.path}"
    assert item.find("guid").text.endswith(f":correction-{note.pk}")
    assert item.find("guid").get("isPermaLink") == "false"
    again = client.get(FEED, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_the_sitemap_names_the_list_from_the_first_note_on(client):
    story = cast.make_story()
    assert LIST not in client.get("/sitemaps/pages.xml").content.decode()
    correct(story)
    assert f"{LIST}</loc>" in client.get("/sitemaps/pages.xml").content.decode()
    _unpublish(story)
    assert LIST not in client.get("/sitemaps/pages.xml").content.decode()


def test_a_note_without_an_entry_in_the_public_row_is_taken_for_withheld(client):
    story = gated()
    correct(story, SHUT)
    change(story, corrections=[])
    assert SHUT not in listed(client)[1]
    assert json.dumps(SHUT) not in listed(client)[1]
