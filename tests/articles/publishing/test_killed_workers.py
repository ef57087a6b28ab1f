"""Workers in real processes, killed while they see to what has come due.

Whatever the point, the next turn ends as an undisturbed one would: once, and whole.
"""

import subprocess
import sys

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import Article, Event, PublishedArticle, SectionListing
from articles.site.search.index import counts
from tests.articles.publishing.acts import HOUR, edit, let_time_pass, soon
from tests.cast import ed, make_article, make_topic, publish
from tests.conftest import DATA
from tests.live import ROOT, child_environment

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = [
    ("before", 'UPDATE "articles_publishedarticle"', "1"),
    ("after", 'UPDATE "articles_publishedarticle"', "1"),
    ("before", 'DELETE FROM "articles_sectionlisting"', "1"),
    ("after", 'INSERT INTO "articles_sectionlisting"', "1"),
    ("after", "INSERT INTO search_index", "1"),
    ("before", 'INSERT INTO "articles_event"', "1"),
    ("after", 'INSERT INTO "articles_event"', "1"),
    ("before", 'UPDATE "articles_publishedarticle"', "2"),
    ("after", 'INSERT INTO "articles_event"', "2"),
    ("before", 'INSERT INTO "articles_event"', "3"),
    ("after", 'UPDATE "articles_publishedversion"', "1"),
]


def worker(*doom: str) -> int:
    command = [sys.executable, "-m", "tests.doomed", "stories", *doom]
    return subprocess.Popen(command, cwd=ROOT, env=child_environment(DATA)).wait(60)


@pytest.fixture
def due() -> list[Article]:
    """A due update, a due first publication, and a due take-off."""
    updated = make_article(headline="Now", topics=[make_topic()])
    publish(updated)
    edit(updated, headline="Then")
    publishing.schedule(updated, editor=ed(), at=soon())
    first = make_article(headline="First")
    publishing.schedule(first, editor=ed(), at=soon())
    leaving = make_article(headline="Leaving")
    publish(leaving)
    publishing.set_take_off(leaving, editor=ed(), at=soon())
    for article in (updated, first, leaving):
        let_time_pass(article, 2 * HOUR)
    return [updated, first, leaving]


def check(due: list[Article]) -> None:
    updated, first, leaving = due
    stories = {story.article_id: story for story in PublishedArticle.objects.all()}
    assert stories[updated.pk].headline == "Then"
    assert stories[updated.pk].next_at is None
    assert stories[first.pk].settled_at is not None
    assert stories[leaving.pk].withdrawn_at is not None
    assert SectionListing.objects.count() == 2
    assert counts() == (2, 2)
    by_schedule = [e for e in Event.objects.order_by("target_id") if e.details.get("by")]
    assert sorted((int(event.target_id), event.kind) for event in by_schedule) == sorted(
        [
            (updated.pk, "changes_published"),
            (first.pk, "went_out"),
            (leaving.pk, "unpublished"),
        ]
    )


@pytest.mark.parametrize("doom", POINTS, ids=" ".join)
def test_a_worker_killed_at_a_statement_leaves_all_or_nothing(
    doom: tuple[str, str, str], due: list[Article]
) -> None:
    assert worker(*doom) == -9

    assert worker() == 0

    check(due)


def test_two_workers_at_once_do_each_step_once(due: list[Article]) -> None:
    command = [sys.executable, "-m", "tests.doomed", "stories"]
    both = [subprocess.Popen(command, cwd=ROOT, env=child_environment(DATA)) for _ in range(2)]

    assert [process.wait(60) for process in both] == [0, 0]
    check(due)


def test_readers_see_what_is_due_before_any_worker_runs(due: list[Article]) -> None:
    live = PublishedArticle.objects.live(timezone.now())

    assert set(live.values_list("headline", flat=True)) == {"Now", "First"}
