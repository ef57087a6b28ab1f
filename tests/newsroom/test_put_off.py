"""What a great load puts off comes back whole, however the load ended."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from articles.models import Article, Byline
from articles.site.search import checks as search_checks
from articles.site.search import index, words_index
from newsroom.corpus import checks, put_off
from newsroom.corpus import load as loading
from tests import cast

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

INDEXES = """
    SELECT pg_get_indexdef(indexrelid), indisunique, indisvalid FROM pg_index
    WHERE indrelid::regclass::text ~ '^(articles_|search_index)'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype, convalidated
    FROM pg_constraint WHERE conrelid::regclass::text ~ '^(articles_|search_index)'
"""
# PostgreSQL says the types of a list otherwise after it has read its own words.
CASTS = re.compile(r"::(character varying|text)(\[\])?|[()]")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[None]:
    """A smaller paper, of which ten stories are many; and all is there for the next test."""
    for name, size in (
        ("load.MANY", 10),
        ("load.AT_ONCE", 5),
        ("words.VOCABULARY", 500),
        ("words.SENTENCES", 200),
        ("words.SENTENCES_OF_A_YEAR", 5),
        ("paper.AUTHORS", 5),
        ("paper.TOPICS", 20),
    ):
        monkeypatch.setattr(f"newsroom.corpus.{name}", size)
    yield
    put_off.make_again()
    words_index.make()


def corpus(articles: int) -> None:
    call_command("corpus", articles=articles, processes=1, verbosity=0)


def broken_off() -> None:
    """A great load that ends after its first step."""
    loading.begin(20)
    assert next(loading.load(20, until=timezone.now())) == 5


def ask(sql: str) -> set[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return set(cursor.fetchall())


def indexes() -> set[tuple[object, ...]]:
    return {(CASTS.sub("", str(definition)), *rest) for definition, *rest in ask(INDEXES)}


def constraints() -> set[tuple[object, ...]]:
    return ask(CONSTRAINTS)


def said() -> list[str | None]:
    found = [
        *checks.nothing_is_put_off(databases=["default"]),
        *search_checks.index_is_whole(databases=["default"]),
    ]
    return [each.id for each in found]


def test_a_great_load_leaves_every_key_and_index_as_it_was():
    before = indexes(), constraints()

    corpus(20)

    assert (indexes(), constraints()) == before
    assert said() == []
    assert index.counts() == (20, 20)


def test_what_a_load_that_was_broken_off_put_off_the_next_makes():
    before = indexes(), constraints()

    broken_off()
    assert indexes() == {each for each in before[0] if each[1]}
    assert constraints() == {each for each in before[1] if each[3] != "f"}
    assert said() == ["newsroom.W004", "articles.W002"]

    # One that begins anew keeps what is written down, and one with nothing to load makes it.
    loading.begin(20)
    corpus(0)
    assert (indexes(), constraints()) == before
    assert said() == []


def test_a_row_that_points_to_nothing_is_refused_at_the_end_and_its_key_stays_remembered():
    before = indexes(), constraints()
    broken_off()
    article = Article.objects.first()
    article.bylines.update(article=article.pk + 1000)

    with pytest.raises(IntegrityError, match="articles_byline"):
        corpus(20)
    assert indexes() == before[0]
    assert constraints() < before[1]
    assert "newsroom.W004" in said()

    Byline.objects.filter(article=article.pk + 1000).update(article=article)
    corpus(20)
    assert constraints() == before[1]
    assert said() == []


def test_two_that_make_it_again_at_once_make_it_once():
    before = indexes(), constraints()
    put_off.put_off()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(make_again), pool.submit(make_again)]:
            one.result()

    assert (indexes(), constraints()) == before


def make_again() -> None:
    try:
        put_off.make_again()
    finally:
        connection.close()


def test_a_load_beside_other_stories_puts_nothing_off():
    cast.make_article()
    before = indexes(), constraints()

    loading.begin(100)

    assert (indexes(), constraints()) == before
    assert said() == []
