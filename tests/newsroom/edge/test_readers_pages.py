"""Readers with an account get pages from the page cache: their level's, never one another's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.edge.application import Edge
from tests import cast
from tests.newsroom.edge.browsers import Browser, make_edge

SECRET = "Only subscribers read of the nine grey lighters."
BODY = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{SECRET}</p>'


@pytest.fixture
def edge(transactional_db, settings) -> Edge:
    settings.EDGE = True
    return make_edge()


@pytest.fixture
def premium(edge):
    cast.make_publication()
    return cast.make_story(access="premium", body=BODY)


def test_a_subscriber_reads_a_premium_story_without_django(edge, premium):
    sam = Browser.of(edge, cast.sam())
    assert sam.open(premium.path).how == ""
    assert sam.open(premium.path).how == "miss"
    with CaptureQueriesContext(connection) as queries:
        page = sam.open(premium.path)
    assert page.how == "hit"
    assert SECRET in page.text
    assert len(queries) == 0
    assert page.headers["Cache-Control"] == "private, no-store"
