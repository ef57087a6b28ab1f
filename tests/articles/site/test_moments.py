"""The next moment at which pages change by themselves, whatever sets it."""

import datetime as dt

import pytest
from django.utils import timezone

from articles import publishing
from articles.site import moments
from tests import cast

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_nothing_lies_ahead_of_a_newsroom_whose_stories_are_out():
    cast.make_story()
    cast.make_image()

    assert moments.next_after(timezone.now()) is None


@pytest.mark.parametrize("of", ["licence_starts", "licence_ends"])
def test_licences_begin_and_end_at_the_soonest_time_ahead(of):
    now = timezone.now()
    for days in (9, 3, -3):
        cast.make_image(**{of: now + days * DAY})

    assert moments.next_after(now) == now + 3 * DAY
    assert moments.next_after(now + 3 * DAY) == now + 9 * DAY
    assert moments.next_after(now + 9 * DAY) is None


def test_a_story_that_is_to_come_is_the_next_moment():
    at = timezone.now() + DAY
    publishing.schedule(cast.make_article(), editor=cast.ed(), at=at)

    assert moments.next_after(timezone.now()) == at
