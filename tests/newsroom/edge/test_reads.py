"""What the page cache sends is counted as a read, though no code of the story's view runs."""

import pytest

from newsroom.edge.application import Edge
from tests import cast
from tests.articles.readership.reads import counted, start_anew
from tests.newsroom.edge.browsers import Browser, make_edge


@pytest.fixture
def edge(transactional_db, settings) -> Edge:
    settings.EDGE = True
    cast.make_publication()
    start_anew()
    return make_edge()


def test_every_page_of_a_story_that_goes_out_is_one_read(edge):
    story, other = cast.make_story(), cast.make_story()
    anyone = Browser(edge)
    assert [anyone.open(story.path).how for _ in range(4)] == ["miss", "hit", "hit", "hit"]
    assert counted(story) == 4
    etag = anyone.open(story.path).headers["ETag"]
    assert anyone.open(story.path, HTTP_IF_NONE_MATCH=etag).status == 304
    assert counted(story) == 6
    assert counted(other) == 0


def test_who_asks_for_the_head_alone_or_for_another_page_has_read_nothing(edge):
    story = cast.make_story()
    anyone = Browser(edge)
    for path, method in ((story.path, "HEAD"), (story.path, "HEAD"), ("/", "GET"), ("/", "GET")):
        anyone.open(path, method)
    assert counted(story) == 0


def test_readers_with_an_account_are_counted_once_a_page_and_staff_never(edge):
    story = cast.make_story(access="premium")
    sam = Browser.of(edge, cast.sam())
    start_anew()
    assert [sam.open(story.path).how for _ in range(3)] == ["", "miss", "hit"]
    assert counted(story) == 3
    ed = Browser.of(edge, cast.ed())
    start_anew()
    assert [ed.open(story.path).how for _ in range(3)] == ["", "", ""]
    assert counted(story) == 0


def test_a_metered_story_counts_where_each_reader_is_asked_for(edge):
    story = cast.make_story(access="metered")
    ria = Browser.of(edge, cast.registered())
    start_anew()
    assert [ria.open(story.path).how for _ in range(3)] == ["", "", ""]
    assert counted(story) == 3


def test_a_page_too_large_to_be_kept_counts_too(edge):
    story = cast.make_story(body=cast.PARAGRAPH * 9000)
    anyone = Browser(edge)
    assert [anyone.open(story.path).how for _ in range(2)] == ["", ""]
    assert counted(story) == 2
