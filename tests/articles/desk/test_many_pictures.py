"""Many pictures at once: taken in one by one, or by one form; refused ones; and doubles."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import storages
from django.db import connection
from django.test import Client

from articles.models import Event, Image
from articles.photos import library, uploads
from articles.photos.limits import MAX_BYTES
from tests.articles.photos.files import posted, upload
from tests.articles.photos.said import jpeg_saying, xmp
from tests.cast import jpeg, make_article, make_image, make_user, staff

pytestmark = pytest.mark.django_db

MANY = "/admin/articles/image/add-many/"
ONE = "/admin/articles/image/add-one/"
LIST = "/admin/articles/image/"
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


def stored(data: bytes, by) -> Image:
    return library.add(Image(), uploads.check(upload(data)), by=by)


def take_back(client, image, **headers):
    return client.post(f"{LIST}{image.pk}/take-back/?id={image.pk}&id=0", **headers)


# --- One request a file ------------------------------------------------------------------------


def test_a_script_adds_one_picture_and_hears_of_it(client, photo):
    answer = client.post(ONE, {"file": posted(jpeg((40, 30)))}, **JSON)

    image = Image.objects.get()
    told = answer.json()
    assert answer.status_code == 201
    assert told["id"] == image.pk
    assert told["address"] == f"{LIST}{image.pk}/change/"
    assert told["thumb"].startswith(f"/media/r/{image.rendition_name}/")
    assert told["lacks"] == ["credit", "licence", "alt text"]
    assert told["filled"] == []
    assert told["same_as"] is None
    assert image.created_by == photo
    assert Event.objects.get().note == "Added"


def test_a_script_hears_what_the_file_filled(client, photo):
    said = xmp({"creator": "Ana Duarte", "copyright_notice": "© Ana Duarte"})
    data = jpeg_saying(xmp=said)

    told = client.post(ONE, {"file": posted(data)}, **JSON).json()

    assert told["filled"] == ["creator", "copyright"]
    assert told["lacks"] == ["credit", "licence", "alt text"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dear desk", "not a picture we can read"),
        (b"", "empty"),
        (jpeg((400, 300))[:900], "damaged or cut off"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawings are not taken"),
    ],
)
def test_a_script_is_told_what_is_wrong_with_a_file(client, photo, data, words):
    answer = client.post(ONE, {"file": posted(data)}, **JSON)

    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert not Image.objects.exists()
    assert not list(storages["default"].listdir("")[1])


def test_a_script_that_sends_no_file_is_told(client, photo):
    answer = client.post(ONE, {"file": "harbour.jpg"}, **JSON)

    assert answer.status_code == 422
    assert "Choose it once more" in answer.json()["error"]


def test_too_much_is_refused_before_it_is_read(client, photo):
    answer = client.post(ONE, {"file": posted(b"\0" * (MAX_BYTES + 100_000))}, **JSON)

    assert answer.status_code == 413
    assert "larger than 40 MB" in answer.json()["error"]


def test_a_script_of_somebody_who_signed_out_is_told(client):
    answer = client.post(ONE, {"file": posted(jpeg((40, 30)))}, **JSON)

    assert answer.status_code == 401
    assert answer.json() == {"error": "You are signed out."}


def test_a_script_without_the_right_to_add_is_refused(client):
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_image"))
    client.force_login(user)

    answer = client.post(ONE, {"file": posted(jpeg((40, 30)))}, **JSON)

    assert answer.status_code == 403
    assert answer.json()["error"] == "You may not do that with this picture."
    assert not Image.objects.exists()


def test_a_reader_has_no_place_here(client):
    client.force_login(make_user())

    assert client.post(ONE, {"file": posted(jpeg((40, 30)))}, **JSON).status_code == 403


def test_a_script_without_the_token_of_its_page_is_refused():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff("Photo desk"))

    answer = strict.post(ONE, {"file": posted(jpeg((40, 30)))}, **JSON)

    assert (answer.status_code, answer.json()["code"]) == (403, "token")
    assert not Image.objects.exists()


def test_nothing_is_locked_while_a_picture_is_decoded(client, photo, monkeypatch):
    inside = []
    real = uploads.check

    def watched(file):
        # The test's own transaction is one block deep.
        inside.append(len(connection.savepoint_ids))
        return real(file)

    monkeypatch.setattr(uploads, "check", watched)
    client.post(ONE, {"file": posted(jpeg((40, 30)))}, **JSON)
    client.post(MANY, {"files": [posted(jpeg((40, 30)))]})

    assert inside == [0, 0]
    assert Image.objects.count() == 2


# --- One form for all --------------------------------------------------------------------------


def test_a_form_keeps_the_good_ones_and_names_the_bad_one(client, photo):
    files = [posted(jpeg((40, 30))), posted(b"Dear desk"), posted(jpeg((30, 40)))]

    page = client.post(MANY, {"files": files}, follow=True)

    html = page.content.decode()
    assert Image.objects.count() == 2
    assert "2 pictures added." in html
    assert "was not added. This is not a picture we can read." in html
    ids = "&amp;".join(
        f"id={pk}" for pk in Image.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert f"/together/?{ids}" in html


def test_a_form_without_files_asks_for_some(client, photo):
    assert "Choose one picture or more." in client.post(MANY, follow=True).content.decode()


def test_a_form_takes_twenty_and_says_which_it_left(client, photo):
    files = [posted(jpeg((4, 3))) for _ in range(21)]

    html = client.post(MANY, {"files": files}, follow=True).content.decode()

    assert Image.objects.count() == 20
    assert "20 come in at once" in html


def test_odd_numbers_show_nothing_and_break_nothing(client, photo):
    image = make_image()
    page = client.get(f"{MANY}?id={image.pk}&id=x&id=-1&id={9**30}&id=0")

    assert page.status_code == 200
    assert page.content.decode().count('class="arrival"') == 1


def test_the_list_leads_to_the_page_of_many(client, photo):
    assert MANY in client.get(LIST).content.decode()


def test_the_page_of_many_takes_as_many_queries_for_nine_as_for_one(
    client, photo, django_assert_max_num_queries
):
    query = "&".join(f"id={make_image().pk}" for _ in range(9))

    with django_assert_max_num_queries(8):
        client.get(f"{MANY}?{query}")


# --- Doubles -----------------------------------------------------------------------------------


def test_the_same_picture_twice_is_named_to_the_script(client, reporter):
    first = stored(jpeg((40, 30)), by=None)

    told = client.post(ONE, {"file": posted(jpeg((40, 30)))}, **JSON).json()

    assert told["same_as"]["id"] == first.pk
    assert told["take_back"] == f"{LIST}{told['id']}/take-back/"


def test_whoever_brought_a_double_takes_it_out_again(client, reporter):
    first, second = stored(jpeg((40, 30)), by=None), stored(jpeg((40, 30)), by=reporter)

    answer = take_back(client, second, **JSON)

    assert (answer.status_code, answer.json()) == (200, {"said": "Taken out again."})
    assert list(Image.objects.all()) == [first]
    assert Event.objects.order_by("-pk").first().note == "Deleted"


def test_without_a_script_taking_out_leads_back_to_the_others(client, reporter):
    stored(jpeg((40, 30)), by=None)
    second = stored(jpeg((40, 30)), by=reporter)

    answer = take_back(client, second)

    assert answer["Location"] == f"{MANY}?id=0"


def test_a_double_that_is_in_use_stays(client, reporter):
    stored(jpeg((40, 30)), by=None)
    second = stored(jpeg((40, 30)), by=reporter)
    make_article(headline="Queue at the breakwater", lead_image=second)

    told = take_back(client, second, **JSON)
    page = client.post(f"{LIST}{second.pk}/take-back/?id={second.pk}", follow=True)

    assert told.status_code == 409
    assert "is in use and stays: Queue at the breakwater." in told.json()["error"]
    assert "is in use and stays" in page.content.decode()
    assert Image.objects.count() == 2


@pytest.mark.parametrize("is_mine", [True, False])
def test_no_picture_is_taken_out_that_the_library_has_once_or_another_brought(
    client, reporter, is_mine
):
    image = stored(jpeg((40, 30)), by=reporter if is_mine else None)
    if not is_mine:
        stored(jpeg((40, 30)), by=None)

    assert take_back(client, image, **JSON).status_code == 403
    assert take_back(client, image).status_code == 403
    assert Image.objects.filter(pk=image.pk).exists()


def test_what_is_gone_and_what_only_looks_is_refused(client, photo):
    assert client.post(f"{LIST}999/take-back/", **JSON).json()["error"] == (
        "There is no such picture."
    )
    assert client.post(f"{LIST}999/take-back/").status_code == 404
    assert client.get(f"{LIST}999/take-back/").status_code == 405
    assert client.get(ONE, **JSON).status_code == 405


def test_a_forged_form_takes_nothing_out():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff("Photo desk"))
    image = make_image()

    assert strict.post(f"{LIST}{image.pk}/take-back/").status_code == 403
    assert strict.post(f"{LIST}{image.pk}/take-back/", **JSON).status_code == 403
    assert Image.objects.filter(pk=image.pk).exists()


def test_the_list_finds_files_that_came_in_twice(client, photo):
    first, second = (stored(jpeg((40, 30)), by=photo) for _ in range(2))
    alone = make_image(caption="Alone on the quay")

    html = client.get(f"{LIST}?same_file=twice").content.decode()

    assert f"{LIST}{first.pk}/change/" in html
    assert f"{LIST}{second.pk}/change/" in html
    assert f"{LIST}{alone.pk}/change/" not in html
    assert alone.caption in client.get(LIST).content.decode()
