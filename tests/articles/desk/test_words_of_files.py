"""What a file says at the desk: filled in, told apart from typed words, read by a person."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.desk import rules
from articles.models import Event, Image
from articles.photos import library, uploads
from tests.articles.photos.files import posted, upload
from tests.articles.photos.said import XMP, exif, iim, jpeg_saying, packet, xmp
from tests.articles.photos.test_metadata_table import SAID
from tests.cast import make_article, make_image, publish, staff

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/image/add/"
LIST = "/admin/articles/image/"
FILLED = {
    "creator": SAID["creator"],
    "credit": SAID["credit"],
    "source": SAID["source"],
    "copyright_notice": SAID["copyright_notice"],
    "licence_terms": SAID["usage_terms"],
    "web_statement": SAID["web_statement"],
    "licensor_url": SAID["licensor_url"],
    "data_mining": SAID["data_mining"],
    "digital_source_type": SAID["digital_source_type"],
    "date_created": SAID["date_created"],
    "caption": SAID["caption"],
    "alt_text": SAID["alt_text"],
}


@pytest.fixture
def photo(client):
    user = staff("Photo desk")
    client.force_login(user)
    return user


ALL_USES = {"on_web": "on", "on_social": "on", "in_mail": "on"}


def page_of(image: Image) -> str:
    return reverse("admin:articles_image_change", args=[image.pk])


def words_of(image: Image) -> dict[str, str]:
    return {name: getattr(image, name) for name in FILLED}


def text_of(client, image: Image) -> str:
    """The page of a picture as one reads it."""
    page = client.get(page_of(image)).content.decode()
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())


def came_in(data: bytes, **words) -> Image:
    image = library.add(Image(**words), uploads.check(upload(data)), by=None)
    image.refresh_from_db()
    return image


def test_an_upload_is_filled_with_what_its_file_says(client, photo):
    data = jpeg_saying(xmp=xmp(SAID))

    response = client.post(ADD, {"file": posted(data)}, follow=True)

    image = Image.objects.get()
    assert words_of(image) == FILLED
    assert image.file_metadata.keys() == XMP.keys()
    assert image.file_metadata["city"] == {
        "value": SAID["city"],
        "source": "xmp",
        "all": {"xmp": SAID["city"]},
    }
    assert "Filled from the file: creator, credit, source" in response.content.decode()
    assert Event.objects.get().details == {"from_the_file": ", ".join(FILLED)}


def test_what_was_typed_stays_and_the_file_is_kept_beside_it(client, photo):
    data = jpeg_saying(xmp=xmp(SAID))

    client.post(ADD, {"file": posted(data), "credit": "Typed", "caption": "  "})

    image = Image.objects.get()
    assert words_of(image) == FILLED | {"credit": "Typed"}
    assert image.file_metadata["credit"]["value"] == SAID["credit"]
    page = text_of(client, image)
    assert f"Set by a person. The file says “{SAID['credit']}” (XMP)." in page
    assert page.count("From the file (XMP)") == len(FILLED) - 1


def test_a_correction_changes_the_words_and_not_what_the_file_said(client, photo):
    image = came_in(jpeg_saying(iim=iim({"credit": "Nordfoto"})))
    before = image.file_metadata

    assert "From the file (IPTC)." in text_of(client, image)
    client.post(page_of(image), words_of(image) | {"credit": "Ana / Nordfoto"})

    image.refresh_from_db()
    assert image.credit == "Ana / Nordfoto"
    assert image.file_metadata == before
    assert "Set by a person. The file says “Nordfoto” (IPTC)." in text_of(client, image)


def test_sources_that_differ_are_both_shown(client, photo):
    image = came_in(
        jpeg_saying(xmp=xmp({"creator": "Ana"}), exif=exif({"creator": "Bo", "caption": "Sea"}))
    )

    page = text_of(client, image)

    assert image.creator == "Ana"
    assert "From the file (XMP). Exif says “Bo”." in page
    assert "From the file (Exif)." in page


def test_the_page_says_all_that_the_file_says_with_its_languages(client, photo):
    lis = "<rdf:li xml:lang='x-default'>Ships</rdf:li><rdf:li xml:lang='de'>Schiffe</rdf:li>"
    data = packet(f"<dc:title><rdf:Alt>{lis}</rdf:Alt></dc:title>" + XMP["city"].format("Oslo"))
    image = came_in(jpeg_saying(xmp=data, iim=iim({"title": "Boats", "instructions": "No web"})))

    page = text_of(client, image)

    assert "What the file says 3 properties as the file came in" in page
    assert "Title Ships XMP Boats IPTC Schiffe de" in page
    assert "City Oslo XMP" in page
    assert "Instructions No web IPTC" in page


def test_a_credit_that_is_missing_points_to_the_creator(client, photo):
    image = came_in(jpeg_saying(exif=exif({"creator": "Jing Li"})))

    assert "Nothing in the file. The creator is Jing Li." in text_of(client, image)


def test_what_a_file_says_is_text_and_no_markup(client, photo):
    evil = '"><script>alert(1)</script>'
    said = xmp({key: evil for key in XMP if key != "date_created"})
    image = came_in(jpeg_saying(xmp=said))

    for address in (LIST, page_of(image), f"{LIST}{image.pk}/history/"):
        page = client.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert '"><' + "script" not in page
    assert image.credit == evil
    assert image.web_statement == ""


def test_what_is_too_long_is_cut_and_kept_whole_beside(client, photo):
    long = "Ships and " * 200
    said = xmp({key: long.strip() for key in XMP if key in FILLED or key == "usage_terms"})

    response = client.post(ADD, {"file": posted(jpeg_saying(xmp=said))})

    image = Image.objects.get()
    assert response.status_code == 302
    assert (len(image.caption), len(image.alt_text), len(image.credit)) == (599, 499, 299)
    assert long.startswith(image.caption)
    assert image.file_metadata["caption"]["value"] == long.strip()
    assert (image.web_statement, image.data_mining, image.date_created) == ("", "", "")
    assert "From the file (XMP), cut to fit." in text_of(client, image)
    # And it can be saved as it stands.
    assert client.post(page_of(image), words_of(image)).status_code == 302


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "rights.example", "ftp://a.example/"]
)
def test_only_an_address_of_the_web_becomes_one(client, photo, address):
    image = came_in(jpeg_saying(xmp=xmp({"web_statement": address, "licensor_url": address})))

    assert (image.web_statement, image.licensor_url) == ("", "")
    assert image.file_metadata["web_statement"]["value"] == address
    assert f"The file says “{address}” (XMP), which does not fit here." in text_of(client, image)


@pytest.mark.parametrize(
    ("said", "kept", "word"),
    [
        (
            "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "Made with AI",
        ),
        (
            "trainedAlgorithmicMedia",
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "Made with AI",
        ),
        ("https://elsewhere.example/kind/print", "https://elsewhere.example/kind/print", None),
    ],
)
def test_the_words_of_the_vocabulary_are_known_by_any_spelling(client, photo, said, kept, word):
    image = came_in(jpeg_saying(xmp=xmp({"digital_source_type": said})))

    page = client.get(page_of(image)).content.decode()

    assert image.digital_source_type == kept
    assert f'<option value="{kept}" selected>{word or kept}</option>' in page
    assert client.post(page_of(image), words_of(image)).status_code == 302
    image.refresh_from_db()
    assert image.digital_source_type == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2026", "2026"), (" 2026-03-14 ", "2026-03-14"), ("2026-03-14 09:30", "2026-03-14T09:30")],
)
def test_the_date_is_typed_as_exactly_as_it_is_known(client, photo, typed, kept):
    image = make_image()

    client.post(page_of(image), words_of(image) | {"date_created": typed})

    image.refresh_from_db()
    assert image.date_created == kept


def test_a_date_that_is_none_is_refused(client, photo):
    image = make_image()

    page = client.post(page_of(image), words_of(image) | {"date_created": "last spring"})

    assert "Write the date as 2026-03-14" in page.content.decode()


def test_metadata_that_cannot_be_read_is_said_and_lets_the_picture_in(client, photo):
    data = jpeg_saying(xmp=b"Dear desk", exif=exif({"creator": "Ana"}))

    response = client.post(ADD, {"file": posted(data)}, follow=True)

    image = Image.objects.get()
    assert "cannot all be read (XMP). The picture is whole." in response.content.decode()
    assert image.creator == "Ana"
    assert "Not all of it can be read (XMP)." in text_of(client, image)


def test_a_file_that_says_nothing_claims_nothing(client, photo):
    image = make_image()

    page = text_of(client, image)

    assert image.file_metadata == {}
    assert "Nothing was read from it." in page
    assert "From the file" not in page


ALT = jpeg_saying(xmp=xmp({"alt_text": "Three ships", "credit": "Ana", "usage_terms": "Staff"}))


def test_alt_text_of_a_file_is_unreviewed_until_a_person_saves_the_page(client, photo):
    image = came_in(ALT)

    assert not image.alt_text_reviewed
    page = text_of(client, image)
    assert "Nobody has read it yet: saving this page says that it is right." in page
    assert "Nobody has read its alt text." in page

    client.post(page_of(image), words_of(image) | ALL_USES)

    image.refresh_from_db()
    assert image.alt_text_reviewed
    assert Event.objects.get(note="Changed").details == {"alt_text_reviewed": [False, True]}
    assert "Nobody has read" not in text_of(client, image)


def test_a_save_that_is_refused_or_shows_no_alt_text_reviews_nothing(client, photo):
    image = came_in(ALT)
    words = words_of(image)

    client.post(page_of(image), words | {"date_created": "last spring"})
    image.refresh_from_db()
    assert not image.alt_text_reviewed

    del words["alt_text"]
    client.post(page_of(image), words | {"credit": "Bo"})
    image.refresh_from_db()
    assert not image.alt_text_reviewed


def test_typed_alt_text_is_reviewed_and_a_decorative_picture_gets_none(client, photo):
    client.post(ADD, {"file": posted(ALT), "alt_text": "Typed"})
    client.post(ADD, {"file": posted(ALT), "is_decorative": "on"})

    decorative, typed = Image.objects.all()
    assert (typed.alt_text, typed.alt_text_reviewed) == ("Typed", True)
    assert (decorative.alt_text, decorative.alt_text_reviewed) == ("", True)


def test_the_list_finds_alt_texts_that_nobody_has_read(client, photo):
    make_image(caption="Read")
    unread = came_in(ALT, caption="Unread")
    make_image(caption="None", alt_text="")

    everything = client.get(LIST).content.decode()
    found = client.get(f"{LIST}?missing=unread")

    assert list(found.context["cl"].result_list) == [unread]
    assert everything.count('<span class="need">Alt text unreviewed</span>') == 1


def test_the_list_asks_no_more_often_for_pictures_whose_files_say_much(
    client, photo, django_assert_num_queries
):
    make_image()
    client.get(LIST)
    with django_assert_num_queries(9) as asked:
        client.get(LIST)
    for _ in range(5):
        came_in(jpeg_saying(xmp=xmp(SAID)))

    with django_assert_num_queries(len(asked)):
        client.get(LIST)


@pytest.mark.parametrize("place", ["lead", "figure"])
def test_an_unread_alt_text_is_a_doubt_and_no_refusal(place):
    image = came_in(ALT, licence="staff")
    figure = f'<figure data-image="{image.pk}"></figure>'
    article = make_article()
    if place == "lead":
        article.lead_image = image
    else:
        article.body += figure
    article.save()

    found = rules.check(article, at=timezone.now())

    assert found.missing == ()
    doubts = [doubt for doubt in found.doubts if doubt.code == "picture_alt_unread"]
    assert len(doubts) == 1
    assert doubts[0].text.endswith("has an alt text from its file that nobody has read.")
    publish(article)


def test_no_doubt_where_the_story_has_its_own_alt_text():
    article = make_article(lead_image=came_in(ALT), lead_alt="Ships at dawn")

    assert "picture_alt_unread" not in {
        doubt.code for doubt in rules.check(article, at=timezone.now()).doubts
    }


def test_the_story_page_shows_the_doubt(client):
    client.force_login(staff("Editor"))
    article = make_article(lead_image=came_in(ALT))

    page = client.get(reverse("admin:articles_article_change", args=[article.pk]))

    assert "The lead picture has an alt text from its file that nobody has read" in (
        page.content.decode()
    )
