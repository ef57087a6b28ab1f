"""A form that is posted after its session ended, by a browser without scripts."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, KeptPost, Revision
from newsroom.tasks import periodic
from tests.accounts.doors import sign_in
from tests.articles.desk.forms import read_form
from tests.cast import ed, lisa, make_article, registered, staff

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"


@pytest.fixture
def lisa_morgan():
    return staff("Editor", name="Lisa Morgan")


@pytest.fixture
def client(lisa_morgan):
    """Lisa's browser, which checks forms as a real one would have them checked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(lisa_morgan)
    return client


@pytest.fixture
def article():
    return make_article(headline="First words", takeaways=[("One", "one")], authors=[lisa()])


def change_url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def opened(client, address):
    page = client.get(address)
    form = read_form(page.content.decode(), "article_form")
    return form | {"csrfmiddlewaretoken": page.context["csrf_token"]}


def end_session(client):
    del client.cookies["session"]


def sign_in_again(client, user, way):
    """From the answer to the post, by the sign-in page, to wherever it leads."""
    assert way.status_code == 302
    assert way["Location"].startswith("/account/sign-in/?next=")
    following = way["Location"].partition("next=")[2]
    client.handler.enforce_csrf_checks = False
    answer = sign_in(client, user.email, next=following)
    client.handler.enforce_csrf_checks = True
    return client.get(answer["Location"], follow=True)


def take_back(client, page):
    """Press the button of the page that says what is kept."""
    assert "Your words are kept" in page.content.decode()
    token = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    return client.post(page.request["PATH_INFO"], token, follow=True)


def test_a_post_without_a_session_is_given_back_after_signing_in(client, lisa_morgan, article):
    form = opened(client, change_url(article))
    end_session(client)

    way = client.post(change_url(article), form | {"headline": "Typed", "takeaways-0-text": "eins"})
    offer = sign_in_again(client, lisa_morgan, way)
    # Looking changes nothing: a link may be opened by machines.
    assert KeptPost.objects.exists()
    assert not Revision.objects.exists()
    page = take_back(client, offer).content.decode()

    assert "This is what you typed at " in page
    taken = read_form(page, "article_form")
    assert (taken["headline"], taken["takeaways-0-text"]) == ("Typed", "eins")
    assert Article.objects.get().headline == "First words"
    assert not KeptPost.objects.exists()
    assert article.revisions.get().reason == Revision.Reason.AUTOSAVE
    again = opened(client, change_url(article) + f"?from={article.revisions.get().number}")
    client.post(change_url(article), again)
    assert Article.objects.get().headline == "Typed"
    assert article.takeaways.get().text == "eins"


def test_a_new_story_posted_without_a_session_is_given_back_too(client, lisa_morgan):
    form = opened(client, ADD)
    end_session(client)

    way = client.post(ADD, form | {"headline": "Typed"})
    page = take_back(client, sign_in_again(client, lisa_morgan, way)).content.decode()

    assert read_form(page, "article_form")["headline"] == "Typed"
    assert Article.objects.get().created_by == lisa_morgan


def test_another_account_never_sees_them(client, lisa_morgan, article):
    form = opened(client, change_url(article))
    end_session(client)
    way = client.post(change_url(article), form | {"headline": "Typed"})

    page = sign_in_again(client, ed(), way).content.decode()

    assert "Nothing is kept here for you" in page
    assert "Typed" not in page
    assert "Your words are kept for an hour" not in client.get(change_url(article)).content.decode()
    # They wait for Lisa.
    assert KeptPost.objects.get().user == lisa_morgan
    other = Client()
    other.force_login(lisa_morgan)
    page = other.get(change_url(article)).content.decode()
    assert "Your words are kept for an hour" in page
    kept = reverse("admin:articles_article_kept", args=[KeptPost.objects.get().key])
    assert f'href="{kept}"' in page
    assert "Typed" in take_back(other, other.get(kept)).content.decode()


def test_they_are_kept_for_an_hour(client, lisa_morgan, article):
    form = opened(client, change_url(article))
    end_session(client)
    way = client.post(change_url(article), form | {"headline": "Typed"})
    KeptPost.objects.update(kept_at=timezone.now() - dt.timedelta(minutes=61))

    page = sign_in_again(client, lisa_morgan, way).content.decode()

    assert "Nothing is kept here for you" in page
    next(job for job in periodic.jobs() if job.name == "kept-posts").function()
    assert not KeptPost.objects.exists()


def test_posting_again_takes_the_same_place(client, article):
    form = opened(client, change_url(article))
    end_session(client)

    for words in ("One", "Two"):
        client.post(change_url(article), form | {"headline": words})

    assert KeptPost.objects.get().content["headline"] == "Two"


def test_a_form_from_before_signing_in_is_given_back_at_once(client, lisa_morgan, article):
    form = opened(client, change_url(article))
    del client.cookies["csrf"]

    answer = client.post(change_url(article), form | {"headline": "Typed"}, follow=True)

    assert "This form is from before you signed in. Nothing is lost" in answer.content.decode()
    page = take_back(client, answer).content.decode()
    assert read_form(page, "article_form")["headline"] == "Typed"


def test_a_form_of_anothers_is_kept_for_them_and_refused_here(client, lisa_morgan, article):
    form = opened(client, change_url(article))
    client.force_login(ed())
    del client.cookies["csrf"]

    answer = client.post(change_url(article), form | {"headline": "Typed"})

    assert answer.status_code == 403
    assert "Typed" not in answer.content.decode()
    assert KeptPost.objects.get().user == lisa_morgan
    assert Article.objects.get().headline == "First words"


@pytest.mark.parametrize("signed", ["", "nonsense", "W10:1:x"])
def test_a_post_that_nobody_signed_is_not_kept(client, article, signed):
    form = opened(client, change_url(article))
    end_session(client)

    answer = client.post(change_url(article), form | {"writer": signed})

    assert answer.status_code == 302
    assert not KeptPost.objects.exists()


def test_a_name_signed_for_one_story_is_good_for_no_other(client, article):
    form = opened(client, change_url(article))
    other = make_article()
    end_session(client)

    client.post(change_url(other), form | {"headline": "Typed"})

    assert not KeptPost.objects.exists()


def test_nothing_is_kept_for_who_may_not_write_any_more(client, lisa_morgan, article):
    form = opened(client, change_url(article))
    end_session(client)
    lisa_morgan.groups.clear()
    client.post(change_url(article), form)
    lisa_morgan.is_active = False
    lisa_morgan.save()
    client.post(change_url(article), form)

    assert not KeptPost.objects.exists()


def test_a_reader_signed_in_meanwhile_gets_nothing_of_it(client, lisa_morgan, article):
    form = opened(client, change_url(article))
    client.logout()
    client.force_login(registered())

    answer = client.post(change_url(article), form | {"headline": "Typed"}, follow=True)

    assert "Typed" not in answer.content.decode()
    assert not Revision.objects.exists()


def test_an_unknown_key_leads_to_the_stories(client):
    key = "00000000-0000-4000-8000-000000000000"

    answer = client.get(reverse("admin:articles_article_kept", args=[key]))

    assert answer["Location"] == reverse("admin:articles_article_changelist")
