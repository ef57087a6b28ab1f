"""Correcting, retracting and archiving at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from articles import publishing
from articles.models import Correction, PublishedArticle
from tests.articles.publishing.acts import edit, soon
from tests.cast import ed, make_article, publish, staff

pytestmark = pytest.mark.django_db

BODY = "<p>Eleven ships wait in the harbour.</p><p>The wind did not turn on Tuesday.</p>"


@pytest.fixture
def article():
    article = make_article(headline="Ships wait", body=BODY)
    publish(article)
    return article


def client_of(group):
    client = Client()
    client.force_login(staff(group))
    return client


@pytest.fixture
def desk():
    return client_of("Editor")


def url_of(article, page):
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def correct(client, article, **data):
    values = {
        "kind": "correction",
        "text": "There were twelve.",
        "place": "body:1",
        "old": "Eleven",
        "new": "Twelve",
        "signature": "Ed Ito",
    }
    return client.post(url_of(article, "correct"), values | data)


def test_an_editor_corrects_what_readers_see(desk, article):
    answer = correct(desk, article)

    assert answer.status_code == 302
    assert "Twelve ships" in PublishedArticle.objects.get().body_html
    assert Correction.objects.get().signature == "Ed Ito"
    assert "There were twelve." in desk.get(url_of(article, "correct")).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "This field is required."),
        ({"place": ""}, "Choose where the wrong words stand."),
        ({"old": ""}, "Copy the wrong words from the story."),
        ({"old": "Thirteen"}, "does not stand there as one piece"),
        ({"place": "body:44"}, "Select a valid choice"),
        ({"kind": "retraction"}, "Select a valid choice"),
        ({"place": "headline", "old": "Ships wait", "new": " "}, "The headline is missing."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(desk, article, data, said):
    answer = correct(desk, article, **data)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Ed Ito" in answer.content.decode()
    assert not Correction.objects.exists()


def test_changes_saved_since_may_go_out_with_the_note_or_stay(desk, article):
    edit(article, headline="Ships sail")

    correct(desk, article, changes="leave")
    assert PublishedArticle.objects.get().headline == "Ships wait"

    correct(desk, article, old="", new="", place="", text="A new headline.", changes="publish")
    assert PublishedArticle.objects.get().headline == "Ships sail"
    assert Correction.objects.count() == 2


def test_a_conflict_with_the_update_that_waits_is_asked_about(desk, article):
    edit(article, body=BODY.replace("on Tuesday", "on Wednesday"))
    publishing.schedule(article, editor=ed(), at=soon())
    words = {"place": "body:2", "old": "on Tuesday", "new": "on Monday"}

    asked = correct(desk, article, **words)
    assert asked.status_code == 200
    assert "keeps its own words" in asked.content.decode()
    assert not Correction.objects.exists()

    correct(desk, article, prefer_queue="queued", **words)
    assert "on Monday" in PublishedArticle.objects.get().body_html
    assert "on Wednesday" in article.versions.first().content["body"]


def test_only_the_chief_retracts_and_says_why(article):
    url = url_of(article, "retract")
    assert client_of("Editor").post(url, {"text": "Made up."}).status_code == 403
    chief = client_of("Chief editor")
    assert "Readers must learn why" in chief.post(url, {"text": " "}).content.decode()

    answer = chief.post(url, {"text": "Its source was made up."})

    assert answer.status_code == 302
    assert PublishedArticle.objects.get().retracted_at is not None
    assert "retracted already" in chief.get(url).content.decode()


def test_a_story_goes_into_the_archive_and_back(desk, article):
    url = url_of(article, "archive")
    desk.post(url)
    assert PublishedArticle.objects.get().archived_at is not None
    desk.post(url)
    assert PublishedArticle.objects.get().archived_at is None


def test_what_is_not_live_is_not_corrected(desk):
    article = make_article()

    assert (
        "Only a story that readers can see" in desk.get(url_of(article, "correct")).content.decode()
    )
    assert correct(desk, article).status_code == 200
    assert not Correction.objects.exists()


@pytest.mark.parametrize("page", ["correct", "retract", "archive"])
@pytest.mark.parametrize("group", ["Reporter", "Photo desk", "Subscriptions desk"])
def test_others_are_refused(article, page, group):
    client = client_of(group)

    assert client.get(url_of(article, page)).status_code == 403
    assert client.post(url_of(article, page), {"text": "x"}).status_code == 403
