"""Bringing a revision back: as a new one, never over somebody's head, never silently."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.desk import revisions
from articles.models import Article, Author, Event, Image, PublishedArticle, Revision, Section
from articles.models.article import Work
from tests.articles.desk.people import tom
from tests.articles.desk.test_comparing import make_saved, save, url
from tests.cast import (
    ed,
    lisa,
    make_image,
    make_section,
    make_topic,
    publish,
    registered,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(ed())
    return client


def bring_back(client, article, number, *, base=None, **more):
    article.refresh_from_db()
    data = {"base": article.head if base is None else base} | more
    return client.post(url("restore", article, number), data, follow=True)


def test_a_revision_comes_back_as_a_new_one_with_all_it_had(desk):
    topic, world = make_topic(), make_section("World")
    article = make_saved(
        "One",
        takeaways=[("A", "a first point"), ("B", "another one")],
        sources=[{"title": "Log", "url": "https://example.com/"}],
        topics=[topic],
        authors=[lisa(), tom()],
    )
    before = revisions.snapshot(article)
    save(article, headline="Two", takeaways=[], sources=[], topics=[], bylines=[], section=None)

    answer = bring_back(desk, article, 1)

    assert "Revision 1 is back, as revision 3. Nothing is lost." in answer.content.decode()
    article.refresh_from_db()
    assert revisions.snapshot(article) == before
    assert article.section == world
    kept = article.revisions.get(number=3)
    assert (article.head, kept.reason, kept.note) == (3, Revision.Reason.RESTORE, "Revision 1")
    assert kept.content == before
    assert article.revisions.get(number=2).content["headline"] == "Two"
    event = Event.objects.get(kind=Event.Kind.RESTORED)
    assert (event.actor, event.note) == (ed(), "Revision 1")
    assert event.details == {"from": 1, "revision": 3}


def test_readers_see_nothing_of_it_until_it_is_published(desk):
    article = make_saved("One", "Two")
    publish(article)

    bring_back(desk, article, 1)

    assert PublishedArticle.objects.get().headline == "Two"
    assert Article.objects.get().headline == "One"


def test_an_approval_ends_when_another_text_comes_back(desk):
    article = make_saved("One", "Two")
    Article.objects.update(work=Work.APPROVED, approved_revision=2)

    bring_back(desk, article, 1)

    assert Article.objects.get().work == Work.IN_REVIEW


def test_what_somebody_saved_meanwhile_is_not_overwritten(desk):
    article = make_saved("One", "Two")
    save(article, headline="Theirs", editor=staff("Editor"))

    answer = bring_back(desk, article, 1, base=2)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Editor saved this story today" in page
    assert "Nothing was overwritten" in page
    assert f"{url('compare', article)}?a=2&amp;b=3" in page
    article.refresh_from_db()
    assert (article.headline, article.head) == ("Theirs", 3)
    assert not Event.objects.filter(kind=Event.Kind.RESTORED).exists()

    # The page leads on, from what stands now.
    bring_back(desk, article, 1, base=answer.context["article"].head)
    assert Article.objects.get().headline == "One"


@pytest.mark.parametrize("base", ["", "x", "-1", "0", "999", "²", "9" * 40])
def test_a_page_that_does_not_say_where_it_began_is_not_trusted(desk, base):
    article = make_saved("One", "Two")

    answer = bring_back(desk, article, 1, base=base)

    assert answer.status_code == 409
    assert Article.objects.get().headline == "Two"


def test_a_second_click_changes_nothing_and_is_told_so(desk):
    article = make_saved("One", "Two")
    bring_back(desk, article, 1)

    # From the old page, then from a fresh one.
    assert bring_back(desk, article, 1, base=2).status_code == 409
    answer = bring_back(desk, article, 1)

    assert "The story already says what revision 1 says." in answer.content.decode()
    assert article.revisions.count() == 3
    assert Event.objects.filter(kind=Event.Kind.RESTORED).count() == 1


def test_nothing_is_touched_when_the_story_says_so_already(desk):
    article = make_saved("One", takeaways=[("A", "a first point")])
    old = Revision.objects.get()
    del old.content["takeaways"][0]["uid"]
    old.save()
    rows = list(article.takeaways.values())

    bring_back(desk, article, 1)

    assert list(article.takeaways.values()) == rows


def test_what_is_gone_meanwhile_is_named_and_the_rest_comes_back(desk):
    author, section, topic, picture = tom(), make_section("Old"), make_topic("Old"), make_image()
    article = make_saved(
        "One", authors=[lisa(), author], section=section, topics=[topic], lead_image=picture
    )
    figure = f'<figure data-image="{picture.pk}"></figure>'
    save(article, body=revisions.snapshot(article)["body"] + figure)
    world = make_section("World").pk
    now = {"bylines": [{"author": lisa().pk, "role": ""}], "section": world, "topics": []}
    save(article, headline="Three", lead_image=None, body="<p>New.</p>", **now)
    for model, thing in ((Author, author), (Section, section), (Image, picture)):
        model.objects.filter(pk=thing.pk).delete()
    topic.delete()

    page = bring_back(desk, article, 2).content.decode()

    assert "Gone meanwhile, so missing in it: " in page
    for words in ("an author", "the section", "a topic", "the lead picture", "a picture in the"):
        assert words in page
    assert f"(No. {section.pk})" in page
    article.refresh_from_db()
    assert article.headline == "One"
    assert [line.author for line in article.bylines.all()] == [lisa()]
    assert figure in article.body


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"headline": "x" * 300}, "Headline: Ensure this value has at most 200 characters"),
        ({"access": "secret"}, "Access: Value"),
        ({"sources": [{"title": "x" * 400}]}, "Sources: Row 1, title: Ensure this value"),
        ({"sources": [{"title": "Log", "url": "no address"}]}, "Sources: Row 1, url: Enter a"),
        ({"takeaways": [{"text": "a", "uid": "none"}]}, "Key takeaways: Row 1, uid:"),
        ({"bylines": "twice"}, "stands in it twice"),
    ],
)
def test_values_that_do_not_fit_are_named_and_change_nothing(desk, values, problem):
    article = make_saved("One", "Two", takeaways=[("A", "a first point")])
    if values.get("bylines"):
        values = {"bylines": [{"author": lisa().pk, "role": ""}] * 2}
    odd = revisions.snapshot(article) | values
    kept = revisions.keep_refused(article, content=odd, editor=ed())
    before = revisions.snapshot(article)

    answer = bring_back(desk, article, kept.number)

    assert answer.redirect_chain[0][0] == url("revision", article, kept.number)
    page = answer.content.decode()
    assert "cannot be brought back as it is; nothing was changed." in page
    assert problem in page
    article.refresh_from_db()
    assert (revisions.snapshot(article), article.head) == (before, 2)
    assert not Event.objects.filter(kind=Event.Kind.RESTORED).exists()


def test_words_kept_from_a_conflict_can_be_brought_back(desk):
    article = make_saved("One")
    mine = revisions.snapshot(article) | {"headline": "Mine"}
    kept = revisions.keep_refused(article, content=mine, editor=ed())

    bring_back(desk, article, kept.number)

    assert Article.objects.get().headline == "Mine"


def test_a_look_at_the_address_only_shows_the_revision(desk):
    article = make_saved("One", "Two")

    answer = desk.get(url("restore", article, 1))

    assert answer.url == url("revision", article, 1)
    assert Article.objects.get().headline == "Two"


def test_a_revision_that_there_is_not_is_not_found(desk):
    article = make_saved("One", "Two")

    for number in (0, 9, 10**30):
        assert bring_back(desk, article, number).status_code == 404
    nowhere = reverse("admin:articles_article_restore", args=[10**30, 1])
    assert desk.post(nowhere, {"base": 1}).status_code == 404


def test_it_is_refused_without_a_token():
    article = make_saved("One", "Two")
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ed())

    assert bring_back(careful, article, 1).status_code == 403
    assert Article.objects.get().headline == "Two"


@pytest.mark.parametrize("group", ["Reporter", "Photo desk", "Subscriptions desk"])
def test_those_who_may_not_change_the_story_bring_nothing_back(client, group):
    article = make_saved("One", "Two")
    client.force_login(staff(group))

    assert bring_back(client, article, 1).status_code == 403
    assert client.get(url("restore", article, 1)).status_code == 403
    assert Article.objects.get().headline == "Two"


def test_readers_and_visitors_bring_nothing_back(client):
    article = make_saved("One", "Two")
    for user in (None, registered()):
        if user:
            client.force_login(user)
        answer = client.post(url("restore", article, 1), {"base": 2})
        assert answer.status_code == 302
    assert Article.objects.get().headline == "Two"


def test_a_reporter_brings_back_what_is_their_own(client):
    reporter = staff("Reporter")
    article = make_saved("One", "Two", created_by=reporter)
    client.force_login(reporter)

    assert "Bring back revision 1" in client.get(url("compare", article)).content.decode()
    bring_back(client, article, 1)

    assert Article.objects.get().headline == "One"
