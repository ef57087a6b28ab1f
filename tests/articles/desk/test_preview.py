"""The preview: the saved story as its page would be, for each kind of reader."""

import pytest
from django.urls import reverse

from articles.models import Article, PublishedArticle
from tests.cast import make_article, make_story, registered, staff

pytestmark = pytest.mark.django_db

FREE = "<p>The free part of the story.</p>"
WITHHELD = "<p>" + "The withheld part of the story. " * 30 + "</p>"


def preview(client, article, kind=""):
    url = reverse("admin:articles_article_preview", args=[article.pk])
    return client.get(f"{url}?as={kind}" if kind else url)


@pytest.fixture
def reporter(client):
    user = staff("Reporter")
    client.force_login(user)
    return user


@pytest.fixture
def premium():
    return make_article(
        access="premium",
        body=f'{FREE}<hr data-cut="">{WITHHELD}',
        takeaways=[("Point", "A withheld takeaway.")],
    )


@pytest.mark.parametrize(
    ("kind", "sees_all"),
    [("", False), ("anonymous", False), ("registered", False), ("subscriber", True), ("x", False)],
)
def test_each_kind_of_reader_gets_what_is_theirs(client, reporter, premium, kind, sees_all):
    page = preview(client, premium, kind).content.decode()

    assert "The free part" in page
    assert ("The withheld part" in page) is sees_all
    assert ("A withheld takeaway" in page) is sees_all


def test_a_registered_story_opens_for_everyone_signed_in(client, reporter):
    article = make_article(access="registered", body=f'{FREE}<hr data-cut="">{WITHHELD}')

    assert "The withheld part" not in preview(client, article).content.decode()
    assert "The withheld part" in preview(client, article, "registered").content.decode()


def test_a_preview_is_kept_by_nobody_and_indexed_by_nobody(client, reporter, premium):
    answer = preview(client, premium)

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_a_preview_shows_the_working_copy_and_publishes_nothing(client, reporter):
    story = make_story(headline="Live words")
    Article.objects.update(headline="Next words")

    assert "Next words" in preview(client, story.article).content.decode()
    assert PublishedArticle.objects.get().headline == "Live words"


def test_an_unfinished_story_has_a_preview_too(client, reporter):
    article = Article.objects.create()

    answer = preview(client, article)

    assert answer.status_code == 200
    assert "No section yet" in answer.content.decode()


def test_only_those_who_see_stories_see_previews(client, premium):
    assert preview(client, premium).status_code == 302
    client.force_login(registered())
    assert preview(client, premium).status_code == 302
    client.force_login(staff("Photo desk"))
    assert preview(client, premium).status_code == 403


def test_a_preview_may_open_the_player_of_a_video_in_it(client, reporter):
    video = '<figure data-embed="vimeo:7"></figure>'
    article = make_article(body=f"{FREE}{video}{FREE}")

    assert "frame-src https://player.vimeo.com;" in (
        preview(client, article)["Content-Security-Policy"] + ";"
    )
    assert "frame-src" not in preview(client, make_article())["Content-Security-Policy"]
