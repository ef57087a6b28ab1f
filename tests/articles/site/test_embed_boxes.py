"""Embeds on readers' pages: a box and a link, and a policy that allows no more than a click."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.alerts.deliver import deliver_due
from accounts.alerts.fan_out import announce_due
from accounts.models import Follow
from tests.cast import PARAGRAPH, PASSWORD, lisa, make_story, sam
from tests.machines import nu_errors

pytestmark = pytest.mark.django_db

VIDEO = '<figure data-embed="youtube:dQw4w9WgXcQ" data-caption="The &lt;old&gt; port"></figure>'
POST = '<figure data-embed="x:20"></figure>'
CHART = '<figure data-embed="datawrapper:aB3dE"></figure>'
YOUTUBE = "https://www.youtube-nocookie.com"


def story(*parts, **fields):
    return make_story(body=PARAGRAPH + "".join(parts) + PARAGRAPH, **fields)


def policy(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: values for name, _, values in parts}


def test_a_video_is_a_box_with_a_link_and_nothing_of_the_providers(client):
    page = client.get(story(VIDEO).path).content.decode()

    assert "Video on YouTube" in page
    assert "The &lt;old&gt; port" in page
    link = re.search(r'<a class="embed__link"[^>]*>', page)[0]
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in link
    assert 'rel="noopener nofollow external"' in link
    assert "receives data about your visit" in page
    assert "<iframe" not in page
    assert not re.search(r'(?:src|srcset)="https://', page)


def test_the_policy_is_widened_by_the_hosts_of_the_page_and_by_nothing_else(client):
    plain = policy(client.get(story().path))
    with_video = policy(client.get(story(VIDEO).path))
    with_both = policy(client.get(story(VIDEO, CHART, VIDEO, POST).path))

    assert "frame-src" not in plain
    assert with_video == plain | {"frame-src": YOUTUBE}
    assert with_both == plain | {"frame-src": f"https://datawrapper.dwcdn.net {YOUTUBE}"}
    assert policy(client.get(story(POST).path)) == plain
    assert policy(client.get("/")) == plain


def test_only_the_players_may_take_the_whole_screen(client):
    plain, video = client.get(story().path), client.get(story(VIDEO).path)

    assert "fullscreen=()" in plain["Permissions-Policy"]
    assert f'fullscreen=(self "{YOUTUBE}")' in video["Permissions-Policy"]
    rest = video["Permissions-Policy"].replace(f'(self "{YOUTUBE}")', "()")
    assert rest == plain["Permissions-Policy"]


def test_an_unchanged_page_keeps_its_policy(client):
    path = story(VIDEO).path
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert again["Permissions-Policy"] == first["Permissions-Policy"]
    assert policy(client.head(path)) == policy(first)


def test_script_and_styles_come_only_with_what_needs_them(client):
    def files(*parts):
        page = client.get(story(*parts).path).content.decode()
        return ("embed.js" in page, "embed.css" in page)

    assert files() == (False, False)
    assert files(POST) == (False, True)
    assert files(VIDEO) == (True, True)


def test_an_embed_behind_the_cut_is_for_those_who_may_read_it(client):
    behind = make_story(
        access="premium", body=PARAGRAPH * 2 + '<hr data-cut="">' + VIDEO + PARAGRAPH * 3
    )
    teaser = client.get(behind.path)

    assert "dQw4w9WgXcQ" not in teaser.content.decode()
    assert "&lt;old&gt;" not in teaser.content.decode()
    assert "frame-src" not in policy(teaser)

    client.post("/account/sign-in/", {"login": sam().email, "password": PASSWORD})
    whole = client.get(behind.path)
    assert "dQw4w9WgXcQ" in whole.content.decode()
    assert policy(whole)["frame-src"] == YOUTUBE


def test_a_feed_has_the_address_in_words(client):
    story(VIDEO)
    feed = client.get("/feeds/rss/")

    assert "Video on YouTube: " in feed.content.decode()
    assert "https://www.youtube.com/watch?v=dQw4w9WgXcQ" in feed.content.decode()
    assert "data-embed" not in feed.content.decode()


def test_a_mail_has_the_address_in_words():
    Follow.objects.create(user=sam(), author=lisa())
    story(VIDEO)
    announce_due(timezone.now())
    deliver_due(timezone.now())

    (message,) = mail.outbox
    html = message.alternatives[0][0]
    for words in (message.body, html):
        assert "Video on YouTube: " in words
        assert "https://www.youtube.com/watch?v=dQw4w9WgXcQ" in words
    assert "data-embed" not in html


def test_pages_with_embeds_are_valid_html(client):
    pages = {"embeds": client.get(story(VIDEO, POST, CHART).path).content.decode()}

    assert nu_errors(pages) == []
