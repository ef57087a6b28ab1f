"""“What did this page say on 3 March, 14:00?”, for those with the right."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.desk import newsroom_time
from articles.models import Event, PublishedVersion, Section
from tests.articles.proof.check import put
from tests.cast import (
    BODY,
    ed,
    lisa,
    make_article,
    make_image,
    make_publication,
    make_story,
    publish,
    registered,
    staff,
)

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
BY_ADDRESS = "/admin/articles/article/said/"
GROUPS = ["Reporter", "Editor", "Chief editor", "Photo desk", "Subscriptions desk"]


@pytest.fixture
def chief(client):
    make_publication()
    user = staff("Chief editor")
    client.force_login(user)
    return user


def new_york(*parts):
    return dt.datetime(*parts, tzinfo=NEW_YORK).astimezone(dt.UTC)


@pytest.fixture
def story():
    """Public from March 3, 2026, 9:00 in New York; changed at 15:00."""
    make_publication()
    article = make_article(
        headline="Eleven ships wait",
        slug="ships",
        takeaways=[("Queue", "It shrinks.")],
        sources=[{"title": "Port log", "publisher": "Port", "url": "https://example.com/log"}],
        body=f'{BODY}<figure data-image="{make_image().pk}" data-caption="The quay"></figure>',
    )
    publish(article, at=new_york(2026, 3, 3, 9))
    article.headline = "Nine ships wait"
    article.save()
    return publish(article, at=new_york(2026, 3, 3, 15))


def said(story):
    return reverse("admin:articles_article_said", args=[story.article_id])


def ask(client, story, at, **more):
    return client.get(said(story), {"at": at, **more})


def test_it_shows_the_words_that_were_public_then(client, chief, story):
    text = ask(client, story, "2026-03-03T14:00").content.decode()

    assert '<h2 class="said__headline">Eleven ships wait</h2>' in text
    for words in ("The queue is shrinking.", "By Lisa Berg", "It shrinks.", "Port log"):
        assert words in text
    assert "The harbour office counted" in text
    assert "The quay" in text
    assert "March 3, 2026, 2 p.m. EST" in text
    assert PublishedVersion.objects.get(article=story.article_id, number=1).content_hash in text
    assert "The chain confirms its words and times." in text


def test_each_moment_has_its_words(client, chief, story):
    for at, words in (
        ("2026-03-03T08:59", "It was not public then."),
        ("2026-03-03T09:00", "Eleven ships wait"),
        ("2026-03-03T14:59:59", "Eleven ships wait"),
        ("2026-03-03T15:00", "Nine ships wait"),
        ("2026-03-04 00:00", "Nine ships wait"),
    ):
        page = ask(client, story, at)
        text = page.content.decode().partition("All versions")[0].partition("<h2")[2]
        assert page.status_code == 200
        assert words in text, at


def test_after_it_was_taken_off_the_site_it_said_nothing(client, chief, story):
    publishing.unpublish(story.article, editor=ed())

    now = timezone.localtime(timezone.now(), NEW_YORK)
    after = ask(client, story, f"{now:%Y-%m-%dT%H:%M:%S.%f}").content.decode()
    before = ask(client, story, "2026-03-03T15:00").content.decode()

    assert "It was not public then." in after
    assert "It was not public then." not in before


def test_all_versions_are_listed_with_their_times(client, chief, story):
    text = client.get(said(story)).content.decode()

    assert "March 3, 2026, 9 a.m." in text
    assert text.index("Version 2") < text.index("Version 1")
    assert "Now" in text


def test_a_version_never_seen_says_so(client, chief, story):
    queued = PublishedVersion.objects.get(article=story.article_id, number=2)
    queued.pk, queued.number = None, 3
    queued.live_from = timezone.now() + dt.timedelta(hours=2)
    queued.withdrawn_at = timezone.now()
    queued.created_at = timezone.now() - dt.timedelta(minutes=1)
    PublishedVersion.objects.bulk_create([queued])

    assert "Never: withdrawn or replaced" in client.get(said(story)).content.decode()


def test_a_single_version_can_be_read(client, chief, story):
    page = client.get(reverse("admin:articles_article_version", args=[story.article_id, 1]))

    assert "Eleven ships wait" in page.content.decode()
    missing = reverse("admin:articles_article_version", args=[story.article_id, 7])
    assert client.get(missing).status_code == 404


def test_a_renamed_author_or_a_section_that_is_gone_is_no_error(client, chief, story):
    lisa_now = lisa()
    lisa_now.name = "Lisa Berg-Tran"
    lisa_now.save()
    version = PublishedVersion.objects.get(article=story.article_id, number=1)
    put(version, content=version.content | {"section": 999, "bylines": [{"author": 999}]})

    page = client.get(reverse("admin:articles_article_version", args=[story.article_id, 1]))

    assert page.status_code == 200
    assert "Author 999" in page.content.decode()
    assert Section.objects.exists()


def test_a_version_that_the_chain_does_not_confirm_says_so(client, chief, story):
    version = PublishedVersion.objects.get(article=story.article_id, number=1)
    put(version, content=version.content | {"headline": "No ship ever waited"})

    text = ask(client, story, "2026-03-03T14:00").content.decode()

    assert "The chain does not confirm this version." in text
    assert "has another content than when it went out" in text


def test_an_erased_version_says_by_whom_and_why(client, chief, story):
    client.post(
        reverse("admin:articles_article_erase_version", args=[story.article_id, 1]),
        {"reason": "A court said so"},
    )

    text = ask(client, story, "2026-03-03T14:00").content.decode()

    assert "was erased on" in text
    assert "A court said so" in text
    assert "The chain confirms that it was erased by the desk" in text
    assert "Eleven ships" not in text.partition("<main")[2].partition("All versions")[0]


def test_each_reading_is_written_down(client, chief, story):
    client.get(said(story))
    assert not Event.objects.filter(kind=Event.Kind.ARCHIVE_READ).exists()

    ask(client, story, "2026-03-03T14:00")
    ask(client, story, "2026-03-02T14:00")
    client.get(reverse("admin:articles_article_version", args=[story.article_id, 2]))

    events = Event.objects.filter(kind=Event.Kind.ARCHIVE_READ).order_by("pk")
    assert [event.details.get("version") for event in events] == [1, None, 2]
    assert events[0].details["time"] == "2026-03-03T19:00:00+00:00"
    assert {event.actor for event in events} == {chief}


def test_nobody_keeps_a_copy_of_the_answer(client, chief, story):
    for page in (ask(client, story, "2026-03-03T14:00"), client.get(BY_ADDRESS)):
        assert page["Cache-Control"] == "private, no-store"
        assert page["X-Robots-Tag"] == "noindex"


# --- By address -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["{path}", "http://localhost{path}?utm=x#top", "  {path} ", "{bare}"],
)
def test_an_address_leads_to_its_story(client, chief, story, address):
    address = address.format(path=story.path, bare=story.path.strip("/"))

    answer = client.get(BY_ADDRESS, {"path": address, "at": "2026-03-03T14:00"})

    assert answer.status_code == 302
    assert answer["Location"] == f"{said(story)}?at=2026-03-03T14%3A00"


def test_an_address_that_a_story_once_had_leads_there_too(client, chief, story):
    old = story.path
    article = story.article
    article.slug = "nine-ships"
    article.save()
    publish(article)

    assert client.get(BY_ADDRESS, {"path": old})["Location"] == said(story)


@pytest.mark.parametrize(
    "address", ["/nothing/", "http://[", "a\x00b", "/" * 300, "x" * 3000, "💥"]
)
def test_an_address_of_no_story_says_so(client, chief, address):
    answer = client.get(BY_ADDRESS, {"path": address})

    assert answer.status_code == 404
    assert "No story has or had this address." in answer.content.decode()


# --- Times that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("soon", "That is no day and time"),
        ("2026-13-01T10:00", "That is no day and time"),
        ("2026-03-03T14:00Z", "That is no day and time"),
        ("0001-01-01T00:00", "cannot be meant"),
        ("9999-12-31T23:59", "cannot be meant"),
        ("\x00", "That is no day and time"),
    ],
)
def test_what_is_no_time_is_refused_with_a_reason(client, chief, story, at, said):
    page = ask(client, story, at)

    assert page.status_code == 400
    assert said in page.content.decode()


def test_a_time_to_come_is_refused(client, chief, story):
    page = ask(client, story, f"{timezone.now().year + 2}-03-03T14:00")

    assert page.status_code == 400
    assert "still to come" in page.content.decode()


def test_a_time_that_the_clock_jumped_over_is_refused(client, chief, story):
    page = ask(client, story, "2026-03-08T02:30")

    assert page.status_code == 400
    assert (
        "2:30 a.m. does not exist on March 8, 2026: the clocks go forward then"
        in page.content.decode()
    )


def test_a_time_that_came_twice_is_asked_about(client, chief):
    article = make_article(headline="Before the change")
    publish(article, at=new_york(2025, 11, 1, 9))
    article.headline = "In the second hour"
    article.save()
    story = publish(article, at=dt.datetime(2025, 11, 2, 6, 10, tzinfo=dt.UTC))

    text = ask(client, story, "2025-11-02T01:30").content.decode()
    assert "1:30 a.m. comes twice on November 2, 2025: the clocks go back then." in text
    assert "The first, before the clocks go back (1:30 a.m. EDT)" in text
    assert "The second, after it (1:30 a.m. EST)" in text
    assert "Before the change</h2>" not in text

    first = ask(client, story, "2025-11-02T01:30", fold="0").content.decode()
    second = ask(client, story, "2025-11-02T01:30", fold="1").content.decode()
    assert '"said__headline">Before the change<' in first
    assert '"said__headline">In the second hour<' in second


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "UTC", "Pacific/Apia"])
def test_every_other_time_is_itself(zone):
    zone_info = ZoneInfo(zone)
    at = newsroom_time.parse("2026-06-01T12:00", zone_info)

    assert f"{at.astimezone(zone_info):%Y-%m-%d %H:%M}" == "2026-06-01 12:00"


# --- Who may --------------------------------------------------------------------------------------


def pages(story):
    article = story.article_id
    return {
        "said": f"/admin/articles/article/{article}/said/",
        "a time": f"/admin/articles/article/{article}/said/?at=2026-03-03T14:00",
        "version": f"/admin/articles/article/{article}/said/1/",
        "erase": f"/admin/articles/article/{article}/said/1/erase/",
        "by address": BY_ADDRESS,
        "all events": "/admin/articles/event/",
    }


@pytest.mark.parametrize("group", GROUPS)
def test_only_the_chief_reads_the_archive_and_all_events(client, story, group):
    client.force_login(staff(group))
    expected = 200 if group == "Chief editor" else 403

    for name, url in pages(story).items():
        assert client.get(url).status_code == expected, name
    if group != "Chief editor":
        assert client.post(pages(story)["erase"], {"reason": "Forged"}).status_code == 403
        assert not Event.objects.filter(kind=Event.Kind.ARCHIVE_READ).exists()
    assert PublishedVersion.objects.filter(content={}).count() == 0


@pytest.mark.parametrize("group", GROUPS)
def test_whoever_sees_a_story_sees_its_log(client, story, group):
    client.force_login(staff(group))
    may = group in ("Reporter", "Editor", "Chief editor")

    answer = client.get(f"/admin/articles/article/{story.article_id}/history/")

    assert answer.status_code == (200 if may else 403)


def test_readers_and_visitors_are_led_to_the_sign_in(client, story):
    for user in (None, registered()):
        if user:
            client.force_login(user)
        for name, url in pages(story).items():
            assert client.get(url).status_code == 302, name


def test_the_story_links_to_it_for_those_who_may(client, story):
    url = f"/admin/articles/article/{story.article_id}/change/"
    for group, may in (("Editor", False), ("Chief editor", True)):
        client.force_login(staff(group))
        text = client.get(url).content.decode()
        assert (said(story) in text) is may
        assert f"/admin/articles/article/{story.article_id}/history/" in text


def test_a_story_never_published_was_never_public(client, chief):
    article = make_article()
    url = reverse("admin:articles_article_said", args=[article.pk])

    assert "It was never public." in client.get(url).content.decode()
    assert "It was not public then." in client.get(f"{url}?at=2026-03-03T14:00").content.decode()
    change = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert url not in change
    assert make_story().path
