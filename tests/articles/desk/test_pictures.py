"""The picture library of the desk: upload, correct, find, delete."""

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow

from articles.models import Author, Event, Image
from articles.photos import library, uploads
from articles.photos.limits import MAX_BYTES
from tests.articles.photos.files import animated, claimed_png, posted, quarters, saved, upload
from tests.cast import BODY, ed, jpeg, lisa, make_article, make_image, make_story, staff

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/image/add/"
LIST = "/admin/articles/image/"
WORDS = {
    "creator": "Ana Duarte",
    "credit": "Ana Duarte / Nordfoto",
    "source": "Nordfoto",
    "copyright_notice": "© Ana Duarte",
    "licence": "staff",
    "caption": "Ships wait.",
    "alt_text": "Three ships.",
}


def page_of(image: Image) -> str:
    return reverse("admin:articles_image_change", args=[image.pk])


def of(user, **words) -> Image:
    return library.add(Image(**(WORDS | words)), uploads.check(upload(jpeg((40, 30)))), by=user)


@pytest.fixture
def photo(client):
    user = staff("Photo desk")
    client.force_login(user)
    return user


def test_a_picture_comes_in_with_its_words_and_rights(client, photo):
    response = client.post(ADD, {"file": posted(saved(quarters(), "JPEG")), **WORDS})

    image = Image.objects.get()
    assert response.status_code == 302
    assert {name: getattr(image, name) for name in WORDS} == WORDS
    assert (image.width, image.height, image.format) == (640, 400, "jpeg")
    assert image.created_by == photo
    assert Event.objects.get().note == "Added"


def test_a_picture_without_credit_may_be_stored(client, photo):
    client.post(ADD, {"file": posted(jpeg((40, 30)))})

    page = client.get(page_of(Image.objects.get())).content.decode()

    assert "It cannot be published yet: it has no credit, no licence and no alt text." in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"Dear desk", "not a picture we can read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG drawings are not taken"),
        (saved(quarters(), "JPEG")[:3000], "damaged or cut off"),
        (saved(quarters(), "TIFF"), "This is a TIFF file"),
        (claimed_png(10_000, 6_000), "more than 50 megapixels"),
        (saved(Pillow.new("L", (16_001, 2)), "PNG"), "a side may have"),
        (animated(201), "more than 200 frames"),
        (b"\xff\xd8\xff" + b"\0" * (MAX_BYTES + 1_000_000), "larger than 40 MB"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_the_words_kept(client, photo, data, words):
    response = client.post(ADD, {"file": posted(data), **WORDS})

    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert "Ana Duarte / Nordfoto" in page
    assert not Image.objects.exists()
    assert not list(storages["default"].listdir("")[1])


def test_a_picture_is_decoded_before_the_admin_locks_the_database(client, photo, monkeypatch):
    inside = []
    real = uploads.check

    def watched(file):
        # The test's own transaction is one block deep.
        inside.append(len(connection.savepoint_ids))
        return real(file)

    monkeypatch.setattr(uploads, "check", watched)
    client.post(ADD, {"file": posted(jpeg((40, 30))), **WORDS})

    assert inside == [0]
    assert Image.objects.count() == 1


def test_no_file_is_asked_for(client, photo):
    assert "This field is required." in client.post(ADD, WORDS).content.decode()


def test_wrong_words_ask_for_the_file_again(client, photo):
    page = client.post(ADD, {"file": posted(jpeg((40, 30))), **WORDS, "is_decorative": "on"})

    assert "A decorative picture has no alt text" in page.content.decode()
    assert "Choose the file once more" in page.content.decode()
    assert not Image.objects.exists()


def test_the_same_picture_twice_is_pointed_out_and_kept(client, photo):
    first = of(photo)

    page = client.post(ADD, {"file": posted(jpeg((40, 30))), **WORDS}, follow=True)

    assert Image.objects.count() == 2
    assert f'already: <a href="{page_of(first)}">' in page.content.decode()


def test_a_corrected_credit_is_written_down_and_moves_the_address(client, photo):
    image = make_image()
    before = image.rendition_name

    client.post(page_of(image), {**WORDS, "credit": "Photograph: Ana Duarte"})

    image.refresh_from_db()
    event = Event.objects.get(note="Changed")
    assert image.credit == "Photograph: Ana Duarte"
    assert image.rendition_name != before
    assert event.actor == photo
    assert event.details["credit"] == ["Ana Duarte / Testing Pictures", "Photograph: Ana Duarte"]


def test_a_corrected_credit_shows_on_the_published_page_at_once(client, photo):
    image = make_image(credit="Ana Duarte / Testing Pictures")
    story = make_story(lead_image=image, body=f'{BODY}<figure data-image="{image.pk}"></figure>')
    reader = Client()
    before = reader.get(story.path).content.decode()

    words = {**WORDS, "credit": "Photograph: Jo Park", "on_web": "on"}
    client.post(page_of(image), words)

    after = reader.get(story.path).content.decode()
    assert before.count("Ana Duarte / Testing Pictures") >= 2
    assert "Ana Duarte / Testing Pictures" not in after
    assert after.count("Photograph: Jo Park") >= 2
    image.refresh_from_db()
    assert f"/media/r/{image.rendition_name}/" in after


def test_the_file_of_a_picture_cannot_be_swapped(client, photo):
    image = make_image()

    client.post(page_of(image), {**WORDS, "file": posted(jpeg((40, 30)))})

    image.refresh_from_db()
    assert image.width == 1200


def test_the_page_of_a_picture_shows_it_and_where_it_is_used(client, photo):
    image = make_image()
    lead = make_story(lead_image=image, headline="Ships on the lead")
    figure = make_article(
        headline="Ships in the text", body=f'<figure data-image="{image.pk}"></figure>'
    )
    make_article(headline="No ships", body=f'<figure data-image="{image.pk}1"></figure>')
    Author.objects.filter(pk=lisa().pk).update(portrait=image)

    page = client.get(page_of(image)).content.decode()

    assert f'src="/media/r/{image.rendition_name}/960.jpg"' in page
    assert "It may be published." in page
    for title in (lead.headline, figure.headline, "Lisa Berg"):
        assert title in page
    assert "On the site" in page
    assert "Not on the site" in page
    assert "No ships" not in page


def test_a_picture_in_use_stays_and_its_page_says_where(client, photo):
    for number, use in enumerate(("lead", "figure", "portrait")):
        image = make_image(caption=f"Boat {number}")
        if use == "lead":
            make_story(lead_image=image, headline=f"Used as {use}")
        elif use == "figure":
            body = f'<figure data-image="{image.pk}"></figure>'
            make_article(body=body, headline=f"Used as {use}")
        else:
            Author.objects.create(name=f"Used as {use}", slug=use, portrait=image)
        address = reverse("admin:articles_image_delete", args=[image.pk])

        question = client.get(address)
        answer = client.post(address, {"post": "yes"})

        assert f"Used as {use}" in question.content.decode()
        assert "Published article" not in question.content.decode()
        assert f"Used as {use}" in answer.content.decode()
        assert Image.objects.filter(pk=image.pk).exists()


def test_a_picture_that_nothing_uses_is_deleted(client, photo):
    image = make_image()
    address = reverse("admin:articles_image_delete", args=[image.pk])

    assert "will be gone for good" in client.get(address).content.decode()
    client.post(address, {"post": "yes"})

    assert not Image.objects.exists()
    assert Event.objects.first().note == "Deleted"


def test_a_picture_that_came_into_use_meanwhile_stays(client, photo, monkeypatch):
    image = make_image()
    make_article(body=f'<figure data-image="{image.pk}"></figure>')
    monkeypatch.setattr("articles.desk.admin.images.uses", lambda _: [])

    page = client.post(
        reverse("admin:articles_image_delete", args=[image.pk]), {"post": "yes"}, follow=True
    )

    assert "It is in use and stays." in page.content.decode()


def test_a_reporter_changes_their_own_pictures_only(client):
    reporter = staff("Reporter")
    client.force_login(reporter)
    own, other = of(reporter), make_image()

    assert client.post(page_of(own), {**WORDS, "credit": "Mine"}).status_code == 302
    assert client.post(page_of(other), {**WORDS, "credit": "Mine"}).status_code == 403
    assert client.get(page_of(other)).status_code == 200
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.credit, other.credit) == ("Mine", "Ana Duarte / Testing Pictures")
    for image in (own, other):
        address = reverse("admin:articles_image_delete", args=[image.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("group", ["Editor", "Chief editor", "Photo desk"])
def test_editors_and_the_photo_desk_change_all_pictures(client, group):
    client.force_login(staff(group))
    image = of(staff("Reporter"))

    assert client.post(page_of(image), {**WORDS, "credit": "Ours"}).status_code == 302
    image.refresh_from_db()
    assert image.credit == "Ours"


def test_the_list_shows_what_each_picture_lacks(client, photo):
    whole = make_image(caption="Whole")
    make_image(caption="Bare", credit="", licence="", alt_text="")

    page = client.get(LIST).content.decode()

    assert f"/media/r/{whole.rendition_name}/320.jpg" in page
    for words in ("No credit", "No licence", "No alt text"):
        assert page.count(words) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("missing=credit", {"No credit"}),
        ("missing=licence", {"No licence"}),
        ("missing=alt", {"No alt"}),
        ("missing=nonsense", {"Whole", "Decoration", "No credit", "No licence", "No alt"}),
        ("q=decor", {"Decoration"}),
        ("q=duarte", {"Whole", "Decoration", "No licence", "No alt"}),
    ],
)
def test_the_library_is_searched_and_filtered(client, photo, query, found):
    make_image(caption="Whole")
    make_image(caption="Decoration", alt_text="", is_decorative=True)
    make_image(caption="No credit", credit="", creator="")
    make_image(caption="No licence", licence="")
    make_image(caption="No alt", alt_text="")

    results = client.get(f"{LIST}?{query}").context["cl"].result_list

    assert {image.caption for image in results} == found


def test_the_list_asks_as_often_for_many_pictures_as_for_few(
    client, photo, django_assert_max_num_queries
):
    make_image()
    with django_assert_max_num_queries(20) as few:
        client.get(LIST)
    for _ in range(9):
        make_image()

    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def test_captions_are_text_and_no_markup(client, photo):
    image = make_image(caption="<script>alert(1)</script>", credit='"><b>')

    for address in (LIST, page_of(image)):
        page = client.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "<b>" not in page


def test_readers_see_none_of_it(client):
    image = make_image()
    assert client.get(LIST).status_code == 302
    assert client.get(page_of(image)).status_code == 302


def test_an_upload_writes_no_more_than_the_limit_to_the_disk(client):
    client.force_login(ed())
    huge = posted(b"\xff\xd8\xff" + b"\0" * (MAX_BYTES + 8_000_000))

    response = client.post(ADD, {"file": huge})

    received = response.wsgi_request.FILES["file"].size
    assert MAX_BYTES < received <= MAX_BYTES + 2**17


def test_a_form_that_does_not_ask_for_the_uses_leaves_them_as_they_are(client, photo):
    client.post(ADD, {"file": posted(jpeg((40, 30))), **WORDS})
    image = Image.objects.get()
    assert (image.on_web, image.on_social, image.in_mail) == (True, True, True)

    client.post(page_of(image), {**WORDS, "on_social": "", "in_mail": ["", "on"]})

    image.refresh_from_db()
    assert (image.on_web, image.on_social, image.in_mail) == (True, False, True)
