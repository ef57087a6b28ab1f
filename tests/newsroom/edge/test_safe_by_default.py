"""What the page cache must never do: keep what is one person's, or give one what is another's."""

import gzip
import socket

import pytest

from tests import cast
from tests.newsroom.edge.readers import Readers, signed_in

SECRET = "Only subscribers read of the nine grey lighters."
BODY = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{SECRET}</p>'


@pytest.fixture
def premium(readers):
    return cast.make_story(access="premium", body=BODY)


def test_a_subscribers_page_is_never_given_to_another(readers, premium):
    sam = signed_in(readers, cast.sam())
    seen = []
    for _ in range(6):
        page = sam.get(premium.path)
        seen.append(page.headers.get("x-edge", ""))
        assert SECRET in page.text
        assert page.headers["Cache-Control"] == "private, no-store"
        assert readers.none_sees(premium.path, SECRET)
    assert seen[0] == ""
    assert seen[-1] == "hit"
    sam.close()
    readers.warm(premium.path)
    assert readers.none_sees(premium.path, SECRET)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=abc"},
        {"Cookie": "a=b; openings=x"},
        {"Authorization": "Basic eDp5"},
        {"Range": "bytes=0-10"},
        {"If_Modified_Since": "Thu, 01 Jan 2026 00:00:00 GMT"},
    ],
)
def test_what_is_unusual_goes_to_django(readers, premium, headers):
    readers.warm(premium.path)
    assert {answer.how for answer in readers.ask_all(premium.path, **headers)} == {""}


def test_cookies_of_others_cost_nothing_and_change_nothing(readers, premium):
    readers.warm(premium.path)
    answers = readers.ask_all(premium.path, Cookie="_ga=1.2; csrf=abc; device=0", User_Agent="x")
    assert {answer.how for answer in answers} == {"hit"}
    assert not any("Set-Cookie" in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "path",
    ["/?a=1", "/search/?q=ships", "/nothing/", "/account/sign-in/", "/healthz", "/admin/"],
)
def test_queries_errors_and_private_pages_are_not_kept(readers, path):
    assert {answer.how for answer in readers.ask_all(path)} == {""}


def test_methods_but_get_and_head_are_djangos(readers, premium):
    readers.warm(premium.path)
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = readers.ask(premium.path, method=method)
        assert answer.how == "", method
        assert answer.status in (403, 405), method


def test_every_way_to_ask_gets_the_same_words(readers, premium):
    readers.warm(premium.path)
    plain = readers.ask(premium.path)
    packed = readers.ask(premium.path, Accept_Encoding="gzip;q=0.8, *;q=0")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    for answer in (plain, packed):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=0")
        assert int(answer.headers["Content-Length"]) == len(answer.body)
    for refused in ("identity", "gzip;q=0", "zstd", "*;q=0"):
        answer = readers.ask(premium.path, Accept_Encoding=refused)
        assert "Content-Encoding" not in answer.headers
        assert answer.body == plain.body
    ids = {readers.ask(premium.path).headers["X-Request-ID"] for _ in range(5)}
    assert len(ids) == 5


def test_head_and_304_are_answered_without_content(readers, premium):
    readers.warm(premium.path)
    page = readers.ask(premium.path)
    head = readers.ask(premium.path, method="HEAD")
    assert (head.status, head.body, head.how) == (200, b"", "hit")
    assert head.headers["Content-Length"] == page.headers["Content-Length"]
    etag = page.headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", W/{etag}', "*"):
        answer = readers.ask(premium.path, If_None_Match=known)
        assert (answer.status, answer.body, answer.how) == (304, b"", "hit"), known
        assert "Content-Security-Policy" in answer.headers
    assert readers.ask(premium.path, If_None_Match='"other"').status == 200


def raw(readers: Readers, head: str) -> bytes:
    """The answer to a request given letter by letter."""
    with socket.create_connection(("localhost", readers.port), timeout=20) as line:
        line.sendall(head.replace("\n", "\r\n").encode("latin-1"))
        line.settimeout(5)
        parts = []
        try:
            while part := line.recv(65536):
                parts.append(part)
        except TimeoutError:
            pass
        return b"".join(parts)


def test_no_odd_request_leaves_anything_to_others(readers, premium):
    host = f"localhost:{readers.port}"
    end = "Connection: close\n\n"
    path = premium.path
    odd = [
        f"GET {path} HTTP/1.1\nHost: evil.example\n{end}",
        f"GET {path} HTTP/1.1\nHost: LOCALHOST:{readers.port}\n{end}",
        f"GET {path} HTTP/1.1\nHost: {host}\nX-Forwarded-Host: evil.example\n{end}",
        f"GET {path} HTTP/1.1\nHost: {host}\nX-Forwarded-Proto: https\n{end}",
        f"GET http://evil.example{path} HTTP/1.1\nHost: {host}\n{end}",
        f"GET http://{host}{path} HTTP/1.1\nHost: evil.example\n{end}",
        f"GET /{path} HTTP/1.1\nHost: {host}\n{end}",
        f"GET {path.replace('e', '%65')} HTTP/1.1\nHost: {host}\n{end}",
        f"GET {path}%00 HTTP/1.1\nHost: {host}\n{end}",
        f"GET {path}..%2f HTTP/1.1\nHost: {host}\n{end}",
        f"GET {path}#part HTTP/1.1\nHost: {host}\n{end}",
        f"GET {path.upper()} HTTP/1.1\nHost: {host}\n{end}",
        f"HEAD {path} HTTP/1.1\nHost: {host}\n{end}",
        f"GET {path} HTTP/1.0\n\n",
        f"GET {path} HTTP/1.1\nHost: {host}\nX-Edge: 1\nnewsroom.edge: 1\n{end}",
        f"GET {path} HTTP/1.1\nHost: {host}\nContent-Length: 5\n{end}hello",
        f"GET {path} HTTP/1.1\nHost: {host}\nAccept-Language: xx\nUser-Agent: <evil>\n{end}",
    ]
    for request in odd:
        for _ in range(3):
            answer = raw(readers, request)
            assert b" 500 " not in answer[:20], request
            assert SECRET.encode() not in answer
    readers.warm(path)
    answers = readers.ask_all(path)
    assert len({answer.body for answer in answers}) == 1
    assert "evil" not in answers[0].text
    assert {answer.status for answer in answers} == {200}
