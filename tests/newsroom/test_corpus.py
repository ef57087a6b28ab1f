"""The corpus to measure on: loaded through the one door, and never where it could do harm."""

import datetime as dt
import io
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import publishing
from articles.models import (
    Announcement,
    Article,
    Event,
    PublishedArticle,
    Revision,
    SectionListing,
)
from articles.proof.verify import Counts, findings
from articles.publishing import Incoming, PublishRefused
from articles.site.search import index
from newsroom.corpus import paper, progress
from newsroom.corpus.stories import stories
from newsroom.corpus.words import Language
from tests import cast
from tests.live import ROOT, child_environment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A smaller language and paper: the same, quicker."""
    monkeypatch.setattr("newsroom.corpus.words.VOCABULARY", 500)
    monkeypatch.setattr("newsroom.corpus.words.SENTENCES", 200)
    monkeypatch.setattr("newsroom.corpus.words.SENTENCES_OF_A_YEAR", 5)
    monkeypatch.setattr("newsroom.corpus.paper.AUTHORS", 5)
    monkeypatch.setattr("newsroom.corpus.paper.TOPICS", 20)


def load(articles: int, **options: object) -> str:
    out = io.StringIO()
    call_command("corpus", articles=articles, processes=1, stdout=out, **options)
    return out.getvalue()


def incoming(**content: object) -> Incoming:
    """A story of the corpus, with some words changed."""
    language = Language(["Ships wait for the wind."], [["Ships wait again."]] * 15)
    now = timezone.now()
    found = next(
        stories(range(1, 3), of=range(1, 3), until=now, paper=paper.lay_out(), language=language)
    )
    return Incoming(found.content | content, found.at)


def test_the_corpus_is_public_found_and_proven(client):
    said = load(30)

    newest = PublishedArticle.objects.live(timezone.now()).newest_first()[0]
    page = client.get(newest.path)
    assert page.status_code == 200
    assert newest.headline in page.content.decode()
    assert client.get("/").status_code == 200
    assert SectionListing.objects.count() == 30
    assert index.counts() == (30, 30)
    assert list(findings(Counts())) == []
    assert "30 stories" in said


def test_it_goes_on_where_it_stopped():
    load(10)
    load(25)

    assert Article.objects.count() == 25
    assert load(25).startswith("There are 25 stories")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_processes_beside_one_another_load_each_story_once_and_the_chain_holds(tmp_path, settings):
    command = [sys.executable, "manage.py", "corpus", "--articles=600", "--processes=2"]
    environment = child_environment(tmp_path, NEWSROOM_MODE="test")
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    numbers = {slug.rsplit("-")[-1] for slug in Article.objects.values_list("slug", flat=True)}
    assert numbers == {str(n) for n in range(1, 601)}
    assert index.counts() == (600, 600)
    # Where no proof of another test's chain lies.
    settings.NEWSROOM_DATA = tmp_path
    assert list(findings(Counts())) == []


def test_progress_is_told_in_whole_lines(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    said: list[str] = []

    assert progress.tell(iter([1_000, 1_500]), before=500, wanted=1_500, say=said.append) == 1_500
    assert [line.split(" stories, ")[0] for line in said] == ["1,000 of 1,500", "1,500 of 1,500"]
    assert not any("\r" in line or "\n" in line for line in said)


def test_after_a_gap_new_stories_get_new_numbers():
    load(10)
    gone = Article.objects.order_by("pk")[3]
    Article.objects.filter(pk=gone.pk).update(created_by=None)
    load(12, beside=True)

    newest = Article.objects.order_by("-pk").values_list("slug", flat=True)[:3]
    assert sorted(int(slug.rsplit("-")[-1]) for slug in newest) == [11, 12, 13]


def test_it_is_never_loaded_in_production(settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        load(1)
    assert not Article.objects.exists()


def test_it_leaves_a_newsroom_with_other_stories_alone_unless_asked():
    cast.make_article()

    with pytest.raises(CommandError, match="other stories"):
        load(5)
    assert Article.objects.count() == 1

    load(5, beside=True)
    assert Article.objects.count() == 6


def test_a_story_loaded_in_bulk_has_the_rows_of_one_that_was_published():
    coming, editor = incoming(), cast.ed()

    (loaded,) = publishing.bulk_load([coming], editor=editor)
    other = Incoming(coming.content | {"slug": "by-hand"}, coming.at)
    article = by_hand(other)
    published = publishing.publish(article, editor=editor, at=other.at)

    names = {field.attname for field in PublishedArticle._meta.fields}
    names -= {"id", "article_id", "path", "revision", "settled_at"}
    there = PublishedArticle.objects.get(pk=loaded.pk)
    assert {n: getattr(there, n) for n in names} == {n: getattr(published, n) for n in names}
    one, two = loaded.article.versions.get(), article.versions.get()
    assert without_ids(one.content) == without_ids(two.content)
    assert Revision.objects.filter(article=loaded.article).count() == 1
    events = Event.objects.filter(kind="published").order_by("pk")
    assert [event.target_id for event in events] == [str(loaded.article_id), str(article.pk)]
    assert Announcement.objects.get(article=loaded.article).done_at is not None


def by_hand(coming: Incoming) -> Article:
    """The same content, written at the desk."""
    rows = ("section", "lead_image", "bylines", "takeaways", "sources", "topics")
    fields = {name: value for name, value in coming.content.items() if name not in rows}
    article = Article.objects.create(section_id=coming.content["section"], **fields)
    for position, row in enumerate(coming.content["bylines"]):
        article.bylines.create(author_id=row["author"], position=position)
    for name in ("takeaways", "sources"):
        for position, row in enumerate(coming.content[name]):
            words = {key: value for key, value in row.items() if key != "uid"}
            getattr(article, name).create(position=position, **words)
    article.topics.set(coming.content["topics"])
    return article


def without_ids(content: dict) -> dict:
    rows = ("bylines", "takeaways", "sources")
    bare = {name: [{**row, "uid": ""} for row in content[name]] for name in rows}
    return content | bare | {"slug": ""}


def test_a_story_that_lacks_something_keeps_all_of_its_load_out():
    good, bad = incoming(slug="good"), incoming(headline=" ")

    with pytest.raises(PublishRefused) as refused:
        publishing.bulk_load([good, bad], editor=cast.ed())
    assert [finding.code for finding in refused.value.findings.missing] == ["headline"]
    assert not Article.objects.exists()


def test_two_stories_never_get_one_address():
    coming = incoming()
    publishing.bulk_load([coming], editor=cast.ed())

    for stories_ in ([coming], [incoming(slug="twice"), incoming(slug="twice")]):
        with pytest.raises(PublishRefused) as refused:
            publishing.bulk_load(stories_, editor=cast.ed())
        assert "slug_taken" in [finding.code for finding in refused.value.findings.missing]
    assert Article.objects.count() == 1


def test_a_story_of_the_future_is_not_loaded():
    coming = Incoming(incoming().content, timezone.now() + dt.timedelta(hours=1))

    with pytest.raises(ValueError, match="past"):
        publishing.bulk_load([coming], editor=cast.ed())
