"""What the desk's lists read does not grow with the stories that they do not show."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from articles.desk import capped_pages
from articles.models import Article, PublishedArticle
from tests.articles.site.crowd import gather
from tests.articles.site.test_flat_at_any_size import buffers_of, get
from tests.cast import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("crowd_without_trace")]

LIST = "/admin/articles/article/"
MOST = 1.5
# Blocks for a full page and its count, story by story, where PostgreSQL reads a small table whole.
A_PAGE = 800
FILTERS = [
    *(
        f"state={state}"
        for state in (
            "none",
            "scheduled",
            "live",
            "live_with_changes",
            "archived",
            "unpublished",
            "retracted",
        )
    ),
    "whose=mine",
    "whose=waiting",
    "work=in_review",
    "due=today",
    "bin=yes",
]


@pytest.fixture
def desk(client, monkeypatch):
    # A count that is capped among few as among many.
    monkeypatch.setattr(capped_pages.CappedPages, "most", 100)
    client.force_login(staff("Chief editor"))
    return client


def live(*, stories: int) -> list[Article]:
    """So many stories that readers see, saved after all others."""
    return [row.article for row in gather(stories=stories, sections=6)]


def change(stories: list[Article], **fields) -> None:
    Article.objects.filter(pk__in=[story.pk for story in stories]).update(**fields)


def change_public(stories: list[Article], **fields) -> None:
    PublishedArticle.objects.filter(article__in=stories).update(**fields)


def put_into_each_state(stories: list[Article], now: dt.datetime) -> None:
    """Two of them in each state; the others stay as they are."""
    pairs = [stories[start : start + 2] for start in range(0, 20, 2)]
    change(pairs[0], head=2)
    change_public(pairs[1], archived_at=now)
    change_public(pairs[2], withdrawn_at=now)
    change_public(pairs[3], withdrawn_at=now, retracted_at=now)
    change(pairs[4], work="in_review")
    change(pairs[5], work="approved", approved_revision=1)
    change_public(pairs[6], off_at=now, published_at=now - dt.timedelta(days=1))
    change(pairs[7], due_at=now)
    change(pairs[8], binned_at=now)
    change_public(pairs[9], published_at=now + dt.timedelta(days=1))


def read_for(desk, path: str) -> int:
    """What the database does for a page: blocks of PostgreSQL, instructions of SQLite."""
    if connection.vendor == "postgresql":
        return buffers_of(lambda: get(desk, path))
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.connection.set_progress_handler(step, 10)
    try:
        assert desk.get(path).status_code == 200
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps


def measured(desk) -> dict[str, int]:
    paths = {"start": "/admin/", **{each: f"{LIST}?{each}" for each in FILTERS}}
    desk.get("/admin/")
    return {name: read_for(desk, path) for name, path in paths.items()}


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize("is_analyzed", [False, True])
def test_a_list_reads_as_much_among_six_times_the_stories(desk, is_analyzed):
    is_analyzed = is_analyzed or connection.vendor == "postgresql"
    put_into_each_state(live(stories=600), timezone.now())
    if is_analyzed:
        analyze()
    few = measured(desk)
    live(stories=3000)
    if is_analyzed:
        analyze()
    many = measured(desk)

    if connection.vendor == "postgresql":
        few = {name: max(few[name], A_PAGE / MOST) for name in few}
    ratios = {name: round(many[name] / few[name], 2) for name in few}
    assert {name: ratio for name, ratio in ratios.items() if ratio > MOST} == {}, ratios
