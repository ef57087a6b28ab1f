"""Saying the same of many pictures, and of each by itself."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Event, Image
from tests.cast import make_image, make_publication, make_section, staff

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/image/"
TOGETHER = f"{LIST}together/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def photo(client):
    user = staff("Photo desk")
    client.force_login(user)
    return user


@pytest.fixture
def reporter(client):
    user = staff("Reporter")
    client.force_login(user)
    return user


def of(*images: Image) -> str:
    return f"{TOGETHER}?{'&'.join(f'id={image.pk}' for image in images)}"


def bare(**words) -> Image:
    return make_image(**({"credit": "", "licence": "", "caption": ""} | words))


def own(image: Image) -> str:
    return f"{LIST}{image.pk}/words/"


# --- For all -----------------------------------------------------------------------------------


def test_only_what_is_empty_is_filled(client, photo):
    first, second = bare(), bare(credit="Joe Park")

    answer = client.post(
        of(first, second), {"how": "empty", "credit": "Ana Duarte", "licence": "staff"}
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert answer["Location"] == of(first, second)
    assert (first.credit, first.licence) == ("Ana Duarte", "staff")
    assert (second.credit, second.licence) == ("Joe Park", "staff")


def test_what_is_there_is_replaced_when_that_is_wanted(client, photo):
    first, second = bare(), bare(credit="Joe Park", caption="Kept")

    client.post(of(first, second), {"how": "replace", "credit": "Ana Duarte"})

    assert {image.credit for image in Image.objects.all()} == {"Ana Duarte"}
    second.refresh_from_db()
    assert second.caption == "Kept"


def test_all_that_pictures_share_can_be_set(client, photo):
    make_publication()
    section, image = make_section("Harbour"), bare()
    words = {
        "credit": "Ana Duarte / Nordfoto",
        "creator": "Ana Duarte",
        "source": "Nordfoto",
        "copyright_notice": "© Nordfoto",
        "licence": "cc",
        "cc_licence": "by-sa-4.0",
        "licence_terms": "One use",
        "caption": "Ships wait.",
    }

    ends = {"licence_ends": "2031-01-31T18:00", "section": section.pk}
    client.post(of(image), {"how": "replace", **words, **ends})

    image.refresh_from_db()
    assert {name: getattr(image, name) for name in words} == words
    assert image.section == section
    # On the newsroom's clock.
    assert image.licence_ends == dt.datetime(2031, 1, 31, 23, tzinfo=dt.UTC)


def test_another_licence_takes_its_version_along(client, photo):
    image = bare(licence="cc", cc_licence="by-4.0")

    client.post(of(image), {"how": "replace", "licence": "agency"})

    image.refresh_from_db()
    assert (image.licence, image.cc_licence) == ("agency", "")


def test_each_change_leaves_its_event(client, photo):
    images = [bare(), bare(), bare(credit="Ana Duarte")]
    before = Event.objects.count()

    page = client.post(of(*images), {"how": "empty", "credit": "Ana Duarte"}, follow=True)

    events = Event.objects.order_by("pk")[before:]
    assert [(event.note, event.actor, event.target_id) for event in events] == [
        ("Changed", photo, str(image.pk)) for image in images[:2]
    ]
    assert "2 pictures were changed." in page.content.decode()
    assert "1 picture stays as before" in page.content.decode()


def test_a_form_with_nothing_in_it_sets_nothing(client, photo):
    image = bare()

    answer = client.post(of(image), {"how": "empty"})

    assert answer.status_code == 422
    assert "Fill in what is to be set" in answer.content.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"licence": "cc"}, "choose which one"),
        ({"cc_licence": "by-4.0"}, "choose which one"),
        ({"credit": "x" * 301}, "at most 300 characters"),
        ({"licence": "stolen"}, "Select a valid choice"),
        ({"licence_ends": "soon"}, "That is no day and time"),
        ({"section": "999"}, "Select a valid choice"),
        ({"how": "somehow"}, "Select a valid choice"),
    ],
)
def test_wrong_words_are_refused_and_stay_typed(client, photo, words, said):
    image = bare()

    answer = client.post(of(image), {"how": "empty", "source": "The tug office", **words})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert "The tug office" in html
    image.refresh_from_db()
    assert image.source == ""


def test_one_that_cannot_take_the_words_stops_no_other(client, photo):
    begins = timezone.now() + dt.timedelta(days=3000)
    late, other = bare(licence_starts=begins, caption="Late"), bare()

    page = client.post(
        of(late, other), {"how": "empty", "licence_ends": "2027-01-31T18:00"}, follow=True
    )

    late.refresh_from_db()
    other.refresh_from_db()
    assert late.licence_ends is None
    assert other.licence_ends is not None
    assert "“Late” was not changed. The licence must end after it starts." in page.content.decode()


def test_pictures_of_others_are_left_out_and_that_is_said(client, reporter):
    mine, theirs = bare(), bare(caption="Theirs")
    Image.objects.filter(pk=mine.pk).update(created_by=reporter)

    page = client.get(of(mine, theirs)).content.decode()
    client.post(of(mine, theirs), {"how": "replace", "credit": "Ana Duarte"})

    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert "1 picture was left out: you may change only your own." in page
    assert (mine.credit, theirs.credit) == ("Ana Duarte", "")


def test_a_page_without_pictures_says_how_to_choose_some(client, photo):
    page = client.get(f"{TOGETHER}?id=x&id=999&id={9**30}")

    assert page.status_code == 200
    assert "Choose pictures in the library" in page.content.decode()


def test_more_than_a_hundred_are_cut_and_that_is_said(client, photo):
    image = bare()
    ids = "&".join(f"id={pk}" for pk in [image.pk, *range(100_000, 100_100)])

    assert (
        "A page holds 100 pictures; the rest was left out."
        in client.get(f"{TOGETHER}?{ids}").content.decode()
    )


def test_the_list_leads_here_with_those_that_are_ticked(client, photo):
    first, second, _ = bare(), bare(), bare()

    answer = client.post(
        LIST, {"action": "together", "_selected_action": [first.pk, second.pk], "index": 0}
    )

    assert answer["Location"] == of(second, first)


def test_the_list_offers_no_deleting_past_the_library(client, photo):
    assert "delete_selected" not in client.get(LIST).content.decode()


def test_the_page_asks_the_database_no_more_for_nine_than_for_one(
    client, photo, django_assert_max_num_queries
):
    images = [bare() for _ in range(9)]

    with django_assert_max_num_queries(8):
        client.get(of(*images))


# --- Each by itself ----------------------------------------------------------------------------


def test_one_picture_is_saved_and_the_page_goes_back_to_its_place(client, photo):
    first, second = bare(), bare()
    query = f"?id={first.pk}&id={second.pk}"

    answer = client.post(
        own(second) + query, {"caption": "Tugs", "alt_text": "Two tugs", "credit": "Joe Park"}
    )

    second.refresh_from_db()
    assert answer["Location"] == f"{of(first, second)}#picture-{second.pk}"
    assert (second.caption, second.alt_text, second.credit) == ("Tugs", "Two tugs", "Joe Park")
    event = Event.objects.order_by("-pk").first()
    assert (event.note, event.actor, event.target_id) == ("Changed", photo, str(second.pk))


def test_a_script_hears_that_it_was_saved_and_what_is_missing(client, photo):
    image = bare()

    answer = client.post(own(image), {"caption": "Tugs", "alt_text": "", "credit": "Joe"}, **JSON)

    assert answer.json() == {"said": "Saved.", "title": "Tugs", "lacks": ["licence", "alt text"]}


def test_an_alt_text_that_was_saved_here_was_read(client, photo):
    image = bare()
    Image.objects.filter(pk=image.pk).update(alt_text_reviewed=False)

    client.post(own(image), {"alt_text": image.alt_text, "credit": "Joe"}, **JSON)

    image.refresh_from_db()
    assert image.alt_text_reviewed


WRONG = {"caption": "c" * 601, "alt_text": "Two tugs", "is_decorative": "on", "credit": "Joe Park"}


def test_a_script_hears_what_is_wrong_by_field(client, photo):
    image = bare()

    answer = client.post(own(image), WRONG, **JSON)
    both = client.post(own(image), {"alt_text": "Tugs", "is_decorative": "on"}, **JSON)

    assert answer.status_code == both.status_code == 422
    assert "at most 600 characters" in answer.json()["errors"]["caption"][0]
    assert both.json()["errors"] == {
        "": ["A decorative picture has no alt text: clear one of the two."]
    }
    image.refresh_from_db()
    assert image.credit == ""


def test_without_a_script_wrong_words_stay_typed_among_the_others(client, photo):
    first, second = bare(caption="First"), bare(caption="Second")

    answer = client.post(f"{own(second)}?id={first.pk}&id={second.pk}", WRONG)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "at most 600 characters" in html
    assert "Joe Park" in html
    assert f"picture-{first.pk}" in html


def test_nobody_saves_what_they_may_not_change(client, reporter):
    image = bare()

    assert client.post(own(image), {"credit": "Mine"}).status_code == 403
    answer = client.post(own(image), {"credit": "Mine"}, **JSON)

    assert (answer.status_code, answer.json()["error"]) == (
        403,
        "You may not do that with this picture.",
    )
    image.refresh_from_db()
    assert image.credit == ""


def test_what_is_gone_signed_out_and_forged_is_refused(client, photo):
    image = bare()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(photo)

    assert client.post(f"{LIST}999/words/", **JSON).status_code == 404
    assert client.post(f"{LIST}999/words/").status_code == 404
    assert client.get(own(image)).status_code == 405
    assert strict.post(own(image), {"credit": "Mine"}, **JSON).json()["code"] == "token"
    assert strict.post(own(image), {"credit": "Mine"}).status_code == 403
    assert Client().post(own(image), {"credit": "Mine"}, **JSON).status_code == 401
    assert Client().post(own(image), {"credit": "Mine"}).status_code == 302
    image.refresh_from_db()
    assert image.credit == ""
