"""A story's page, through the front door."""

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from articles import publishing
from tests import cast
from tests.accounts.doors import signed_in

pytestmark = pytest.mark.django_db


def page(client, story):
    answer = client.get(story.path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_free_story_stands_on_its_page_with_all_its_parts(client):
    cast.make_publication(rights_note="Pictures belong to their makers.")
    picture = cast.make_image()
    figure = cast.make_image(caption="A crane.", credit="Jun Okabe", alt_text="A red crane.")
    topic = cast.make_topic("Harbour Holding", ticker="HRB", exchange="NYSE")
    story = cast.make_story(
        headline="Eleven ships wait",
        standfirst="The queue is shrinking.",
        body=f"<p>The port ({topic.ticker}) is full.</p><h2>Why</h2>"
        f'<figure data-image="{figure.pk}" data-caption="Our crane."></figure><p>Wind.</p>',
        dateline="Rotterdam",
        lead_image=picture,
        lead_caption="Ships, seen from the pier.",
        takeaways=[("Ships", "Eleven wait."), ("Wind:", "It holds.")],
        sources=[{"title": "Harbour log", "publisher": "Port", "url": "https://example.com/log"}],
        topics=[topic],
    )
    html = page(client, story)
    for part in (
        "<h1>Eleven ships wait</h1>",
        "The queue is shrinking.",
        "Ships, seen from the pier.",
        '<span class="credit">Ana Duarte / Testing Pictures</span>',
        '<a href="/authors/lisa-berg/" rel="author">Lisa Berg</a>',
        "Harbour correspondent",
        "Reported from Rotterdam",
        "1 min read",
        "<strong>Ships:</strong> Eleven wait.",
        "<strong>Wind:</strong> It holds.",
        "Our crane.",
        'alt="A red crane."',
        '<span class="credit">Jun Okabe</span>',
        '<a class="ticker" href="/topics/harbour-holding/" aria-label="HRB, NYSE: stories about '
        'Harbour Holding">HRB</a>',
        '<a href="https://example.com/log" rel="external nofollow">Harbour log</a>, Port',
        "Lisa writes.",
        '<a href="/topics/harbour-holding/">Harbour Holding</a>',
        "Pictures belong to their makers.",
    ):
        assert part in html, part
    assert 'class="paywall"' not in html
    assert "premium-body" not in html


def test_the_takeaways_stand_after_the_first_paragraph(client):
    story = cast.make_story(
        body="<h2>Opening</h2><p>First.</p><p>Second.</p>", takeaways=[("", "The point.")]
    )
    html = page(client, story)
    assert html.index("First.") < html.index("The point.") < html.index("Second.")


def test_times_are_those_of_the_newsroom_with_the_name_of_the_zone(client):
    cast.make_publication(zone="America/New_York")
    at = dt.datetime(2025, 1, 24, 14, 40, tzinfo=dt.UTC)
    article = cast.make_article()
    cast.publish(article, at=at)
    story = cast.publish(article, tell_readers=True)
    html = page(client, story)
    assert (
        '<time datetime="2025-01-24T09:40:00-05:00">January 24, 2025, 9:40 a.m. ET</time>' in html
    )
    assert "Updated <time" in html


def test_a_corrected_credit_and_a_new_portrait_show_at_once_without_publishing(client):
    picture = cast.make_image()
    story = cast.make_story(lead_image=picture)
    author = cast.lisa()
    assert "Ben Ito" not in page(client, story)
    picture.credit = "Ben Ito / Testing Pictures"
    picture.save()
    author.portrait = cast.make_image()
    author.save()
    html = page(client, story)
    assert "Ben Ito / Testing Pictures" in html
    assert author.portrait.rendition_name in html


def test_a_renamed_section_and_author_page_show_at_once(client):
    section = cast.make_section("World")
    story = cast.make_story(section=section)
    section.name = "The world"
    section.save()
    assert '<a href="/world/">The world</a>' in page(client, story)


def test_a_story_of_two_authors_names_both_and_has_both_boxes(client):
    from articles.models import Author

    other = Author.objects.create(name="Tom Hale", slug="tom-hale", bio="Tom counts.")
    html = page(client, cast.make_story(authors=[cast.lisa(), other]))
    assert html.count('class="author-box') == 2
    assert "Tom counts." in html


def test_words_of_the_desk_are_escaped(client):
    story = cast.make_story(
        headline='Ships <script>alert("1")</script> & wind',
        standfirst="</script><img src=x onerror=alert(1)>",
        takeaways=[("<b>", "<i>point</i>")],
        sources=[{"title": "<u>log</u>", "url": "https://example.com/?a=1&b=2"}],
    )
    html = page(client, story)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<i>point" not in html
    assert "<u>log" not in html


def test_an_unpublished_story_is_gone_and_may_come_back(client):
    story = cast.make_story()
    publishing.unpublish(story.article, editor=cast.ed())
    answer = client.get(story.path)
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "private, no-store"
    cast.publish(story.article)
    assert client.get(story.path).status_code == 200


def test_a_changed_address_leads_to_the_new_one_in_one_hop(client):
    article = cast.make_article(slug="first")
    first = cast.publish(article).path
    for slug in ("second", "third"):
        article.slug = slug
        article.save()
        now = cast.publish(article).path
    for old in (first, first.replace("first", "second")):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, now)
    publishing.unpublish(article, editor=cast.ed())
    assert client.get(first).status_code == 404


def test_a_story_that_is_due_later_is_not_there(client):
    story = cast.make_story()
    type(story).objects.filter(pk=story.pk).update(
        published_at=timezone.now() + dt.timedelta(hours=1)
    )
    assert client.get(story.path).status_code == 404


def test_a_shared_page_sets_no_cookie_and_can_be_asked_again(client):
    story = cast.make_story()
    answer = client.get(story.path)
    assert answer["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    assert "must-revalidate" in answer["Cache-Control"]
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "csrf" not in answer.content.decode().lower()
    again = client.get(story.path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(story.path)["ETag"] == answer["ETag"]


def test_a_page_for_a_session_is_private():
    story = cast.make_story()
    answer = signed_in(cast.sam()).get(story.path)
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer
    assert ">Account</span>" in answer.content.decode()


def test_only_reading_is_allowed(client):
    story = cast.make_story()
    assert client.post(story.path).status_code == 405
    assert client.head(story.path).status_code == 200


def test_the_head_names_the_story_for_those_who_share_it(client, settings):
    story = cast.make_story(
        headline="A headline " * 8,
        short_headline="Ships wait",
        lead_image=cast.make_image(),
        topics=[cast.make_topic()],
    )
    html = page(client, story)
    tags = dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)">', html))
    assert tags["og:type"] == "article"
    assert tags["og:title"] == "Ships wait"
    assert tags["og:url"] == f"{settings.SITE_URL}{story.path}"
    assert tags["og:image"].startswith(f"{settings.SITE_URL}/media/r/")
    assert tags["og:image:width"] == "1200"
    assert tags["article:section"] == "World"
    assert tags["article:tag"] == "Shipping"
    assert f'<link rel="canonical" href="{settings.SITE_URL}{story.path}">' in html
    assert html.count('rel="canonical"') == 1
    assert "noarchive" not in html


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("news", "NewsArticle"),
        ("analysis", "AnalysisNewsArticle"),
        ("opinion", "OpinionNewsArticle"),
        ("explainer", "BackgroundNewsArticle"),
    ],
)
def test_the_structured_data_follows_the_kind(client, kind, expected):
    story = cast.make_story(kind=kind)
    assert structured(page(client, story))[0]["@type"] == expected


def test_the_structured_data_tells_the_story(client, settings):
    story = cast.make_story(
        headline='Ships </script> & "wind"',
        lead_image=cast.make_image(),
        topics=[cast.make_topic()],
    )
    html = page(client, story)
    data, way = structured(html)
    assert data["headline"] == 'Ships </script> & "wind"'
    assert data["isAccessibleForFree"] is True
    assert "hasPart" not in data
    assert dt.datetime.fromisoformat(data["datePublished"]).tzinfo is not None
    assert data["dateModified"] >= data["datePublished"]
    assert data["author"] == [
        {"@type": "Person", "name": "Lisa Berg", "url": f"{settings.SITE_URL}/authors/lisa-berg/"}
    ]
    assert data["publisher"]["@type"] == "NewsMediaOrganization"
    assert data["keywords"] == ["Shipping"]
    picture = data["image"][0]
    assert picture["width"] >= 1200
    assert picture["creator"] == {"@type": "Person", "name": "Ana Duarte"}
    assert picture["creditText"] == "Ana Duarte / Testing Pictures"
    assert [step["position"] for step in way["itemListElement"]] == [1, 2, 3]


def structured(html):
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(script) for script in scripts]
