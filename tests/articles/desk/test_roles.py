"""Who may do what at the desk: one table, asked of the server and not of the buttons."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author, PublishedArticle
from tests.articles.desk.forms import read_form
from tests.cast import ed, lisa, make_article, make_story, registered, staff

pytestmark = pytest.mark.django_db

GROUPS = ["Reporter", "Editor", "Chief editor", "Photo desk", "Subscriptions desk"]
# act: who may; on a story that is somebody else's
MAY = {
    "list": {"Reporter", "Editor", "Chief editor"},
    "read": {"Reporter", "Editor", "Chief editor"},
    "revisions": {"Reporter", "Editor", "Chief editor"},
    "compare": {"Reporter", "Editor", "Chief editor"},
    "bring back": {"Editor", "Chief editor"},
    "add": {"Reporter", "Editor", "Chief editor"},
    "change": {"Editor", "Chief editor"},
    "publish": {"Editor", "Chief editor"},
    "add and publish": {"Editor", "Chief editor"},
    "unpublish": {"Editor", "Chief editor"},
    "delete": set(),
}


def url(name, article=None):
    return reverse(f"admin:articles_article_{name}", args=[article.pk] if article else [])


def whole_form(article):
    """The form as an operator gets it: what a forger would send."""
    from django.test import Client

    operator = Client()
    operator.force_login(ed())
    form = operator.get(url("change", article) if article else url("add")).content.decode()
    return read_form(form, "article_form")


def attempt(client, act, article):
    """Do the act; return the answer's status."""
    form = whole_form(article) | {"headline": "Forged"}
    new = whole_form(None) | {"headline": "Forged"}
    answer = {
        "list": lambda: client.get(url("changelist")),
        "read": lambda: client.get(url("change", article)),
        "revisions": lambda: client.get(url("revisions", article)),
        "compare": lambda: client.get(url("compare", article)),
        "bring back": lambda: client.post(
            reverse("admin:articles_article_restore", args=[article.pk, 1]), {"base": article.head}
        ),
        "add": lambda: client.post(url("add"), new),
        "change": lambda: client.post(url("change", article), form),
        "publish": lambda: client.post(url("change", article), form | {"_publish": "1"}),
        "add and publish": lambda: client.post(url("add"), new | {"_publish": "1"}),
        "unpublish": lambda: client.post(url("unpublish", article), {"reason": "Forged"}),
        "delete": lambda: client.post(url("delete", article), {"post": "yes"}),
    }[act]()
    return answer.status_code


@pytest.mark.parametrize("group", GROUPS)
def test_what_a_role_may_do_it_can_do(client, group):
    client.force_login(staff(group))
    for act in [act for act, groups in MAY.items() if group in groups]:
        story = make_story()
        assert attempt(client, act, story.article) in (200, 302), act


@pytest.mark.parametrize("group", GROUPS)
def test_what_a_role_may_not_do_is_refused_and_changes_nothing(client, group):
    story = make_story(headline="Untouched")
    client.force_login(staff(group))
    for act in [act for act, groups in MAY.items() if group not in groups]:
        assert attempt(client, act, story.article) == 403, act
    assert_untouched()


def test_readers_and_visitors_do_nothing_here(client):
    story = make_story(headline="Untouched")
    for user in (None, registered()):
        if user:
            client.force_login(user)
        for act in MAY:
            assert attempt(client, act, story.article) == 302, act
    assert_untouched()


def assert_untouched():
    article = Article.objects.get()
    assert (article.headline, article.head) == ("Untouched", 1)
    assert PublishedArticle.objects.live(timezone.now()).get().headline == "Untouched"


def test_a_reporter_changes_a_story_they_began(client):
    reporter = staff("Reporter")
    article = make_article(created_by=reporter)
    client.force_login(reporter)

    assert attempt(client, "change", article) == 302
    assert Article.objects.get().headline == "Forged"


def test_a_reporter_changes_a_story_with_their_name(client):
    reporter = staff("Reporter")
    Author.objects.filter(pk=lisa().pk).update(user=reporter)
    article = make_article(authors=[lisa()])
    client.force_login(reporter)

    assert attempt(client, "change", article) == 302


@pytest.mark.parametrize("act", ["publish", "unpublish", "delete"])
def test_a_reporter_never_publishes_not_even_their_own(client, act):
    reporter = staff("Reporter")
    story = make_story(headline="Untouched", created_by=reporter)
    client.force_login(reporter)

    assert attempt(client, act, story.article) == 403
    assert Article.objects.get().headline == "Untouched"
    assert PublishedArticle.objects.live(timezone.now()).get().headline == "Untouched"


def test_a_reporter_sees_no_button_that_would_be_refused(client):
    reporter = staff("Reporter")
    own, other = make_article(created_by=reporter), make_article()
    client.force_login(reporter)

    mine = client.get(url("change", own)).content.decode()
    assert 'name="_continue"' in mine
    assert 'name="_publish"' not in mine

    theirs = client.get(url("change", other)).content.decode()
    assert 'name="_publish"' not in theirs
    assert 'name="headline"' not in theirs
    assert "You may read this story" in theirs
    assert "The harbour office counted" in theirs
