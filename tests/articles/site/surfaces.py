"""Every place where readers and machines learn of stories, to be searched for one of them."""

import re

from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.alerts.deliver import deliver_due
from accounts.alerts.fan_out import announce_due
from accounts.models import Delivery, Follow
from articles.models import Announcement, PublishedArticle
from tests import cast

FRONTS = ("/", "/latest/", "/feeds/rss/", "/news-sitemap.xml")
LISTS = (
    "/world/",
    "/topics/shipping/",
    "/authors/lisa-berg/",
    "/world/feeds/rss/",
    "/topics/shipping/feeds/rss/",
    "/authors/lisa-berg/feeds/rss/",
    "/sitemaps/stories-0.xml",
)
OTHERS = ("/sitemap.xml", "/sitemaps/pages.xml", "/corrections/", "/corrections/feeds/rss/")


def text_of(client: Client, path: str) -> str:
    """Head and body of an answer, "" for a page that is not there."""
    answer = client.get(path)
    assert answer.status_code in {200, 404}, path
    return f"{answer.headers}{answer.content.decode()}" if answer.status_code == 200 else ""


def naming(story: PublishedArticle, *, word: str) -> set[str]:
    """The pages, feeds and maps that know of a story: by its address, headline or picture.

    ``word``: one that the search finds it by. The page of any other story is looked at, too.
    """
    client, found = Client(), set()
    beside = cast.make_story(section=cast.make_section("Elsewhere"), authors=[cast.lisa()])
    picture = story.lead_image.rendition_name if story.lead_image else story.path
    for path in (*FRONTS, *LISTS, *OTHERS, beside.path):
        text = text_of(client, path)
        if any(words in text for words in (story.path, story.headline, picture)):
            found.add("beside another story" if path == beside.path else path)
    if finds(client, word) != (0, False):
        found.add("search")
    return found


def finds(client: Client, word: str) -> tuple[int, bool]:
    """How many stories the search counts for a word, and whether it lists one."""
    html = text_of(client, f"/search/?q={word}")
    count = re.search(r"<strong>(\d+) stor", html)
    return int(count[1]) if count else 0, "story-card__headline" in html


def mails_about(story: PublishedArticle) -> list[str]:
    """The mails that a follower of the author gets of a story, as sent, texts and all."""
    reader = cast.make_user()
    Follow.objects.create(user=reader, author=cast.lisa())
    Delivery.objects.all().delete()
    Announcement.objects.filter(article=story.article_id).update(
        due_at=timezone.now(), claimed_at=None, done_at=None
    )
    announce_due(timezone.now())
    deliver_due(timezone.now())
    return [
        "\n".join((str(message.message()), str(message.body), str(message.alternatives[0][0])))
        for message in mail.outbox
        if reader.email in message.to and story.headline in message.subject
    ]
