"""Pages that are asked for often go out by brotli to whoever takes it."""

import gzip
import time

import brotli
import pytest
from django.core.wsgi import get_wsgi_application

from newsroom.edge import asked, counters, watch
from newsroom.edge.application import Edge
from newsroom.edge.packing import OFTEN
from tests import cast
from tests.articles.publishing.acts import edit
from tests.newsroom.edge.wsgi import ask

BOTH = "gzip, deflate, br"


@pytest.fixture
def edge(transactional_db) -> Edge:
    return Edge(get_wsgi_application(), shared=watch.shared_counters(), most_bytes=5_000_000)


def read(edge: Edge, path: str, encodings: str, **more: str) -> tuple[str, dict[str, str], bytes]:
    return ask(edge, path, HTTP_ACCEPT_ENCODING=encodings, **more)


def read_often(edge: Edge, path: str) -> None:
    """Until the page goes out by brotli."""
    until = time.monotonic() + 20
    while read(edge, path, BOTH)[1]["Content-Encoding"] != "br":
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_page_that_is_hit_often_gets_smaller_and_says_the_same(edge):
    path = cast.make_story(body=cast.PARAGRAPH * 20).path
    first = [read(edge, path, BOTH)[1]["Content-Encoding"] for _ in range(OFTEN)]
    assert first == ["gzip"] * OFTEN
    bytes_before = edge.figures()["bytes"]
    read_often(edge, path)
    status, headers, body = read(edge, path, BOTH)
    _, zipped_headers, zipped = read(edge, path, "gzip")
    _, plain_headers, plain = read(edge, path, "")
    assert status == "200 OK"
    assert brotli.decompress(body) == plain
    assert len(body) < len(zipped)
    assert headers["Content-Length"] == str(len(body))
    assert headers["Vary"] == plain_headers["Vary"] == "Accept-Encoding"
    assert headers["ETag"] == zipped_headers["ETag"] == f"W/{plain_headers['ETag']}"
    assert zipped_headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain_headers
    changes = {"Content-Length", "Content-Encoding", "ETag", "X-Request-ID"}
    assert {n: v for n, v in headers.items() if n not in changes} == {
        n: v for n, v in plain_headers.items() if n not in changes
    }
    assert edge.figures()["bytes"] == bytes_before + len(body)


def test_a_page_made_anew_with_the_same_words_is_not_packed_anew(edge, monkeypatch):
    story, other = cast.make_story(body=cast.PARAGRAPH * 20), cast.make_story()
    read_often(edge, story.path)
    before = read(edge, story.path, BOTH)
    watch.shared_counters().bump([counters.SITE])
    monkeypatch.setattr(gzip, "compress", None)
    status, headers, body = read(edge, story.path, BOTH)
    assert (status, headers["X-Edge"], body) == ("200 OK", "miss", before[2])
    assert headers["Content-Encoding"] == "br"
    # And without it, no other page could have been packed.
    with pytest.raises(TypeError):
        read(edge, other.path, BOTH)


def test_a_page_made_anew_with_other_words_is_packed_anew(edge):
    article = cast.make_article(body=cast.PARAGRAPH * 20)
    path = cast.publish(article).path
    read_often(edge, path)
    cast.publish(edit(article, headline="Quite another headline"))
    _, headers, body = read(edge, path, BOTH)
    assert headers["Content-Encoding"] == "gzip"
    assert "Quite another headline" in gzip.decompress(body).decode()


def test_readers_who_do_not_take_it_make_nobody_pack(edge):
    path = cast.make_story().path
    for _ in range(3 * OFTEN):
        read(edge, path, "gzip")
    others = [read(edge, path, BOTH)[1]["Content-Encoding"] for _ in range(OFTEN - 1)]
    assert others == ["gzip"] * (OFTEN - 1)
    assert edge._packer._thread is None
    read_often(edge, path)


def test_who_has_the_page_is_told_so_and_head_has_the_headers_alone(edge):
    path = cast.make_story().path
    read_often(edge, path)
    etag = read(edge, path, BOTH)[1]["ETag"]
    status, headers, body = read(edge, path, BOTH, HTTP_IF_NONE_MATCH=etag)
    assert (status, body) == ("304 Not Modified", b"")
    assert headers["ETag"] == etag
    assert not {"Content-Encoding", "Content-Length", "Content-Type"} & set(headers)
    status, headers, body = read(edge, path, BOTH, REQUEST_METHOD="HEAD")
    assert (status, headers["Content-Encoding"], body) == ("200 OK", "br", b"")


def test_a_page_that_has_ended_is_not_packed(edge):
    path = cast.make_story().path
    assert read(edge, path, BOTH)[1]["Content-Encoding"] == "gzip"
    ((key, page),) = edge._store._pages.items()
    watch.shared_counters().bump([counters.SITE])
    edge._packer.pack(key, page)
    assert page.brotli is None


@pytest.mark.parametrize(
    ("accepted", "encodings"),
    [
        ("", set()),
        ("br", {"br"}),
        ("gzip;q=1.0, br;q=0", {"gzip"}),
        ("*", {"br", "gzip"}),
        ("BR, *;q=0", {"br"}),
        ("gzip;q=x", set()),
        ("brotli", set()),
    ],
)
def test_what_a_client_does_not_take_is_not_sent(accepted, encodings):
    assert asked.encodings(accepted) == encodings
