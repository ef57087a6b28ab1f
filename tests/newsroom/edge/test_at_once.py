"""Whatever changes shows at the very next request, in every process, though pages are held."""

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable

from django.utils import timezone

from articles import publishing
from articles.models import Author, Image, PlainPage, Publication, PublishedArticle, Section, Topic
from articles.photos import blocking
from tests import cast
from tests.articles.publishing.acts import edit
from tests.conftest import DATA
from tests.live import ROOT, child_environment
from tests.newsroom.edge.readers import Readers

ED_KILLED = """
import os, signal, sys
import django
django.setup()
from articles import publishing
from articles.models import Article
from newsroom.edge import watch
from tests import cast
watch.shared_counters().clean = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
publishing.unpublish(Article.objects.get(pk=sys.argv[1]), editor=cast.ed())
"""
"""A publisher killed when its change is committed, and the second bump has not come."""


def shows(readers: Readers, path: str, change: Callable[[], object], *, words: str) -> None:
    """The page is held without ``words`` by every process; after ``change`` none is without."""
    readers.warm(path)
    assert readers.none_sees(path, words)
    change()
    assert readers.all_see(path, words), f"{words!r} is not on {path}"


def test_every_change_of_a_story_shows_at_once(readers):
    article = cast.make_article(headline="Ships wait", body="<p>Eleven ships wait.</p>")
    path = cast.publish(article).path
    ed = cast.ed()

    def change(**fields: object) -> None:
        cast.publish(edit(article, **fields))

    def correct() -> None:
        correcting = publishing.Correcting("Twelve.", place="body:1", old="Eleven", new="Twelve")
        publishing.correct(article, editor=ed, correcting=correcting)

    shows(readers, path, lambda: change(headline="Ships sail"), words="Ships sail")
    assert readers.all_see("/", "Ships sail")
    shows(readers, path, correct, words="Twelve ships wait")
    shows(readers, path, lambda: publishing.archive(article, editor=ed), words="archive")
    publishing.unarchive(article, editor=ed)
    readers.warm(path)
    publishing.unpublish(article, editor=ed)
    assert {answer.status for answer in readers.ask_all(path)} == {404}
    readers.warm("/")
    cast.publish(article)
    assert readers.all_see(path, "Ships sail")
    assert readers.all_see("/latest/", "Ships sail")


def test_what_becomes_premium_is_closed_at_once(readers):
    story = cast.make_story()
    behind_the_cut = "Nobody on the quay"
    whole = len(readers.ask(story.path).text.split(behind_the_cut))
    readers.warm(story.path)
    cast.publish(edit(story.article, access="premium"))
    answers = readers.ask_all(story.path)
    assert all(len(each.text.split(behind_the_cut)) < whole for each in answers)


def test_a_retracted_story_is_gone_at_once_from_all_pages(readers):
    story = cast.make_story(headline="A letter that nobody wrote")
    beside = cast.make_story()
    for path in (story.path, "/", "/latest/", "/world/", "/feeds/rss/", beside.path):
        readers.warm(path)
    publishing.retract(story.article, editor=cast.ed(), text="It was not so.")
    assert {answer.status for answer in readers.ask_all(story.path)} == {410}
    for path in ("/", "/latest/", "/world/", "/feeds/rss/", beside.path):
        assert readers.none_sees(path, "A letter that nobody wrote"), path


def test_every_change_of_what_stories_name_shows_at_once(readers):
    picture, topic = cast.make_image(), cast.make_topic()
    cast.make_publication()
    path = cast.make_story(lead_image=picture, topics=[topic]).path
    about = PlainPage.objects.create(title="About", slug="us", body="<p>We print.</p>")
    page = PlainPage.objects.filter(pk=about.pk)

    def credit() -> None:
        picture.credit = "Another Name"
        picture.save()

    shows(readers, path, credit, words="Another Name")
    shows(readers, path, lambda: Author.objects.update(name="Lisa Morgan"), words="Lisa Morgan")
    shows(readers, path, lambda: Section.objects.update(name="Earth"), words="Earth")
    shows(readers, path, lambda: Topic.objects.update(name="Sailing"), words="Sailing")
    shows(readers, path, lambda: Publication.objects.update(name="The Post"), words="The Post")
    shows(readers, "/about/us/", lambda: page.update(body="<p>We sing.</p>"), words="We sing.")
    readers.warm(path)
    assert readers.all_see(path, "Another Name")
    blocking.block(Image.objects.get(), by=cast.ed(), reason="Asked for by a lawyer")
    assert readers.none_sees(path, "Another Name")


def test_a_scheduled_story_appears_at_its_second_and_one_with_an_end_goes(readers):
    article = cast.make_article(headline="At noon sharp")
    leaving = cast.make_story(headline="Until noon")
    readers.warm("/latest/")
    readers.warm(leaving.path)
    noon = timezone.now() + dt.timedelta(seconds=4)
    path = publishing.schedule(article, editor=cast.ed(), at=noon) and _path_of(article)
    publishing.set_take_off(leaving.article, editor=cast.ed(), at=noon)
    readers.warm("/latest/")
    readers.warm(leaving.path)
    assert readers.none_sees("/latest/", "At noon sharp")
    assert readers.ask(path).status == 404
    time.sleep(max(0.0, (noon - timezone.now()).total_seconds()))
    assert readers.all_see("/latest/", "At noon sharp")
    assert readers.all_see(path, "At noon sharp")
    assert {answer.status for answer in readers.ask_all(leaving.path)} == {404}


def _path_of(article) -> str:
    return PublishedArticle.objects.values_list("path", flat=True).get(article=article)


def test_a_publisher_killed_after_its_commit_leaves_nothing_stale(readers):
    story = cast.make_story(headline="Off the site")
    readers.warm(story.path)
    command = [sys.executable, "-c", ED_KILLED, str(story.article_id)]
    child = subprocess.run(command, cwd=ROOT, env=child_environment(DATA), timeout=60)
    assert child.returncode == -9
    assert not PublishedArticle.objects.live(timezone.now()).exists()
    # Until its ticket ends pages are made for each who asks; after that they are held again.
    assert [readers.ask("/").how for _ in range(2)] == ["miss", "miss"]
    for path in (story.path, "/", "/latest/"):
        assert readers.none_sees(path, "Off the site"), path
    time.sleep(5.2)
    readers.warm("/")
    assert readers.none_sees("/", "Off the site")
