"""The social card: what the story's own tags make of it elsewhere, and what is worth a look."""

import re

import pytest
from django.urls import reverse

from tests.cast import PARAGRAPH, make_article, make_image, make_publication, publish, staff
from tests.machines import nu_errors

pytestmark = pytest.mark.django_db

GOOD = "The queue outside the breakwater is shrinking, and the pilots blame the wind."


@pytest.fixture(autouse=True)
def editor(client):
    make_publication(name="The Testing Post")
    client.force_login(staff("Editor"))


def card(client, article) -> str:
    url = reverse("admin:articles_article_preview", args=[article.pk])
    answer = client.get(f"{url}?as=card")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def doubts(page: str) -> list[str]:
    return re.findall(r"<li>([^<]+)</li>", page.split('id="doubts"')[1].split("</section>")[0])


def test_a_good_story_leaves_nothing_to_look_at(client):
    article = make_article(standfirst=GOOD, lead_image=make_image())
    page = card(client, article)

    assert doubts(page) == []
    assert "Nothing: all is whole." in page
    assert GOOD in page
    assert 'aria-current="true">Social card' in page


def test_the_card_says_what_the_page_will_say(client):
    image = make_image()
    article = make_article(
        headline="A very long headline about ships",
        short_headline="Ships wait",
        standfirst=GOOD,
        lead_image=image,
    )
    page = card(client, article)
    public = client.get(publish(article).path).content.decode()

    def tag(name: str) -> str:
        return re.search(rf'<meta property="{name}" content="([^"]*)">', public)[1]

    assert f'<p class="shared-card__title">{tag("og:title")}</p>' in page
    assert f'<p class="shared-card__text">{tag("og:description")}</p>' in page
    assert tag("og:title") == "Ships wait"
    picture = re.search(r'<div class="shared-card"><img src="([^"]+)" alt="([^"]+)">', page)
    assert tag("og:image").endswith(picture[1])
    assert tag("og:image:alt") == picture[2]
    title = re.search(r"<title>([^<]*)</title>", public)[1]
    assert f'<p class="found__title">{title}</p>' in page
    assert "https://" not in page.split("<main")[1]


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"headline": "Ships " * 14}, "Give the story a short headline"),
        ({"standfirst": ""}, "no standfirst"),
        ({"standfirst": "Wind " * 40}, "it is cut after 160"),
        ({"standfirst": "Wind."}, "very short"),
        ({"lead_image": None}, "no lead picture"),
    ],
)
def test_what_is_cut_missing_or_short_is_said(client, fields, doubt):
    fields = {"standfirst": GOOD, "lead_image": "a picture"} | fields
    if fields["lead_image"]:
        fields["lead_image"] = make_image()

    (said,) = doubts(card(client, make_article(**fields)))

    assert doubt in said


@pytest.mark.parametrize(
    ("size", "doubt"),
    [
        ((1000, 520), "pixels wide; networks want 1200"),
        ((1200, 2400), "shows only 26% of it"),
    ],
)
def test_a_picture_that_is_small_or_high_is_told(client, size, doubt):
    article = make_article(standfirst=GOOD, lead_image=make_image(size=size))

    (said,) = doubts(card(client, article))

    assert doubt in said


def test_an_empty_story_has_a_card_too(client):
    page = card(client, make_article(headline="", standfirst="", body="", section=None))

    assert "Story without a headline" in page
    assert "No picture" in page


def test_a_withheld_text_is_not_on_the_card(client):
    article = make_article(
        standfirst="",
        access="premium",
        body=f'{PARAGRAPH}<hr data-cut=""><p>Behind the cut.</p>{PARAGRAPH * 3}',
    )

    assert "Behind the cut" not in card(client, article)


def test_the_card_is_valid_html(client):
    pages = {
        "whole": card(client, make_article(standfirst=GOOD, lead_image=make_image())),
        "bare": card(client, make_article(headline="", body="", section=None)),
    }

    assert nu_errors(pages) == []
