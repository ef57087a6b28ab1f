"""The address of a story that was taken back for good."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.site.public_acts import KIND, ago, change, correct, move, retract

pytestmark = pytest.mark.django_db


def retracted_story(**fields):
    story = cast.make_story(
        **{
            "headline": "A forged letter",
            "standfirst": "What the letter said.",
            "body": "<p>The letter was signed in May.</p><p>More of it.</p>",
            "lead_image": cast.make_image(),
            "topics": [cast.make_topic()],
        }
        | fields
    )
    move(story, published_at=dt.datetime(2026, 1, 24, 14, 40, tzinfo=dt.UTC))
    return story, retract(story)


def test_it_says_what_it_was_when_it_was_out_and_why_it_is_gone(client):
    cast.make_publication(zone="America/New_York")
    story, _ = retracted_story()
    answer = client.get(story.path)
    html = answer.content.decode()
    assert answer.status_code == 410
    assert "<h1>A forged letter</h1>" in html
    assert "January 24, 2026, 9:40 a.m. ET" in html
    assert "It rested on a forged letter." in html
    assert '<p class="meta">Lisa Berg</p>' in html


def test_it_holds_no_word_or_picture_of_the_text_and_no_tags_for_those_who_share_it(client):
    story, _ = retracted_story()
    html = client.get(story.path).content.decode()
    for part in ("signed in May", "What the letter said.", story.lead_image.rendition_name):
        assert part not in html
    for part in ("og:", "twitter:", "ld+json", "canonical", "Shipping", "<img"):
        assert part not in html
    assert '<meta name="robots" content="noindex">' in html


def test_it_is_the_same_for_a_subscriber_and_for_head(client):
    story, _ = retracted_story(access="premium", body=cast.BODY)
    assert signed_in(cast.sam()).get(story.path).status_code == 410
    head = client.head(story.path)
    assert (head.status_code, head.content) == (410, b"")
    assert client.post(story.path).status_code == 405


def test_it_leads_to_the_note_wherever_that_stands_in_the_list(client):
    story, note = retracted_story()
    other = cast.make_story()
    for number in range(25):
        correct(other, f"Note {number}.", at=timezone.now() + dt.timedelta(microseconds=1))
    html = client.get(story.path).content.decode()
    address, anchor = re.search(r'href="(/corrections/[^"#]*)#([^"]+)"', html).groups()
    assert anchor == f"correction-{note.pk}"
    assert f'id="{anchor}"' not in client.get("/corrections/").content.decode()
    assert f'id="{anchor}"' in client.get(address).content.decode()


def test_every_address_the_story_once_had_says_so(client):
    article = cast.make_article(slug="first")
    first = cast.publish(article).path
    article.slug = "second"
    article.save()
    story = cast.publish(article)
    assert client.get(first).status_code == 301
    retract(story)
    assert client.get(first).status_code == 410
    assert client.get(story.path).status_code == 410


def test_a_story_that_was_never_out_is_unknown_even_when_retracted(client):
    story = cast.make_story()
    retract(story)
    move(story, published_at=timezone.now() + dt.timedelta(hours=1))
    assert client.get(story.path).status_code == 404
    # Its time comes after it was taken back.
    change(story, retracted_at=ago(hours=2), withdrawn_at=ago(hours=2))
    move(story, published_at=ago(hours=1))
    assert client.get(story.path).status_code == 404


def test_a_reason_that_quotes_withheld_words_is_not_told(client):
    story = cast.make_story(access="premium")
    retract(story, "The secret price was made up.")
    change(story, corrections=[row | {"is_withheld": True} for row in story.corrections])
    answer = client.get(story.path)
    assert answer.status_code == 410
    assert "secret price" not in answer.content.decode()


def test_other_notes_do_not_stand_on_its_page(client):
    story = cast.make_story()
    correct(story, "It was May.", kind=KIND.CLARIFICATION)
    retract(story)
    assert "It was May." not in client.get(story.path).content.decode()


def test_an_unknown_address_is_still_not_found(client):
    retract(cast.make_story())
    assert client.get("/2026/01/24/nothing-of-the-kind/").status_code == 404
