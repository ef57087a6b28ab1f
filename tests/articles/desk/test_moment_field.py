"""Times typed into a form of the desk, tried on the licence of a picture."""

import html

import pytest
from django.urls import reverse

from articles.models import Event, Image
from tests.cast import make_image, make_publication, staff

pytestmark = pytest.mark.django_db

TWICE = "2031-11-02T01:30"


@pytest.fixture(autouse=True)
def new_york():
    return make_publication(zone="America/New_York")


@pytest.fixture
def photo(client):
    client.force_login(staff("Photo desk"))
    return client


@pytest.fixture
def image() -> Image:
    return make_image(caption="Ships")


def page(image: Image) -> str:
    return reverse("admin:articles_image_change", args=[image.pk])


def shown(client, image: Image) -> str:
    return html.unescape(client.get(page(image)).content.decode())


def send(client, image: Image, **typed: str):
    form = client.get(page(image)).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in fields.items() if value not in (None, False)}
    return client.post(page(image), kept | typed)


def ends(image: Image) -> str:
    image.refresh_from_db()
    return image.licence_ends.isoformat() if image.licence_ends else ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("9999-12-31T23:59", "The year 9999 cannot be meant."),
        ("0001-01-01T00:00", "The year 1 cannot be meant."),
        ("2031-03-09T02:30", "2:30 a.m. does not exist on March 9, 2031"),
        ("soon", "That is no day and time."),
    ],
)
def test_what_is_no_moment_is_refused_in_words_and_nothing_is_lost(photo, image, typed, words):
    answer = send(photo, image, licence_ends=typed, source="Nordfoto")

    told = html.unescape(answer.content.decode())
    assert words in told
    assert f'value="{typed}"' in told
    assert 'value="Nordfoto"' in told
    assert ends(image) == ""


@pytest.mark.parametrize(("fold", "utc"), [("0", "05:30"), ("1", "06:30")])
def test_of_a_time_that_comes_twice_one_is_chosen_and_stays(photo, image, fold, utc):
    asked = html.unescape(send(photo, image, licence_ends=TWICE).content.decode())
    assert "Which of the two is meant?" in asked
    assert asked.count('name="licence_ends_fold"') == 2
    assert ends(image) == ""

    send(photo, image, licence_ends=TWICE, licence_ends_fold=fold)
    assert ends(image) == f"2031-11-02T{utc}:00+00:00"

    assert f'name="licence_ends_fold" value="{fold}" required checked' in shown(photo, image)
    before = Event.objects.count()
    send(photo, image, licence_ends=TWICE, licence_ends_fold=fold)
    assert ends(image) == f"2031-11-02T{utc}:00+00:00"
    assert Event.objects.count() == before


def test_other_times_ask_for_nothing(photo, image):
    send(photo, image, licence_ends="2031-01-31T18:00")

    assert ends(image) == "2031-01-31T23:00:00+00:00"
    assert "_fold" not in shown(photo, image)


def test_what_is_typed_is_no_markup(photo, image):
    answer = send(photo, image, licence_ends='"><b>x')

    assert "<b>x" not in answer.content.decode()
