"""A picture is where its rights allow it, at the very moment, with no worker running.

The lead picture, one in the text and the author's portrait share their rights; the section has a
picture that takes the lead's place.
"""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.alerts import story_text
from articles.models import Author, Image, PublishedArticle, Section
from articles.photos import rights
from articles.site import leads
from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.site.public_acts import change, queue
from tests.articles.site.surfaces import mails_about

pytestmark = pytest.mark.django_db

LISTS = ("/", "/latest/", "/world/", "/topics/shipping/", "/authors/lisa-berg/", "/search/?q=ships")
FEEDS = ("/feeds/rss/", "/world/feeds/rss/", "/topics/shipping/feeds/rss/")
SECOND = dt.timedelta(seconds=1)
TICK = dt.timedelta(microseconds=1)


@dataclass
class Scene:
    """A story with three pictures of one state of rights, and a fallback with all rights."""

    story: PublishedArticle
    lead: Image
    placed: Image
    portrait: Image
    fallback: Image
    at: dt.datetime

    def let(self, **rights_: object) -> None:
        numbers = [image.pk for image in (self.lead, self.placed, self.portrait)]
        Image.objects.filter(pk__in=numbers).update(**rights_)

    def in_text(self, text: str) -> set[str]:
        """Which of the pictures a text leads to."""
        names = ("lead", "placed", "portrait", "fallback")
        return {name for name in names if getattr(self, name).rendition_name in text}


@pytest.fixture
def scene(monkeypatch) -> Scene:
    lead, placed, portrait, fallback = (
        cast.make_image(size=(400, 300), credit=f"Credit of {name}", caption=f"Caption of {name}")
        for name in ("lead", "placed", "portrait", "fallback")
    )
    author = cast.lisa()
    author.portrait = portrait
    author.save()
    section = cast.make_section()
    Section.objects.filter(pk=section.pk).update(fallback_image=fallback)
    story = cast.make_story(
        headline="Ships at the quay",
        lead_image=lead,
        lead_caption="Caption in the story",
        topics=[cast.make_topic()],
        body=f'{cast.PARAGRAPH}<figure data-image="{placed.pk}"></figure>{cast.PARAGRAPH}',
    )
    # To the microsecond, and none of it a whole one.
    at = (timezone.now() + dt.timedelta(hours=1)).replace(microsecond=123456)
    monkeypatch.setattr(timezone, "now", lambda: at)
    return Scene(story, lead, placed, portrait, fallback, at)


def seen(scene: Scene) -> dict[str, set[str]]:
    """The pictures on every surface, by its name."""
    client = Client()
    html = client.get(scene.story.path).content.decode()
    head, main = html.split("<main", 1)
    meta = "".join(re.findall(r'<meta (?:property="og:|name="twitter:)image"[^>]*>', head))
    data = "".join(re.findall(r"<script type=.application/ld.json.>.*?</script>", head, re.DOTALL))
    found = {"page": main, "social card": meta, "structured data": data}
    found |= {path: client.get(path).content.decode() for path in (*LISTS, *FEEDS)}
    found["sitemap"] = client.get("/sitemaps/stories-0.xml").content.decode()
    answer = signed_in(cast.ed()).get(
        f"/admin/articles/article/{scene.story.article_id}/preview/?as=card"
    )
    found["card in the preview"] = answer.content.decode().split("<main", 1)[1]
    return {name: scene.in_text(text) for name, text in found.items()} | {"mail": mailed(scene)}


def mailed(scene: Scene) -> set[str]:
    """The lead of the mail by its file, the one in the text by its words."""
    row = PublishedArticle.objects.live(scene.at).select_related(*leads.WITH_PICTURES)
    text = story_text.tell(row.get(pk=scene.story.pk), is_whole=True, at=scene.at)
    found = scene.in_text(text.lead.src) if text.lead else set()
    return found | (
        {"placed"} if "Caption of placed" in text.first_html + text.rest_html else set()
    )


def expected(*, web: bool, social: bool, mail: bool) -> dict[str, set[str]]:
    lead = {"lead"} if web else {"fallback"}
    placed = {"placed"} if web else set()
    portrait = {"portrait"} if web else set()
    card = {"lead"} if social else {"fallback"}
    lists = dict.fromkeys(LISTS, lead) | {"/authors/lisa-berg/": lead | portrait}
    return {
        "page": lead | placed | portrait,
        "structured data": lead | placed,
        "social card": card,
        "card in the preview": card,
        **lists,
        **dict.fromkeys(FEEDS, lead | placed),
        "sitemap": lead,
        "mail": ({"lead"} if mail else {"fallback"}) | ({"placed"} if mail else set()),
    }


ALL = {"web": True, "social": True, "mail": True}
NONE = {"web": False, "social": False, "mail": False}


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (lambda at: {}, ALL),
        (lambda at: {"licence_ends": at + SECOND}, ALL),
        (lambda at: {"licence_ends": at + TICK}, ALL),
        (lambda at: {"licence_ends": at}, NONE),
        (lambda at: {"licence_starts": at}, ALL),
        (lambda at: {"licence_starts": at + TICK}, NONE),
        (lambda at: {"licence_starts": at + SECOND}, NONE),
        (lambda at: {"blocked_at": at, "block_reason": "A claim"}, NONE),
        (lambda at: {"on_web": False}, ALL | {"web": False}),
        (lambda at: {"on_social": False}, ALL | {"social": False}),
        (lambda at: {"in_mail": False}, ALL | {"mail": False}),
    ],
    ids=[
        "free",
        "a second before its end",
        "a microsecond before its end",
        "at its end",
        "at its start",
        "a microsecond before its start",
        "a second before its start",
        "blocked",
        "not on the web",
        "not on social cards",
        "not in mails",
    ],
)
def test_every_surface_shows_what_the_rights_allow_and_the_fallback_in_place(scene, state, shown):
    scene.let(**state(scene.at))

    assert seen(scene) == expected(**shown)


def test_a_fallback_has_its_own_words_and_never_those_of_the_picture_it_stands_for(client, scene):
    scene.let(licence_ends=scene.at)
    html = client.get(scene.story.path).content.decode()
    feed = client.get("/feeds/rss/").content.decode()

    for text in (html, feed):
        assert "Caption of fallback" in text
        assert "Credit of fallback" in text
        for old in ("Caption in the story", "Caption of lead", "Credit of lead"):
            assert old not in text
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', html)[1])
    assert [image["creditText"] for image in data["image"]] == ["Credit of fallback"]


@pytest.mark.parametrize("how", ["none is set", "it has ended, too", "it is blocked, too"])
def test_without_a_fallback_that_may_be_shown_there_is_no_picture(scene, how):
    scene.let(licence_ends=scene.at)
    if how == "none is set":
        Section.objects.update(fallback_image=None)
    elif how == "it has ended, too":
        Image.objects.filter(pk=scene.fallback.pk).update(licence_ends=scene.at)
    else:
        Image.objects.filter(pk=scene.fallback.pk).update(blocked_at=scene.at, block_reason="No")

    assert set().union(*seen(scene).values()) == set()
    html = Client().get(scene.story.path).content.decode()
    assert "figure--hero" not in html
    assert '"image":' not in html
    assert 'name="twitter:card" content="summary"' in html


def test_the_face_beside_an_opinion_goes_with_its_rights(client, scene):
    change(scene.story, kind="opinion", prominence="normal")
    another = Author.objects.create(name="Tom Hale", slug="tom-hale")
    for _ in range(4):
        cast.make_story(kind="news", authors=[another], section=cast.make_section("Elsewhere"))

    assert scene.portrait.rendition_name in client.get("/").content.decode()
    scene.let(licence_ends=scene.at)
    assert scene.portrait.rendition_name not in client.get("/").content.decode()


def test_a_story_that_never_had_a_picture_gets_no_fallback(client, scene):
    change(scene.story, lead_image=None)

    assert "fallback" not in set().union(*seen(scene).values())


@pytest.mark.parametrize("use", list(rights.Use))
@pytest.mark.parametrize("before", [SECOND, TICK, -TICK, -SECOND, dt.timedelta()])
def test_the_question_to_the_database_has_the_same_answer(scene, use, before):
    for fields in (
        {"licence_ends": scene.at + before},
        {"licence_starts": scene.at + before},
        {"licence_starts": scene.at - SECOND, "licence_ends": scene.at + before + 2 * SECOND},
        {"blocked_at": scene.at + before, "block_reason": "No"},
        {"on_web": False},
        {"on_social": False, "in_mail": False},
    ):
        scene.let(
            licence_ends=None,
            licence_starts=None,
            blocked_at=None,
            block_reason="",
            on_web=True,
            on_social=True,
            in_mail=True,
        )
        scene.let(**fields)
        stored = Image.objects.get(pk=scene.lead.pk)
        asked = Image.objects.filter(rights.allowing(use, scene.at), pk=scene.lead.pk)
        assert asked.exists() is rights.may(stored, use, scene.at), fields


def update_of(scene: Scene, **changes: object) -> tuple[Image, Image]:
    """An update due at the scene's second that moves the story and brings other pictures."""
    fresh, fallback = (
        cast.make_image(size=(400, 300), caption=f"Caption of {name}", credit=f"Credit of {name}")
        for name in ("the update", "its section")
    )
    section = cast.make_section("Business")
    Section.objects.filter(pk=section.pk).update(fallback_image=fallback)
    figure = f'<figure data-image="{fresh.pk}"></figure>'
    queue(
        scene.story,
        live_from=scene.at,
        section=section.pk,
        lead_image=fresh.pk,
        body=f"{cast.PARAGRAPH}{figure}{cast.PARAGRAPH}",
        **changes,
    )
    return fresh, fallback


@pytest.mark.parametrize(("left", "is_shown"), [(TICK, True), (dt.timedelta(), False)])
def test_an_update_that_is_due_asks_at_its_second(client, scene, left, is_shown):
    fresh, fallback = update_of(scene)
    Image.objects.filter(pk=fresh.pk).update(licence_ends=scene.at + left)

    html = client.get(scene.story.path).content.decode()

    assert (fresh.rendition_name in html) is is_shown
    assert ("Credit of the update" in html) is is_shown
    assert (fallback.rendition_name in html) is not is_shown
    assert ("Credit of its section" in html) is not is_shown
    assert scene.fallback.rendition_name not in html
    for path in ("/sitemaps/stories-0.xml", "/feeds/rss/", "/latest/"):
        assert fresh.rendition_name not in client.get(path).content.decode()


def test_a_blocked_picture_of_an_update_that_is_due_is_nowhere(client, scene):
    fresh, _ = update_of(scene)
    Image.objects.filter(pk=fresh.pk).update(blocked_at=scene.at, block_reason="A claim")

    for path in (scene.story.path, *LISTS, *FEEDS, "/sitemaps/stories-0.xml"):
        assert fresh.rendition_name not in client.get(path).content.decode()


def test_rights_cost_no_query(client, scene):
    """The budgets of the pages hold while every picture is replaced by a fallback."""
    budgets = {scene.story.path: 4, "/": 7, "/sitemaps/stories-0.xml": 1}
    for state in ({}, {"licence_ends": scene.at}):
        scene.let(**state)
        for path, most in budgets.items():
            with CaptureQueriesContext(connection) as caught:
                assert client.get(path).status_code == 200
            assert len(caught) <= most, path
        for path in (*LISTS, *FEEDS):
            with CaptureQueriesContext(connection) as caught:
                client.get(path)
            assert len(caught) <= 8, path


def test_a_feed_that_left_a_picture_out_is_told_anew_once_its_rights_change(client, scene):
    scene.let(blocked_at=scene.at, block_reason="A claim")
    without = client.get("/feeds/rss/")
    scene.let(blocked_at=None, block_reason="")
    again = client.get("/feeds/rss/", headers={"If-None-Match": without["ETag"]})

    assert "Last-Modified" not in without
    assert again.status_code == 200
    assert "Last-Modified" in again


def test_the_mail_as_sent_has_no_blocked_picture(scene, monkeypatch):
    scene.let(blocked_at=scene.at, block_reason="A claim")
    [mail] = mails_about(scene.story)

    assert scene.in_text(mail) == {"fallback"}
    assert "Caption of placed" not in mail


def test_a_picture_blocked_after_the_mail_was_written_keeps_it_from_leaving(scene, monkeypatch):
    from accounts.alerts import deliver
    from accounts.models import Delivery

    write = deliver.Parcel.compose

    def then_block(parcel):
        message = write(parcel)
        scene.let(blocked_at=scene.at, block_reason="A claim")
        return message

    with monkeypatch.context() as patch:
        patch.setattr(deliver.Parcel, "compose", then_block)
        patch.setattr(deliver, "RUN_FOR", 0.5)
        assert all(scene.in_text(mail) == {"fallback"} for mail in mails_about(scene.story))

    Delivery.objects.update(not_before=scene.at)
    deliver.deliver_due(scene.at)
    assert Delivery.objects.filter(state=Delivery.State.SENT).count() == 1


def test_the_sitemap_names_the_picture_in_the_namespace_of_pictures(client, scene):
    root = ET.fromstring(client.get("/sitemaps/stories-0.xml").content)  # noqa: S314 - our own
    names = {"i": "http://www.google.com/schemas/sitemap-image/1.1"}
    [address] = [node.text for node in root.iterfind(".//i:image/i:loc", names)]

    assert address.startswith("http://localhost")
    assert scene.lead.rendition_name in address
    assert client.get(address.split("/", 3)[3].join(["/", ""])).status_code == 200
