"""Another file for a picture: the same words and uses, and nothing of the old file lost."""

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from articles.models import Event, FormerFile, FormerName, Image
from articles.photos import library, making, replacing, uploads
from tests.articles.photos.files import posted, quarters, saved, upload
from tests.cast import BODY, jpeg, make_image, make_story, staff

pytestmark = pytest.mark.django_db

NEW = jpeg((900, 600), colour=(200, 10, 10))


def page(image: Image, name: str = "replace") -> str:
    return reverse(f"admin:articles_image_{name}", args=[image.pk])


@pytest.fixture
def photo(client):
    user = staff("Photo desk")
    client.force_login(user)
    return client


def text(answer) -> str:
    return answer.content.decode()


def send(client, image: Image, data: bytes = NEW, *, seen: str | None = None):
    seen = image.content_hash if seen is None else seen
    return client.post(page(image), {"file": posted(data), "seen": seen}, follow=True)


def stored(image: Image) -> bytes:
    with storages["default"].open(str(image.file.name)) as file:
        return file.read()


def originals() -> int:
    folders = storages["default"].listdir("")[0]
    return sum(len(storages["default"].listdir(folder)[1]) for folder in folders if folder != "r")


def test_the_file_is_another_and_all_else_stays(photo):
    image = make_image(caption="Ships", credit="Ana Duarte")
    before = Image.objects.get(pk=image.pk)

    answer = send(photo, image)

    assert "The file is replaced." in text(answer)
    image.refresh_from_db()
    assert (image.width, image.height) == (900, 600)
    assert (image.caption, image.credit) == ("Ships", "Ana Duarte")
    assert stored(image) == NEW
    assert image.rendition_name != before.rendition_name
    former = FormerFile.objects.get(image=image)
    assert (former.content_hash, former.file.name) == (before.content_hash, before.file.name)
    assert storages["default"].exists(former.file.name)
    assert FormerName.objects.filter(name=before.rendition_name).exists()
    event = Event.objects.latest("pk")
    assert event.note == "Replaced the file"
    assert event.details["content_hash"] == [before.content_hash, image.content_hash]


def test_the_old_public_files_are_gone_and_their_address_says_so(
    photo, django_capture_on_commit_callbacks
):
    image = make_image(size=(640, 400))
    making.make(image)
    old = f"/media/r/{image.rendition_name}/320.jpg"
    assert photo.get(old).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        send(photo, image)

    assert photo.get(old).status_code == 410
    image.refresh_from_db()
    assert photo.get(f"/media/r/{image.rendition_name}/320.jpg").status_code == 200


def test_a_published_story_shows_the_new_file_in_its_place(photo, client):
    image = make_image()
    story = make_story(lead_image=image, body=BODY)
    send(photo, image)

    image.refresh_from_db()
    assert image.rendition_name in text(client.get(story.get_absolute_url()))


def test_empty_words_are_filled_from_the_new_file_and_typed_ones_stay(photo):
    image = make_image(credit="Typed", source="")
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf'
        b'-syntax-ns#"><rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        b'photoshop:Credit="From the file" photoshop:Source="Nordfoto"/></rdf:RDF></x:xmpmeta>'
    )
    answer = send(photo, image, saved(quarters(), "JPEG", xmp=xmp))

    image.refresh_from_db()
    assert (image.credit, image.source) == ("Typed", "Nordfoto")
    assert "Filled from the file: source." in text(answer)
    assert image.file_metadata["credit"]["value"] == "From the file"


def test_of_two_tabs_the_second_is_told(photo):
    image = make_image()
    seen = image.content_hash
    send(photo, image)
    image.refresh_from_db()
    now = image.content_hash

    answer = send(photo, image, jpeg((50, 50)), seen=seen)

    assert "Another person replaced the file meanwhile." in text(answer)
    image.refresh_from_db()
    assert image.content_hash == now
    assert f'name="seen" value="{now}"' in text(answer)
    assert FormerFile.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dear desk", "not a picture we can read"),
        (saved(quarters(), "TIFF"), "This is a TIFF file"),
        (b"", "empty"),
    ],
)
def test_a_bad_file_replaces_nothing_and_leaves_nothing(photo, data, words):
    image = make_image()
    before = originals()

    assert words in text(send(photo, image, data))
    assert originals() == before
    assert not FormerFile.objects.exists()


def test_the_very_same_file_is_refused_and_leaves_nothing(photo):
    image = library.add(Image(caption="One"), uploads.check(upload(jpeg((40, 30)))), by=None)
    before = originals()

    assert "the very file" in text(send(photo, image, jpeg((40, 30))))
    assert originals() == before


def test_without_a_file_or_what_was_seen_it_is_asked_for(photo):
    image = make_image()

    assert "This field is required." in text(photo.post(page(image), {"seen": "x"}))
    assert "Open this page anew." in text(photo.post(page(image), {"file": posted(NEW)}))
    assert not FormerFile.objects.exists()


def test_earlier_files_are_listed_and_handed_to_those_with_the_right(client):
    reporter = staff("Reporter")
    client.force_login(reporter)
    image = make_image()
    Image.objects.filter(pk=image.pk).update(created_by=reporter)
    old = stored(image)
    send(client, image)

    listed = text(client.get(page(image, "change")))
    assert "Earlier files" in listed
    assert "1,200 by 800 pixels" in listed
    assert "/original/?at=" not in listed

    client.force_login(staff("Chief editor"))
    listed = text(client.get(page(image, "change")))
    address = listed.partition("/original/?at=")[2].partition('"')[0].replace("&amp;", "&")
    answer = client.get(f"{page(image, 'original')}?at={address}")
    assert answer.content == old


def test_earlier_files_that_cannot_be_asked_for_their_size_are_listed_all_the_same(photo):
    image = make_image()
    send(photo, image)
    former = FormerFile.objects.get()
    lost = f"{former.file.name[:2]}/{'0' * 32}.jpg"
    # A file where a folder is expected: the disk refuses, as one that is away does.
    for name, words in ((lost, "pixels, gone"), (f"{former.file.name}/x", "not known just now")):
        FormerFile.objects.update(file=name)

        answer = photo.get(page(image, "change"))

        assert answer.status_code == 200
        assert words in text(answer)


def test_who_moved_the_focal_point_is_told_to_look_whether_it_fits_the_new_file(photo):
    hint = "Crops keep the same place as before"
    assert hint not in text(send(photo, make_image()))
    image = make_image(focal_x=10)

    assert hint in text(send(photo, image, jpeg((700, 500))))
    image.refresh_from_db()
    assert image.focal_x == 10


def test_a_picture_taken_out_takes_its_earlier_files_along(
    photo, django_capture_on_commit_callbacks
):
    before = originals()
    image = make_image()
    send(photo, image)
    image.refresh_from_db()
    assert originals() == before + 2

    with django_capture_on_commit_callbacks(execute=True):
        library.take_out(image, by=None)

    assert originals() == before


def test_a_picture_that_is_gone_meanwhile_is_no_error(photo):
    image = make_image()
    checked = uploads.check(upload(NEW))
    Image.objects.filter(pk=image.pk).delete()

    with pytest.raises(replacing.NotReplaced, match="taken out"):
        replacing.replace(image, checked, by=None, seen=image.content_hash)
    assert photo.get(page(image)).status_code == 404


def test_a_blocked_picture_stays_blocked_and_makes_no_public_file(
    photo, django_capture_on_commit_callbacks
):
    image = make_image()
    Image.objects.filter(pk=image.pk).update(blocked_at=image.created_at, block_reason="A claim")
    with django_capture_on_commit_callbacks(execute=True):
        send(photo, image)

    image.refresh_from_db()
    assert image.blocked_at is not None
    assert photo.get(f"/media/r/{image.rendition_name}/320.jpg").status_code != 200


@pytest.mark.parametrize("role", ["Reporter", "Subscriptions desk"])
def test_nobody_else_may_replace(client, role):
    image = make_image()
    client.force_login(staff(role))

    assert client.get(page(image)).status_code == 403
    assert client.post(page(image), {"file": posted(NEW), "seen": "x"}).status_code == 403


def test_reporters_replace_the_files_of_their_own_pictures(client):
    reporter = staff("Reporter")
    image = make_image()
    Image.objects.filter(pk=image.pk).update(created_by=reporter)
    client.force_login(reporter)

    assert "The file is replaced." in text(send(client, image))
