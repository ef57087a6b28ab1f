"""The desk's pages about the rights in pictures, and what publishing makes of them."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.desk import rules
from articles.models import Event, FormerFile, Image, PublishedArticle, Section
from articles.photos import blocking
from tests.articles.publishing.acts import edit
from tests.cast import (
    BODY,
    ed,
    jpeg,
    make_article,
    make_image,
    make_publication,
    make_section,
    make_story,
    registered,
    staff,
)

pytestmark = pytest.mark.django_db

RIGHTS = "/admin/articles/image/rights/"
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)


def let(image: Image, **fields: object) -> Image:
    Image.objects.filter(pk=image.pk).update(**fields)
    image.refresh_from_db()
    return image


def url(name: str, image: Image) -> str:
    return reverse(f"admin:articles_image_{name}", args=[image.pk])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def photo() -> Client:
    return signed_in(staff("Photo desk"))


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


# Blocking


def test_the_page_names_what_is_hit_before_the_act_and_changes_nothing(photo):
    image = make_image()
    make_story(headline="Ships wait", lead_image=image)
    Section.objects.update(fallback_image=image)

    page = text(photo.get(url("block", image)))

    assert "Ships wait" in page
    assert "Fallback picture of the section" in page
    assert "<textarea" in page
    image.refresh_from_db()
    assert image.blocked_at is None


def test_a_block_is_asked_for_a_reason_and_keeps_it(photo):
    image = make_image(caption="The quay")
    refused = text(photo.post(url("block", image), {"reason": "  "}))
    assert "Say why" in refused
    long = text(photo.post(url("block", image), {"reason": "x" * 301}))
    assert "300 characters at most" in long
    assert "x" * 301 in long
    assert not Event.objects.filter(kind=Event.Kind.PICTURE_BLOCKED).exists()

    page = text(photo.post(url("block", image), {"reason": "Its owner objects."}, follow=True))

    assert "The picture is blocked." in page
    assert "Its owner objects." in page
    assert "Blocked by Photo desk on" in page
    assert url("unblock", image) in page
    image.refresh_from_db()
    assert image.block_reason == "Its owner objects."
    assert "Its owner objects." in text(photo.get(url("history", image)))


def test_the_log_names_the_stories_hit_be_they_two(photo):
    image = make_image()
    numbers = [make_article(lead_image=image).pk for _ in range(2)]
    blocking.block(image, by=ed(), reason="A claim")

    assert f"{numbers[1]}, {numbers[0]}" in text(photo.get(url("history", image)))


def test_a_picture_is_let_go_by_a_post_alone(photo):
    image = make_image()
    blocking.block(image, by=ed(), reason="A claim")

    assert "A claim" in text(photo.get(url("unblock", image)))
    image.refresh_from_db()
    assert image.blocked_at is not None

    assert "free again" in text(photo.post(url("unblock", image), follow=True))
    image.refresh_from_db()
    assert image.blocked_at is None
    assert "is not blocked" in text(photo.post(url("unblock", image), follow=True))


def test_who_blocks_second_is_told_and_nothing_is_lost(photo):
    image = make_image()
    blocking.block(image, by=ed(), reason="First")

    assert "is blocked: First" in text(photo.get(url("block", image)))
    page = text(photo.post(url("block", image), {"reason": "Second"}, follow=True))

    assert "blocked already" in page
    image.refresh_from_db()
    assert image.block_reason == "First"


@pytest.mark.parametrize("name", ["block", "unblock"])
@pytest.mark.parametrize("role", ["Reporter", "Editor", "Subscriptions desk"])
def test_nobody_else_may_block_or_let_go(name, role):
    image = make_image()
    client = signed_in(staff(role))

    for answer in (client.get(url(name, image)), client.post(url(name, image), {"reason": "No"})):
        assert answer.status_code == 403
    image.refresh_from_db()
    assert image.blocked_at is None
    assert url("block", image) not in client.get(url("change", image)).content.decode()


@pytest.mark.parametrize("name", ["block", "unblock", "original"])
def test_of_a_picture_that_is_not_there_it_is_said(name):
    client = signed_in(staff("Chief editor"))

    assert client.get(f"/admin/articles/image/999999/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["block", "unblock"])
def test_a_post_from_elsewhere_does_nothing(name):
    image = make_image()
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("Photo desk"))

    assert client.post(url(name, image), {"reason": "No"}).status_code == 403
    image.refresh_from_db()
    assert image.blocked_at is None


# The page of those that need someone


def test_each_picture_stands_under_what_it_needs(photo):
    now = timezone.now()
    let(make_image(caption="Ends this week"), licence_ends=now + 3 * DAY)
    let(make_image(caption="Ends this month"), licence_ends=now + 20 * DAY)
    let(make_image(caption="Ends next year"), licence_ends=now + 300 * DAY)
    let(make_image(caption="Has ended"), licence_ends=now)
    let(make_image(caption="Is blocked"), blocked_at=now, block_reason="A claim")
    make_image(caption="Lacks credit", credit="")
    make_image(caption="Lacks licence", licence="")
    let(make_image(caption="Has unread alt"), alt_text_reviewed=False)

    page = text(photo.get(RIGHTS))

    groups = {part.split('"')[0]: part for part in page.split('id="group-')[1:]}
    wanted = {
        "soon": "Ends this week",
        "later": "Ends this month",
        "ended": "Has ended",
        "blocked": "Is blocked",
        "credit": "Lacks credit",
        "licence": "Lacks licence",
        "alt": "Has unread alt",
    }
    for name, caption in wanted.items():
        assert [c for c in wanted.values() if c in groups[name]] == [caption]
    assert "A claim" in groups["blocked"]
    assert "Ends next year" not in page


def test_the_lists_are_capped_counted_and_cost_the_same_for_any_number(
    photo, django_assert_max_num_queries
):
    image = make_image()
    fields = {
        field.attname: getattr(image, field.attname)
        for field in Image._meta.concrete_fields
        if not field.primary_key
    } | {"credit": "", "caption": "Copy"}
    Image.objects.bulk_create(
        Image(**fields | {"rendition_name": f"{number:032x}"}) for number in range(60)
    )

    with django_assert_max_num_queries(20):
        page = text(photo.get(RIGHTS))

    assert 'Without credit <span class="num">60</span>' in page
    assert page.count(">Copy</a>") == 24
    assert "And 36 more." in page


def test_an_empty_library_needs_nobody(photo):
    assert "No licence ends this week." in text(photo.get(RIGHTS))


def test_the_page_is_for_looking_and_for_those_who_see_pictures(photo):
    assert photo.post(RIGHTS).status_code == 405
    assert signed_in(staff("Subscriptions desk")).get(RIGHTS).status_code == 403
    assert RIGHTS in text(photo.get("/admin/articles/image/"))
    assert RIGHTS in text(photo.get("/admin/"))


# What was public


def test_the_archive_shows_blocked_pictures_to_those_with_the_right_alone(photo):
    image = make_image()
    story = make_story(lead_image=image, body=f'{BODY}<figure data-image="{image.pk}"></figure>')
    blocking.block(image, by=ed(), reason="A claim")
    chief = signed_in(staff("Chief editor"))

    page = text(chief.get(f"/admin/articles/article/{story.article_id}/said/1/"))
    assert page.count(f'src="{url("original", image)}?at=') == 2
    address = page.split(f'src="{url("original", image)}')[1].split('"')[0]
    answer = chief.get(url("original", image) + address)

    with image.file.open() as file:
        assert answer.content == file.read()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for role in ("Reporter", "Editor"):
        assert signed_in(staff(role)).get(url("original", image)).status_code == 403
    # Whoever may block a picture must see what is blocked.
    assert signed_in(staff("Photo desk")).get(url("original", image)).status_code == 200
    assert signed_in(registered()).get(url("original", image)).status_code == 302
    assert Client().get(url("original", image)).status_code == 302


def test_the_archive_shows_the_file_of_that_time():
    image = make_image()
    old = jpeg((60, 40), colour=(1, 2, 3))
    replaced = timezone.now() - DAY
    FormerFile.objects.create(
        image=image,
        file=storages["default"].save("fo/former.jpg", ContentFile(old)),
        format="jpeg",
        width=60,
        height=40,
        content_hash="0" * 64,
        replaced_at=replaced,
    )
    client = signed_in(staff("Chief editor"))

    def file_at(at: dt.datetime) -> bytes:
        content: bytes = client.get(url("original", image), {"at": at.isoformat()}).content
        return content

    assert file_at(replaced - TICK) == old
    assert file_at(replaced) != old
    assert client.get(url("original", image)).content == file_at(replaced)


@pytest.mark.parametrize("at", ["yesterday", "2026-01-01T10:00", "2026-13-40T10:00:00+00:00", "\0"])
def test_what_is_no_time_is_refused(at):
    client = signed_in(staff("Chief editor"))

    assert client.get(url("original", make_image()), {"at": at}).status_code == 400


def test_a_lost_original_is_not_found():
    image = make_image()
    storages["default"].delete(str(image.file.name))

    assert signed_in(ed()).get(url("original", image)).status_code == 404


# The fallback of a section


def test_a_section_gets_its_fallback_in_its_form():
    client, section, image = signed_in(ed()), make_section(), make_image()
    page = reverse("admin:articles_section_change", args=[section.pk])
    assert "data-picture-picker" in text(client.get(page))
    words = {"name": "World", "slug": "world", "position": "0", "description": ""}

    assert client.post(page, words | {"fallback_image": str(image.pk)}).status_code == 302

    section.refresh_from_db()
    assert section.fallback_image == image
    assert "Select a valid choice" in text(client.post(page, words | {"fallback_image": "999999"}))


# What publishing says


def told(article, at: dt.datetime) -> tuple[dict[str, str], dict[str, str]]:
    found = rules.check(article, at=at)
    return tuple({f.code: f.text for f in some} for some in (found.missing, found.doubts))


@pytest.mark.parametrize("place", ["lead", "text"])
@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        (
            lambda at: {"blocked_at": at, "block_reason": "Its owner objects."},
            "picture_blocked",
            "is blocked: Its owner objects.",
        ),
        (lambda at: {"licence_ends": at}, "picture_ended", "runs only until"),
        (lambda at: {"licence_starts": at + DAY}, "picture_not_begun", "begins only on"),
        (lambda at: {"on_web": False}, "picture_not_web", "may not be used on the web."),
    ],
)
def test_a_story_cannot_go_out_with_a_picture_that_nobody_may_see(place, fields, code, words):
    at = timezone.now()
    image = let(make_image(caption="The quay"), **fields(at))
    figure = f'<figure data-image="{image.pk}"></figure>'
    article = make_article(**{"lead_image": image} if place == "lead" else {"body": BODY + figure})

    missing, _ = told(article, at)

    assert list(missing) == [code]
    assert words in missing[code]
    assert ("lead picture" if place == "lead" else "“The quay”") in missing[code]
    with pytest.raises(publishing.PublishRefused):
        publishing.publish(article, editor=ed())
    assert not PublishedArticle.objects.exists()


def test_the_time_that_counts_is_that_of_publication():
    make_publication()
    ends = dt.datetime(2030, 1, 10, 17, 0, tzinfo=dt.UTC)
    image = let(make_image(), licence_starts=ends - 30 * DAY, licence_ends=ends)
    article = make_article(lead_image=image)

    missing, doubts = told(article, ends)
    assert missing == {
        "picture_ended": "The licence of the lead picture runs only until Jan. 10, 2030, noon EST."
    }
    missing, doubts = told(article, ends - TICK)
    assert missing == {}
    assert doubts["picture_ends_soon"].startswith(
        "The licence of the lead picture ends on Jan. 10, 2030, noon EST."
    )
    assert "picture_ends_soon" in told(article, ends - 7 * DAY)[1]
    assert "picture_ends_soon" not in told(article, ends - 7 * DAY - TICK)[1]
    assert told(article, ends - 30 * DAY)[0] == {}
    assert set(told(article, ends - 30 * DAY - TICK)[0]) == {"picture_not_begun"}


def test_uses_that_are_not_allowed_are_worth_a_look():
    image = let(make_image(), on_social=False, in_mail=False)
    article = make_article(lead_image=image)

    missing, doubts = told(article, timezone.now())

    assert missing == {}
    assert doubts["picture_not_social"] == "The lead picture may not be used on social cards."
    assert doubts["picture_not_mail"] == "The lead picture may not be used in mails."


def test_the_form_of_a_story_says_it_with_all_else_that_is_missing():
    image = let(make_image(), blocked_at=timezone.now(), block_reason="A claim")
    article = make_article(lead_image=image)
    client = signed_in(staff("Editor"))

    page = text(client.get(reverse("admin:articles_article_change", args=[article.pk])))

    assert "The lead picture is blocked: A claim" in page


def test_a_picture_blocked_while_its_story_waits_goes_nowhere(client):
    image = make_image()
    article = make_article(headline="Ships")
    publishing.publish(article, editor=ed())
    at = timezone.now() + DAY
    publishing.schedule(edit(article, lead_image=image), editor=ed(), at=at)

    event = blocking.block(image, by=ed(), reason="A claim")

    assert event.details["stories"] == [article.pk]


@pytest.mark.parametrize(
    "fields", [{"licence_ends": timezone.now() - DAY}, {"on_web": False}, {"block_reason": "No"}]
)
def test_a_live_story_can_be_corrected_whatever_became_of_its_pictures(fields):
    image = make_image()
    story = make_story(lead_image=image)
    if "block_reason" in fields:
        fields = fields | {"blocked_at": timezone.now()}
    let(image, **fields)

    note = publishing.Correcting("There were twelve ships.")
    publishing.correct(story.article, editor=ed(), correcting=note)

    assert PublishedArticle.objects.get().corrections[0]["text"] == "There were twelve ships."
    with pytest.raises(publishing.PublishRefused):
        publishing.publish(story.article, editor=ed())


def test_the_picture_page_says_why_it_is_not_shown(photo):
    image = let(make_image(), licence_ends=timezone.now() - DAY, on_social=False, in_mail=False)

    page = text(photo.get(url("change", image)))

    assert "Its licence ended on" in page
    assert "It may not be used on social cards or in mails." in page
    assert "It may be published." not in page


def test_the_desk_shows_no_broken_picture_where_the_files_are_gone(photo):
    image = let(make_image(), blocked_at=timezone.now(), block_reason="A claim")

    for page in (url("change", image), "/admin/articles/image/", RIGHTS):
        html = text(photo.get(page))
        assert image.rendition_name not in html
