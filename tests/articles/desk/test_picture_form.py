"""The form of a picture: the place that cuts keep, and two tabs on one picture."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Event, Image
from articles.photos import library
from tests.cast import make_image, make_publication, make_section, staff

pytestmark = pytest.mark.django_db


def page(image: Image) -> str:
    return reverse("admin:articles_image_change", args=[image.pk])


@pytest.fixture
def photo(client):
    client.force_login(staff("Photo desk"))
    return client


@pytest.fixture
def image() -> Image:
    return make_image(caption="Ships wait", credit="Ana Duarte", alt_text="Ships")


def opened(client, image: Image) -> dict[str, str]:
    """The form as a browser has it."""
    form = client.get(page(image)).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in fields.items() if value not in (None, False)}


def by_another(image: Image, **words) -> None:
    other = Image.objects.get(pk=image.pk)
    for name, value in words.items():
        setattr(other, name, value)
    library.correct(other, by=None)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_what_only_another_person_changed_stays(photo, image):
    mine = opened(photo, image)
    by_another(image, credit="Ana Duarte / Nordfoto", section=make_section("World"))

    answer = photo.post(page(image), mine | {"caption": "Ships leave"}, follow=True)

    image.refresh_from_db()
    assert (image.caption, image.credit) == ("Ships leave", "Ana Duarte / Nordfoto")
    assert image.section.name == "World"
    assert "changed this meanwhile, and it stays: credit, section." in text(answer)
    assert Event.objects.latest("pk").details.keys() == {"caption"}


def test_what_both_changed_is_shown_and_asked(photo, image):
    mine = opened(photo, image)
    by_another(image, caption="Ships <b>sink</b>", licence="agency")

    answer = photo.post(page(image), mine | {"caption": "Ships leave", "source": "N"})

    assert answer.status_code == 200
    assert "meanwhile, to “Ships <b>sink</b>”." in text(answer)
    assert "<b>sink" not in answer.content.decode()
    assert "Ships leave" in text(answer)
    image.refresh_from_db()
    assert (image.caption, image.source) == ("Ships <b>sink</b>", "")

    again = {**mine, "caption": "Ships leave", "source": "N"}
    again["began"] = answer.context["adminform"].form["began"].value()
    photo.post(page(image), again)

    image.refresh_from_db()
    assert (image.caption, image.source, image.licence) == ("Ships leave", "N", "agency")


def test_a_third_change_before_the_answer_is_asked_again(photo, image):
    mine = opened(photo, image)
    by_another(image, caption="Second")
    answer = photo.post(page(image), mine | {"caption": "Mine"})
    by_another(image, caption="Third")

    began = answer.context["adminform"].form["began"].value()
    answer = photo.post(page(image), mine | {"caption": "Mine", "began": began})

    assert "“Third”" in text(answer)
    image.refresh_from_db()
    assert image.caption == "Third"


def test_a_choice_is_shown_by_its_words(photo, image):
    mine = opened(photo, image)
    by_another(image, licence="agency")

    answer = photo.post(page(image), mine | {"licence": "handout"})

    assert "to “Agency”" in text(answer)


def test_both_typed_the_same_and_nobody_is_asked(photo, image):
    mine = opened(photo, image)
    by_another(image, caption="Same")

    assert photo.post(page(image), mine | {"caption": "Same"}).status_code == 302


def test_seconds_of_an_end_are_no_change(photo, image):
    at = timezone.now().replace(second=33)
    Image.objects.filter(pk=image.pk).update(licence_ends=at)
    mine = opened(photo, image)
    mine["licence_ends"] = f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"
    by_another(image, caption="Other")

    photo.post(page(image), mine)

    image.refresh_from_db()
    assert image.caption == "Other"


def test_a_use_that_another_person_withdrew_stays_withdrawn(photo, image):
    mine = opened(photo, image)
    by_another(image, on_social=False)

    photo.post(page(image), mine | {"caption": "Mine"})

    image.refresh_from_db()
    assert (image.on_social, image.caption) == (False, "Mine")


def test_an_alt_text_that_came_meanwhile_counts_as_unread(photo, image):
    mine = opened(photo, image)
    Image.objects.filter(pk=image.pk).update(alt_text="From a file", alt_text_reviewed=False)

    photo.post(page(image), mine | {"caption": "Mine"})

    image.refresh_from_db()
    assert (image.alt_text, image.alt_text_reviewed) == ("From a file", False)


@pytest.mark.parametrize("began", ["", "x", "[]", '{"caption": 3}', "[" * 100_000, "null"])
def test_a_beginning_that_nobody_wrote_is_no_error(photo, image, began):
    answer = photo.post(page(image), opened(photo, image) | {"began": began, "source": "N"})

    assert answer.status_code in {200, 302}


def test_the_focal_point_moves_the_address_and_is_written_down(photo, image):
    before = image.rendition_name

    photo.post(page(image), opened(photo, image) | {"focal_x": "12", "focal_y": "100"})

    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (12, 100)
    assert image.rendition_name != before
    assert Event.objects.latest("pk").details["focal_x"] == [50, 12]


@pytest.mark.parametrize("typed", ["101", "-1", "99999999999", "x", "1.5"])
def test_a_focal_point_outside_is_refused_and_nothing_lost(photo, image, typed):
    answer = photo.post(page(image), opened(photo, image) | {"focal_x": typed, "source": "N"})

    assert answer.status_code == 200
    assert 'id="id_focal_x_error"' in text(answer)
    assert f'value="{typed}"' in text(answer)
    image.refresh_from_db()
    assert (image.focal_x, image.source) == (50, "")


def test_no_focal_point_typed_leaves_it(photo, image):
    Image.objects.filter(pk=image.pk).update(focal_x=20)

    photo.post(page(image), opened(photo, image) | {"focal_x": "", "source": "N"})

    image.refresh_from_db()
    assert (image.focal_x, image.source) == (20, "N")


def test_the_zone_of_a_licence_is_named_and_its_end_is_in_it(photo, image):
    make_publication(zone="America/New_York")

    photo.post(page(image), opened(photo, image) | {"licence_ends": "2031-01-31T18:00"})

    image.refresh_from_db()
    assert image.licence_ends.isoformat() == "2031-01-31T23:00:00+00:00"
    assert re.search(r"In New York time \(E\w*T\)", text(photo.get(page(image))))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"licence": "cc", "cc_licence": ""}, "choose which one"),
        ({"licence": "agency", "cc_licence": "by-4.0"}, "Only a picture under Creative Commons"),
    ],
)
def test_which_creative_commons_is_asked_at_its_field(photo, image, words, told):
    answer = photo.post(page(image), opened(photo, image) | words | {"source": "N"})

    form = answer.context["adminform"].form
    assert told in form.errors["cc_licence"][0]
    assert form.errors.keys() == {"cc_licence"}
    assert form["source"].value() == "N"
    image.refresh_from_db()
    assert (image.licence, image.cc_licence) == ("staff", "")


def test_a_creative_commons_licence_is_kept_with_its_version(photo, image):
    words = {"licence": "cc", "cc_licence": "by-sa-4.0"}

    photo.post(page(image), opened(photo, image) | words)

    image.refresh_from_db()
    assert (image.licence, image.cc_licence) == ("cc", "by-sa-4.0")
