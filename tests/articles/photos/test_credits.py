"""One credit, from the library's row: whose it is, by which licence, and what AI did."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.core.files.base import ContentFile

from articles.models import Image
from articles.photos import library
from articles.photos.credits import Credit, credit_of
from articles.photos.uploads import check
from tests.articles.photos.said import jpeg_saying, xmp
from tests.articles.site.surfaces import mails_about
from tests.cast import lisa, make_article, make_image, make_publication, make_story, staff

pytestmark = pytest.mark.django_db

KINDS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DEED = "https://creativecommons.org/licenses/by-sa/4.0/"
LINK = f'<a href="{DEED}" rel="license external">CC BY-SA 4.0</a>'
MEDIA = "{http://search.yahoo.com/mrss/}"


@pytest.fixture
def image() -> Image:
    return make_image(
        credit="Ana Duarte",
        licence="cc",
        cc_licence="by-sa-4.0",
        licensor_url="https://ana.example/licence",
        copyright_notice="© 2026 Ana Duarte",
        digital_source_type=f"{KINDS}compositeWithTrainedAlgorithmicMedia",
    )


def images_in(html: str) -> list[dict[str, object]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(found[0])
    images: list[dict[str, object]] = data.get("image") or [data["mainEntity"]["image"]]
    return images


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("trainedAlgorithmicMedia", "Made with AI"),
        ("compositeWithTrainedAlgorithmicMedia", "Changed with AI"),
        ("digitalCapture", ""),
        ("algorithmicMedia", ""),
    ],
)
def test_what_ai_made_is_labelled_and_nothing_else(code, label):
    assert credit_of(Image(credit="Ana", digital_source_type=KINDS + code)).made == label


def test_a_credit_is_plain_words_or_safe_html_and_false_where_there_is_none():
    whole = Credit(
        "A & <b>", made="Made with AI", licence="CC BY 4.0", licence_url="https://x/?a&b"
    )

    assert str(whole) == "A & <b>. CC BY 4.0. Made with AI"
    assert whole.html == (
        'A &amp; &lt;b&gt;. <a href="https://x/?a&amp;b" rel="license external">CC BY 4.0</a>. '
        "<strong>Made with AI</strong>"
    )
    assert not credit_of(Image())
    assert credit_of(Image()).html == ""


def test_lead_and_figure_say_whose_by_which_licence_and_what_ai_did(client, image):
    figure = f'<figure data-image="{image.pk}"></figure>'
    make_publication(rights_note="Pictures belong to their makers.")
    story = make_story(lead_image=image, body=f"<p>Words.</p>{figure}")

    html = client.get(story.path).content.decode()

    printed = f"{LINK}. <strong>Changed with AI</strong></span>"
    assert html.count(f"Ana Duarte / © 2026 Ana Duarte. {printed}") == 2
    assert '<p class="rights-note">Pictures belong to their makers.</p>' in html


def test_every_large_picture_of_a_page_has_its_data(client, image):
    other = make_image(credit="Ben Ito", creator="Ben Ito")
    story = make_story(
        lead_image=image, body=f'<p>Words.</p><figure data-image="{other.pk}"></figure>'
    )

    first, *cuts, second = images_in(client.get(story.path).content.decode())

    # The lead in the three shapes that search engines ask for.
    assert {cut["creditText"] for cut in cuts} == {first["creditText"]}
    assert [round(each["width"] / each["height"], 1) for each in (first, *cuts)] == [1.8, 1.3, 1.0]
    assert first["license"] == DEED
    assert first["acquireLicensePage"] == "https://ana.example/licence"
    assert first["creditText"] == "Ana Duarte / © 2026 Ana Duarte"
    assert first["creator"] == {"@type": "Person", "name": "Ana Duarte"}
    assert first["copyrightNotice"] == "© 2026 Ana Duarte"
    assert first["digitalSourceType"].endswith("compositeWithTrainedAlgorithmicMedia")
    assert second["creditText"] == "Ben Ito"


def test_the_portrait_on_an_authors_page_has_credit_and_data(client, image):
    author = lisa()
    author.portrait = image
    author.save()
    make_story()

    html = client.get("/authors/lisa-berg/").content.decode()

    assert f'<figcaption class="credit">Ana Duarte / © 2026 Ana Duarte. {LINK}' in html
    [portrait] = images_in(html)
    assert portrait["@type"] == "ImageObject"
    assert portrait["license"] == DEED


def test_feeds_say_the_same_in_their_own_elements_and_in_the_text(client, image):
    make_story(lead_image=image, body=f'<p>Words.</p><figure data-image="{image.pk}"></figure>')

    item = ET.fromstring(client.get("/feeds/rss/").content).find("channel/item")  # noqa: S314

    picture = item.find(f"{MEDIA}content")
    said = "Ana Duarte / © 2026 Ana Duarte. CC BY-SA 4.0. Changed with AI"
    assert picture.findtext(f"{MEDIA}credit") == said
    assert picture.find(f"{MEDIA}license").get("href") == DEED
    text = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert f"{LINK}. <strong>Changed with AI</strong></figcaption>" in text


def test_mails_say_the_same_for_lead_and_figure(image):
    [mail] = mails_about(
        make_story(lead_image=image, body=f'<p>Words.</p><figure data-image="{image.pk}"></figure>')
    )

    assert LINK in mail
    assert mail.count("CC BY-SA 4.0. Changed with AI") >= 3


def test_the_preview_of_the_social_card_names_whose_picture_it_is(client, image):
    article = make_article(lead_image=image)
    client.force_login(staff("Editor"))

    page = client.get(f"/admin/articles/article/{article.pk}/preview/?as=card").content.decode()

    assert f"Ana Duarte / © 2026 Ana Duarte. {LINK}" in page


@pytest.mark.parametrize(
    ("address", "licence", "code"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "cc", "by-sa-4.0"),
        ("http://creativecommons.org/licenses/by/3.0/us/", "cc", "by-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc", "cc0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "public_domain", ""),
        ("https://creativecommons.org/licenses/by-sa/9.9/", "", ""),
        ("https://creativecommons.org/", "", ""),
        ("https://creativecommons.org.example/licenses/by/4.0/", "", ""),
        ("https://ana.example/terms", "", ""),
    ],
)
def test_an_address_of_creative_commons_in_the_file_says_the_licence(address, licence, code):
    image = upload(Image(), web_statement=address)

    assert (image.licence, image.cc_licence) == (licence, code)
    assert image.web_statement == address


def test_a_licence_that_a_person_chose_stays():
    image = upload(Image(licence="agency"), web_statement=DEED)

    assert (image.licence, image.cc_licence) == ("agency", "")


def upload(image: Image, **said: str) -> Image:
    file = ContentFile(jpeg_saying(xmp=xmp(said)), "one.jpg")
    image = library.add(image, check(file), by=None)
    image.refresh_from_db()
    return image
