"""The desk's frame and its plain pages: sections, topics, authors, publication, pages."""

import pytest
from django.urls import reverse

from articles.models import Author, Event, Publication, Section, Topic
from tests.cast import (
    ed,
    lisa,
    make_article,
    make_publication,
    make_section,
    make_topic,
    registered,
    staff,
)

pytestmark = pytest.mark.django_db

MODELS = ["section", "topic", "author", "plainpage"]


@pytest.fixture
def chief(client):
    user = staff("Chief editor")
    client.force_login(user)
    return user


def rows(prefix, *entries):
    """The posted values of one group of ordered rows."""
    data = {f"{prefix}-TOTAL_FORMS": len(entries), f"{prefix}-INITIAL_FORMS": 0}
    for number, entry in enumerate(entries):
        data |= {f"{prefix}-{number}-{name}": value for name, value in entry.items()}
    return data


@pytest.mark.parametrize("model", MODELS)
def test_each_list_and_each_empty_form_opens(client, chief, model):
    for page in ("changelist", "add"):
        assert client.get(reverse(f"admin:articles_{model}_{page}")).status_code == 200


def test_the_menu_names_the_publication_and_what_one_may_see(client):
    make_publication(name="The Testing Post")
    client.force_login(staff("Reporter"))

    page = client.get(reverse("admin:index")).content.decode()

    assert "The Testing Post" in page
    assert reverse("admin:articles_author_changelist") in page
    assert reverse("admin:articles_publication_changelist") not in page


def test_no_page_holds_inline_script_or_style(client, chief):
    author = lisa()
    for url in (
        reverse("admin:index"),
        reverse("admin:articles_author_changelist"),
        reverse("admin:articles_author_change", args=[author.pk]),
    ):
        page = client.get(url).content.decode()
        assert "style=" not in page
        assert "<style" not in page
        assert "onclick" not in page
        assert "<script>" not in page


def test_a_visitor_is_led_to_the_one_sign_in_and_back(client):
    answer = client.get(reverse("admin:articles_section_changelist"), follow=False)
    assert answer.status_code == 302

    answer = client.get(answer.url)

    assert answer.status_code == 302
    assert answer.url == "/account/sign-in/?next=/admin/articles/section/"


def test_the_way_back_never_leaves_the_site(client):
    answer = client.get("/admin/login/?next=https://example.org/")

    assert answer.url == "/account/sign-in/?next=/admin/"


def test_a_reader_is_told_that_this_is_the_desk(client):
    client.force_login(registered())

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403
    assert "has no place here" in answer.content.decode()


def test_passwords_are_not_changed_here(client):
    client.force_login(ed())

    assert client.get("/admin/password_change/").status_code == 404


def test_a_section_is_added_and_the_act_is_kept(client, chief):
    answer = client.post(
        reverse("admin:articles_section_add"), {"name": "World", "slug": "world", "position": 1}
    )

    assert answer.status_code == 302
    event = Event.objects.get(target_kind="section")
    assert (event.kind, event.actor, event.note) == (Event.Kind.CHANGED, chief, "Added")
    assert event.target_id == str(Section.objects.get().pk)


def test_a_changed_section_keeps_what_was_changed(client, chief):
    section = make_section("World")
    url = reverse("admin:articles_section_change", args=[section.pk])

    client.post(url, {"name": "The world", "slug": "world", "position": 0, "description": ""})

    event = Event.objects.get()
    assert event.target_name == "The world"
    assert event.details == {"changes": [{"changed": {"fields": ["Name"]}}]}


def test_saving_without_a_change_leaves_no_event(client, chief):
    section = make_section("World")
    url = reverse("admin:articles_section_change", args=[section.pk])

    client.post(url, {"name": "World", "slug": "world", "position": 0, "description": ""})

    assert not Event.objects.exists()


@pytest.mark.parametrize("slug", ["search", "account", "2025", "admin"])
def test_a_section_named_like_an_address_is_refused_with_a_reason(client, chief, slug):
    answer = client.post(
        reverse("admin:articles_section_add"), {"name": "X", "slug": slug, "position": 0}
    )

    assert answer.status_code == 200
    assert f"already uses /{slug}/ for something else" in answer.content.decode()
    assert not Section.objects.exists()


def test_an_over_long_field_is_refused_and_keeps_its_words(client, chief):
    answer = client.post(
        reverse("admin:articles_section_add"), {"name": "x" * 70, "slug": "x", "position": 0}
    )

    page = answer.content.decode()
    assert "at most 60 characters (it has 70)" in page
    assert "x" * 70 in page
    # A browser must not cut it first.
    assert "maxlength" not in page


def test_a_section_in_use_stays_and_says_why(client, chief):
    section = make_section("World")
    article = make_article(section=section)
    url = reverse("admin:articles_section_delete", args=[section.pk])

    for answer in (client.get(url), client.post(url, {"post": "yes"})):
        page = answer.content.decode()
        assert "is in use, so it cannot be deleted" in page
        assert article.headline in page

    assert Section.objects.filter(pk=section.pk).exists()
    assert not Event.objects.exists()


def test_an_author_in_a_byline_stays_and_says_why(client, chief):
    author = lisa()
    make_article(authors=[author])
    url = reverse("admin:articles_author_delete", args=[author.pk])

    page = client.post(url, {"post": "yes"}).content.decode()

    assert "is in use, so it cannot be deleted" in page
    assert Author.objects.filter(pk=author.pk).exists()


def test_a_topic_of_a_draft_stays_and_says_why(client, chief):
    topic = make_topic()
    article = make_article(topics=[topic])
    url = reverse("admin:articles_topic_delete", args=[topic.pk])

    page = client.post(url, {"post": "yes"}).content.decode()

    assert article.headline in page
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_an_unused_topic_goes_and_the_act_is_kept(client, chief):
    topic = make_topic()

    client.post(reverse("admin:articles_topic_delete", args=[topic.pk]), {"post": "yes"})

    assert not Topic.objects.exists()
    assert Event.objects.get().note == "Deleted"


def test_an_author_is_made_with_links_in_order(client, chief):
    data = {"name": "Lisa Berg", "slug": "lisa-berg", "bio": "Lisa writes."} | rows(
        "links",
        {"label": "Second", "url": "example.com/b", "position": 1},
        {"label": "First", "url": "https://example.com/a", "position": 0},
    )

    assert client.post(reverse("admin:articles_author_add"), data).status_code == 302

    links = Author.objects.get().links.values_list("label", "url")
    assert list(links) == [("First", "https://example.com/a"), ("Second", "https://example.com/b")]


def test_an_author_writes_with_an_account_of_the_desk_only(client, chief):
    reader = registered()

    page = client.get(reverse("admin:articles_author_add")).content.decode()

    assert chief.email in page
    assert reader.email not in page


def test_the_publication_is_one_page_straight_from_the_menu(client, chief):
    answer = client.get(reverse("admin:articles_publication_changelist"))

    assert answer.url == reverse("admin:articles_publication_change", args=[1])
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("admin:articles_publication_add")).status_code == 403
    assert client.post(reverse("admin:articles_publication_delete", args=[1])).status_code == 403


def test_one_coordinate_alone_is_refused_with_a_reason(client, chief):
    make_publication()
    data = {"name": "Post", "zone": "UTC", "language": "en", "latitude": "40.7", "longitude": ""}

    answer = client.post(reverse("admin:articles_publication_change", args=[1]), data)

    assert "Give both coordinates, or neither." in answer.content.decode()
    assert Publication.objects.get().latitude is None


def test_times_stand_on_the_newsrooms_clock(client, chief):
    make_publication(zone="Asia/Tokyo")

    page = client.get(reverse("admin:index")).content.decode()

    assert 'data-admin-utc-offset="32400"' in page


@pytest.mark.parametrize("group", ["Reporter", "Editor", "Photo desk", "Subscriptions desk"])
@pytest.mark.parametrize("model", ["section", "author", "plainpage"])
def test_only_the_chief_adds_sections_people_and_pages(client, group, model):
    client.force_login(staff(group))

    assert client.post(reverse(f"admin:articles_{model}_add"), {}).status_code == 403


@pytest.mark.parametrize("group", ["Reporter", "Editor", "Photo desk", "Subscriptions desk"])
def test_only_the_chief_changes_the_publication(client, group):
    make_publication(name="Old name")
    client.force_login(staff(group))

    answer = client.post(reverse("admin:articles_publication_change", args=[1]), {"name": "New"})

    assert answer.status_code == 403
    assert Publication.objects.get().name == "Old name"
