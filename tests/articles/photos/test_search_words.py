"""Finding pictures by all that is said of them."""

import pytest

from articles.models import Image
from articles.photos import library, uploads
from articles.photos.search_words import MAX_TEXT, fold, matching, search_text
from tests.articles.photos.files import upload
from tests.cast import jpeg, make_image

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [image.caption for image in matching(Image.objects.order_by("pk"), query)]


def test_every_word_must_occur_wherever_it_stands():
    make_image(caption="Ships wait", credit="Ana Duarte", creator="Ana Duarte")
    make_image(caption="Ships leave", credit="Jing Li", creator="Jing Li")

    assert found("ships") == ["Ships wait", "Ships leave"]
    assert found("DUARTE ships") == ["Ships wait"]
    assert found("duarte leave") == []
    assert found("  ") == ["Ships wait", "Ships leave"]


def test_what_the_file_says_is_found_in_every_source_and_language():
    image = make_image(caption="Ships")
    image.file_metadata = {
        "keywords": {"value": ["Harbour", "Kraken"], "source": "xmp", "all": {}},
        "city": {
            "value": "Rotterdam",
            "source": "iim",
            "all": {"iim": "Rotterdam", "xmp": "R’dam"},
        },
        "headline": {"value": "Strike", "source": "xmp", "languages": {"de": "Großer Streik"}},
    }
    image.save()

    for query in ("kraken", "rotterdam harbour", "r’dam", "GROSSER streik"):
        assert found(query) == ["Ships"], query


def test_words_follow_a_correction():
    image = make_image(caption="Ships")
    image.caption = "Kraken"
    library.correct(image, by=None)

    assert found("kraken") == ["Kraken"]
    image.caption = "Trams"
    library.correct(image, by=None)
    assert found("kraken") == []


def test_licence_making_and_file_name_are_words():
    image = Image(licence="cc", cc_licence="by-sa-4.0", caption="Bee", digital_source_type="x")
    library.add(image, uploads.check(upload(jpeg((40, 30)))), by=None)

    assert found("creative commons") == ["Bee"]
    assert found(image.original_name) == ["Bee"]


@pytest.mark.parametrize("query", ["100%", "a_b", "\\", "'", "100\x00%"])
def test_signs_of_a_database_are_signs(query):
    make_image(caption="Ships 100% a_b \\ '")
    make_image(caption="Boats")

    assert found(query) == ["Ships 100% a_b \\ '"]


def test_one_letter_written_two_ways_is_one():
    assert fold("Cafe\u0301  É") == fold("café é")


def test_the_text_has_an_end():
    image = make_image()
    image.file_metadata = {"caption": {"value": "x" * 5 * MAX_TEXT}}

    assert len(search_text(image)) == MAX_TEXT
