"""Before its time nothing public knows a story: by construction, not by a job."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Author
from tests import cast
from tests.articles.site.public_acts import ago, change, move
from tests.articles.site.surfaces import FRONTS, LISTS, OTHERS, finds, mails_about, naming, text_of

pytestmark = pytest.mark.django_db

WORD = "embargoed"
SOON = dt.timedelta(hours=1)


def make(**fields):
    return cast.make_article(
        headline="The embargoed pier",
        lead_image=cast.make_image(),
        topics=[cast.make_topic()],
        authors=[cast.lisa()],
        **fields,
    )


@pytest.fixture
def scheduled():
    """A story whose publication lies ahead, in every row that publishing writes."""
    story = cast.publish(make())
    move(story, published_at=timezone.now() + SOON)
    change(story, embargo_until=story.published_at)
    return story


def test_a_working_copy_under_embargo_is_known_nowhere():
    article = make(embargo_until=timezone.now() + SOON)
    client = Client()
    address = f"{timezone.now():/%Y/%m/%d/}{article.slug}/"
    assert client.get(address).status_code == 404
    for path in (*FRONTS, *LISTS, *OTHERS):
        text = text_of(client, path)
        for words in (article.slug, article.headline, article.lead_image.rendition_name):
            assert words not in text, path
    assert finds(client, WORD) == (0, False)
    assert client.get("/authors/lisa-berg/").status_code == 404


def test_a_scheduled_story_is_known_nowhere_before_its_time(scheduled):
    client = Client()
    for method in (client.get, client.head):
        assert method(scheduled.path).status_code == 404
    assert finds(client, WORD) == (0, False)
    for path in (
        "/authors/lisa-berg/",
        "/authors/lisa-berg/feeds/rss/",
        f"/account/follow/author/{Author.objects.get().pk}/",
        "/sitemaps/stories-0.xml",
    ):
        assert client.get(path).status_code == 404, path
    assert "stories-0" not in text_of(client, "/sitemap.xml")
    pages = text_of(client, "/sitemaps/pages.xml")
    for path in ("/world/", "/authors/", "/topics/"):
        assert path not in pages, path
    assert naming(scheduled, word=WORD) == set()
    assert mails_about(scheduled) == []


def test_an_old_address_of_a_scheduled_story_leads_nowhere(scheduled):
    scheduled.article.redirects.create(path="/2025/01/24/an-old-address/")
    client = Client()
    assert client.get("/2025/01/24/an-old-address/").status_code == 404
    change(scheduled, embargo_until=None)
    move(scheduled, published_at=ago(seconds=1))
    assert client.get("/2025/01/24/an-old-address/").status_code == 301


@pytest.mark.parametrize("seconds_ago", [0, 1, 3600])
def test_from_its_time_on_it_is_everywhere_with_no_job_run(scheduled, seconds_ago):
    at = ago(seconds=seconds_ago)
    change(scheduled, embargo_until=at)
    move(scheduled, published_at=at)
    assert Client().get(scheduled.path).status_code == 200
    everywhere = {*FRONTS, *LISTS, "beside another story", "search"}
    assert naming(scheduled, word=WORD) == everywhere
    assert len(mails_about(scheduled)) == 1


def test_a_picture_has_an_address_that_nobody_can_guess(scheduled):
    """The file may be made ahead; its name is a keyed hash and stands on no page before."""
    name = scheduled.lead_image.rendition_name
    assert len(name) == 32
    assert name not in "".join(text_of(Client(), path) for path in (*FRONTS, *LISTS, *OTHERS))
    for number in (scheduled.lead_image_id, scheduled.article_id):
        assert Client().get(f"/media/r/{number:032x}/320.jpg").status_code == 404
