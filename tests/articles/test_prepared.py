"""Queries whose SQL is kept: they answer as the queryset would, for any values, in any thread."""

import threading

import pytest
from django.db import connection, models, transaction

from articles.models import Section
from articles.prepared import Prepared
from tests import cast

pytestmark = pytest.mark.django_db

NUMBER = models.BigIntegerField()

of_numbers = Prepared(
    lambda numbers, name: Section.objects.filter(pk__in=numbers).exclude(name=name).order_by("pk"),
    numbers=[NUMBER],
    name=models.CharField(),
)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 9])
def test_any_number_of_values_gives_just_their_rows(count):
    sections = [cast.make_section(f"Section {number}") for number in range(10)]

    found = of_numbers(numbers=[section.pk for section in sections[:count]], name="Section 0")

    assert found == sections[1:count]


def test_each_call_has_values_of_its_own():
    one, two = cast.make_section("One"), cast.make_section("Two")

    assert of_numbers(numbers=[one.pk], name="") == [one]
    assert of_numbers(numbers=[two.pk], name="") == [two]
    assert of_numbers(numbers=[two.pk], name="Two") == []


def test_a_call_is_one_query_which_is_built_once(django_assert_num_queries):
    built = []

    def build(slug):
        built.append(slug)
        return Section.objects.filter(slug=slug)

    by_slug = Prepared(build, slug=models.CharField())
    cast.make_section("World")

    with django_assert_num_queries(3):
        assert [len(by_slug(slug=slug)) for slug in ("world", "nowhere", "world")] == [1, 0, 1]
    assert len(built) == 1


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection_what_was_built_once():
    section = cast.make_section("World")
    built, found = [], []

    def build(pk):
        built.append(pk)
        return Section.objects.filter(pk=pk)

    by_number = Prepared(build, pk=NUMBER)
    assert by_number(pk=section.pk) == [section]

    def ask():
        found.extend(by_number(pk=section.pk))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [section] * 3
    assert len(built) == 1


def test_a_value_is_no_sql():
    cast.make_section("World")
    by_name = Prepared(lambda name: Section.objects.filter(name=name), name=models.CharField())

    assert by_name(name="x' OR '1'='1") == []


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_in_a_transaction_only():
    section = cast.make_section("World")
    locked = Prepared(lambda pk: Section.objects.select_for_update().filter(pk=pk), pk=NUMBER)

    with transaction.atomic():
        assert locked(pk=section.pk) == [section]
    if connection.features.has_select_for_update:
        with pytest.raises(transaction.TransactionManagementError):
            locked(pk=section.pk)
