"""An older newsroom's versions are sealed by the migration, in the order in which they went out."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from articles import publishing
from articles.models import ProofHead, ProofLink
from tests.articles.proof.check import codes, published_times, sql
from tests.cast import ed

pytestmark = pytest.mark.django_db

migration = importlib.import_module("articles.migrations.0017_seal_what_was_public")


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.NEWSROOM_DATA = tmp_path


def forget():
    sql("DELETE FROM articles_prooflink")
    sql("DELETE FROM articles_proofhead")


def test_what_was_public_before_is_in_the_chain_afterwards():
    stories = [published_times(2) for _ in range(3)]
    publishing.unpublish(stories[0].article, editor=ed())
    forget()
    assert set(codes()) == {"not_sealed"}

    migration.seal(apps, None)

    assert codes() == []
    links = list(ProofLink.objects.values_list("number", "kind", "article_id", "version"))
    first, second, third = (story.article_id for story in stories)
    assert links == [
        (1, "version", first, 1),
        (2, "version", first, 2),
        (3, "version", second, 1),
        (4, "version", second, 2),
        (5, "version", third, 1),
        (6, "version", third, 2),
        (7, "withdrawal", first, 1),
        (8, "withdrawal", first, 2),
    ]
    published_times(1)
    assert ProofHead.objects.get().number == 9
    assert codes() == []


def test_an_empty_newsroom_begins_with_no_link():
    migration.seal(apps, None)

    assert not ProofLink.objects.exists()
    assert not ProofHead.objects.exists()


def test_without_a_key_nothing_is_begun(settings):
    published_times(1)
    forget()
    settings.PROOF_KEY = ""

    with pytest.raises(ImproperlyConfigured, match="PROOF_KEY is not set"):
        migration.seal(apps, None)


def test_taking_the_migration_back_leaves_no_link():
    published_times(1)

    migration.break_off(apps, None)

    assert not ProofLink.objects.exists()
