"""Who else has a story's form open, by requests."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.desk import presence
from articles.models import Presence
from newsroom.tasks import periodic
from tests.cast import ed, make_article, make_publication, registered, staff

pytestmark = pytest.mark.django_db

TABS = [letter * 32 for letter in "abc"]


@pytest.fixture
def article():
    make_publication()
    return make_article()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lisa_there(article):
    """Lisa Morgan, an editor with the form open."""
    client = signed_in(staff("Editor", name="Lisa Morgan"))
    ping(client, article)
    return client


@pytest.fixture
def tom_there():
    return signed_in(staff("Reporter", name="Tom Hale"))


def url_of(article):
    return reverse("admin:articles_article_presence", args=[article.pk])


def ping(client, article, tab=TABS[0], **more):
    return client.post(url_of(article), {"tab": tab, "base": article.head, **more})


def names(answer):
    return [f"{each['name']} {each['what']}" for each in answer.json()["here"]]


def test_who_has_the_form_open_is_told_to_all_others(lisa_there, tom_there, article):
    mine = ping(tom_there, article, TABS[1])
    theirs = ping(lisa_there, article)

    [lisa], [tom] = mine.json()["here"], theirs.json()["here"]
    assert (lisa["initials"], lisa["name"]) == ("LM", "Lisa Morgan")
    assert lisa["what"].startswith("is reading, since ")
    assert (tom["initials"], tom["name"]) == ("TH", "Tom Hale")
    assert mine["Cache-Control"] == "private, no-store"


def test_who_writes_is_told_to_write_and_since_when_they_are_here(lisa_there, tom_there, article):
    Presence.objects.update(since=timezone.now() - dt.timedelta(hours=1))
    since = Presence.objects.get().since

    ping(lisa_there, article, writing="1")

    [line] = names(ping(tom_there, article, TABS[1]))
    assert line.startswith("Lisa Morgan is writing, since ")
    assert Presence.objects.get(tab=TABS[0]).since == since


def test_my_other_window_is_told_as_mine(lisa_there, article):
    [line] = names(ping(lisa_there, article, TABS[1]))

    assert line.startswith("You, in another window, since ")


def test_whoever_is_silent_for_a_minute_is_gone(lisa_there, tom_there, article):
    Presence.objects.update(seen_at=timezone.now() - dt.timedelta(seconds=61))

    assert names(ping(tom_there, article, TABS[1])) == []
    # And is here anew afterwards.
    before = Presence.objects.get(tab=TABS[0]).since
    ping(lisa_there, article)
    assert Presence.objects.get(tab=TABS[0]).since > before


def test_whoever_leaves_is_gone_at_once(lisa_there, tom_there, article):
    lisa_there.post(url_of(article), {"tab": TABS[0], "leave": "1"})

    assert names(ping(tom_there, article, TABS[1])) == []


def test_nobody_takes_another_off_the_list(lisa_there, tom_there, article):
    tom_there.post(url_of(article), {"tab": TABS[0], "leave": "1"})

    assert len(names(ping(tom_there, article, TABS[1]))) == 1


def test_a_tab_in_which_somebody_else_signed_in_is_theirs(lisa_there, tom_there, article):
    ping(tom_there, article)

    assert Presence.objects.get().user.name == "Tom Hale"


def test_the_page_names_who_is_there_without_scripts(lisa_there, tom_there, article):
    page = tom_there.get(reverse("admin:articles_article_change", args=[article.pk]))

    assert "<b>Lisa Morgan</b> is reading, since" in page.content.decode()


def test_a_sign_of_life_tells_who_saved_meanwhile(lisa_there, tom_there, article):
    url = reverse("admin:articles_article_change", args=[article.pk])
    from tests.articles.desk.forms import read_form

    form = read_form(lisa_there.get(url).content.decode(), "article_form")
    lisa_there.post(url, form | {"headline": "Saved"})

    said = ping(tom_there, article, TABS[1]).json()

    assert said["head"] == 1
    assert said["newer"]["says"].startswith("Lisa Morgan saved at ")
    assert ping(tom_there, article, TABS[1], base=1).json()["newer"] is None


def test_presence_locks_nothing(lisa_there, article):
    from articles.models import Article

    before = Article.objects.values().get()
    ping(lisa_there, article, writing="1")

    assert Article.objects.values().get() == before


def test_without_rights_it_is_refused(article):
    for user in (staff("Subscriptions desk"), registered()):
        assert ping(signed_in(user), article).status_code == 403
    assert ping(Client(), article).status_code == 401
    assert not Presence.objects.exists()


def test_odd_signs_are_refused(lisa_there, article):
    for tab in ("", "x", "<script>", "a" * 40):
        assert ping(lisa_there, article, tab).status_code == 400
    assert lisa_there.get(url_of(article)).status_code == 405
    missing = reverse("admin:articles_article_presence", args=[10**17])
    assert lisa_there.post(missing, {"tab": TABS[0]}).status_code == 404


@pytest.mark.parametrize("others", [0, 8])
def test_a_sign_of_life_asks_five_questions_of_its_own(
    lisa_there, article, others, django_assert_num_queries
):
    for number in range(others):
        ping(signed_in(ed()), article, f"{number:032}")

    # Besides the session and its account, which every request looks up.
    with django_assert_num_queries(2 + 5):
        ping(lisa_there, article)


def test_rows_of_the_gone_are_removed(lisa_there, tom_there, article):
    ping(tom_there, article, TABS[1])
    Presence.objects.filter(tab=TABS[0]).update(seen_at=timezone.now() - dt.timedelta(minutes=2))

    job = next(job for job in periodic.jobs() if job.name == "presence")
    job.function()

    assert Presence.objects.get().tab == TABS[1]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Tom Hale", "TH"), ("Ana Maria de Souza", "AS"), ("Ed", "E"), ("tom@example.com", "T")],
)
def test_faces_bear_the_first_letters(name, initials):
    assert presence._initials(name) == initials
