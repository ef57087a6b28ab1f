"""The picture library as the picker asks for it."""

import datetime as dt

import pytest
from django import forms
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from articles.desk.picture_picker import PicturePicker
from articles.models import Image
from tests import cast

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/articles/image/picker/"


@pytest.fixture
def ed(client: Client) -> Client:
    client.force_login(cast.ed())
    return client


def titles(client: Client, query: str = "") -> list[str]:
    return [each["title"] for each in client.get(ADDRESS + query).json()["results"]]


def test_the_picker_shows_what_a_journalist_must_know_of_a_picture(ed: Client) -> None:
    image = cast.make_image(size=(1200, 800))
    answer = ed.get(ADDRESS)
    assert answer.json() == {
        "results": [
            {
                "id": image.pk,
                "title": "Ships wait outside the harbour.",
                "credit": "Ana Duarte / Testing Pictures",
                "caption": "Ships wait outside the harbour.",
                "alt": "Three ships on a grey sea.",
                "decorative": False,
                "width": 320,
                "height": 213,
                "thumb": f"/media/r/{image.rendition_name}/320.jpg",
                "address": f"/admin/articles/image/{image.pk}/change/",
                "lacks": [],
                "rights": "",
                "refusal": "",
            }
        ],
        "next": None,
        "upload": "/admin/articles/image/add-one/",
        "who": "/admin/articles/article/who/",
    }
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_every_word_of_a_search_is_found_in_some_field(ed: Client) -> None:
    cast.make_image(caption="Red boat", credit="Ana Duarte")
    cast.make_image(caption="Blue boat", creator="Joe Park", credit="Joe Park")
    assert titles(ed, "?q=boat") == ["Blue boat", "Red boat"]
    assert titles(ed, "?q=BOAT+duarte") == ["Red boat"]
    assert titles(ed, "?q=boat+nowhere") == []
    assert titles(ed, "?q=100%25") == []
    assert titles(ed, "?q=%00boat") == ["Blue boat", "Red boat"]
    assert titles(ed, f"?q={'x' * 60_000}") == []


def test_the_picker_goes_through_the_whole_library_page_by_page(ed: Client) -> None:
    for number in range(50):
        cast.make_image(caption=f"Boat {number:02}")
    cast.make_image(caption="A bridge")
    seen, address = [], ADDRESS + "?q=boat"
    while address:
        page = ed.get(address).json()
        assert len(page["results"]) <= 24
        seen += [each["title"] for each in page["results"]]
        address = page["next"]
    assert seen == [f"Boat {number:02}" for number in reversed(range(50))]


def test_pictures_are_asked_for_by_number(ed: Client) -> None:
    wanted = [cast.make_image(caption=f"Boat {number}").pk for number in range(3)]
    assert titles(ed, f"?id={wanted[0]}&id={wanted[2]}&id=99999999&id=x") == ["Boat 2", "Boat 0"]


@pytest.mark.parametrize(
    "query", ["?id=99999999999999999999", "?before=9223372036854775808", "?id=x"]
)
def test_a_number_that_is_none_is_no_error(ed: Client, query: str) -> None:
    cast.make_image()
    assert ed.get(ADDRESS + query).status_code == 200


def test_a_thumbnail_is_never_larger_than_the_picture(ed: Client) -> None:
    cast.make_image(size=(90, 60))
    (card,) = ed.get(ADDRESS).json()["results"]
    assert (card["width"], card["height"]) == (90, 60)


def test_the_library_is_closed_to_visitors_readers_and_desks_without_pictures(
    client: Client,
) -> None:
    cast.make_image(caption="Not for everybody")
    for user, status in [
        (None, 401),
        (cast.registered(), 403),
        (cast.make_user("clerk@example.com", is_staff=True), 403),
        (
            cast.make_user("gone@example.com", is_staff=True, is_superuser=True, is_active=False),
            401,
        ),
    ]:
        if user:
            client.force_login(user)
        answer = client.get(ADDRESS)
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/json"
        assert b"Not for everybody" not in answer.content


def test_a_right_to_see_pictures_without_a_place_at_the_desk_is_not_enough(client: Client) -> None:
    reader = cast.registered()
    reader.user_permissions.add(Permission.objects.get(codename="view_image"))
    client.force_login(reader)
    assert client.get(ADDRESS).status_code == 403


@pytest.mark.parametrize(
    ("group", "status"),
    [
        ("Reporter", 200),
        ("Editor", 200),
        ("Chief editor", 200),
        ("Photo desk", 200),
        ("Subscriptions desk", 403),
    ],
)
def test_who_writes_stories_sees_the_library(client: Client, group: str, status: int) -> None:
    client.force_login(cast.staff(group))
    assert client.get(ADDRESS).status_code == status


def test_the_picker_only_answers_questions(ed: Client) -> None:
    assert ed.post(ADDRESS).status_code == 405


class PictureForm(forms.Form):
    picture = forms.ModelChoiceField(
        Image.objects.all(), required=False, widget=PicturePicker, label="Lead picture"
    )


def test_the_field_of_a_picture_takes_its_number() -> None:
    image = cast.make_image()
    form = PictureForm({"picture": str(image.pk)})
    assert form.is_valid()
    assert form.cleaned_data["picture"] == image
    assert f'data-picture-picker="{ADDRESS}"' in str(form)
    assert "<option" not in str(form)


@pytest.mark.parametrize("number", ["99", "x", "1.5", "-1", "99999999999999999999999"])
def test_the_field_of_a_picture_refuses_what_is_none(number: str) -> None:
    assert PictureForm({"picture": number}).errors["picture"]


def test_the_portrait_of_an_author_is_chosen_by_sight(ed: Client) -> None:
    image = cast.make_image()
    author = cast.lisa()
    address = f"/admin/articles/author/{author.pk}/change/"
    assert f'data-picture-picker="{ADDRESS}"' in ed.get(address).content.decode()
    posted = {
        "name": author.name,
        "slug": author.slug,
        "portrait": str(image.pk),
        "links-TOTAL_FORMS": "0",
        "links-INITIAL_FORMS": "0",
    }
    assert ed.post(address, posted).status_code == 302
    author.refresh_from_db()
    assert author.portrait == image


def test_my_own_are_the_pictures_i_brought(client: Client) -> None:
    reporter = cast.staff("Reporter")
    client.force_login(reporter)
    mine = cast.make_image(caption="Mine")
    Image.objects.filter(pk=mine.pk).update(created_by=reporter)
    cast.make_image(caption="Theirs")

    assert titles(client, "?mine=1") == ["Mine"]
    assert titles(client) == ["Theirs", "Mine"]


def test_who_may_not_add_pictures_is_offered_no_upload(client: Client) -> None:
    user = cast.make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_image"))
    client.force_login(user)

    assert client.get(ADDRESS).json()["upload"] is None


def test_a_picture_says_what_it_lacks_and_when_its_licence_ends(ed: Client) -> None:
    cast.make_publication()
    # 11 p.m. on the last of January in New York.
    ends = dt.datetime(2098, 2, 1, 4, tzinfo=dt.UTC)
    cast.make_image(credit="", alt_text="", licence_ends=ends)

    (told,) = ed.get(ADDRESS).json()["results"]

    assert told["lacks"] == ["credit", "alt text"]
    assert told["rights"] == "Ends Jan. 31, 2098"
    assert told["refusal"] == ""


@pytest.mark.parametrize(
    ("rights", "reason"),
    [
        ({"licence_ends": dt.datetime(2020, 1, 31, 12, tzinfo=dt.UTC)}, "ended Jan. 31, 2020"),
        ({"licence_starts": dt.datetime(2098, 1, 31, 12, tzinfo=dt.UTC)}, "begins Jan. 31, 2098"),
        ({"on_web": False}, "Not for the web"),
        ({"blocked_at": timezone.now(), "block_reason": "Forged"}, "Blocked: Forged"),
    ],
)
def test_a_picture_that_no_story_may_have_says_why(
    ed: Client, rights: dict[str, object], reason: str
) -> None:
    image = cast.make_image()
    Image.objects.filter(pk=image.pk).update(**rights)

    (told,) = ed.get(ADDRESS).json()["results"]

    assert reason in told["refusal"]
