"""A child on untrusted bytes is bounded in all it may use, and never outlives its use."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from articles.photos.children import Bounds, ChildFailed, NeededTooMuch, TookTooLong, run
from tests.live import ROOT

PROBE = "tests.articles.photos.probe"
# The machine may be busy; a child that is not ended hangs for ten minutes.
SOON = 30


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """Open for writing as long as a process lives; unlike a file, a bounded child may write it."""
    path = tmp_path / "alive"
    os.mkfifo(path)
    return path


def heard(end: int) -> bytes:
    ready, _, _ = select.select([end], [], [], SOON)
    assert ready, "nothing was said, and the other end is still open"
    return os.read(end, 100)


def test_bytes_go_in_and_bytes_come_out():
    data = os.urandom(3_000_000)

    assert run(PROBE, data, arguments=("echo",)) == data
    assert run(PROBE, b"", arguments=("echo",)) == b""


def test_a_hung_child_is_ended():
    began = time.monotonic()

    with pytest.raises(TookTooLong):
        run(PROBE, b"data", arguments=("hang",), bounds=Bounds(seconds=1))

    assert time.monotonic() - began < SOON


def test_a_child_that_reads_nothing_says_why():
    with pytest.raises(ChildFailed, match="has no attribute 'answer'"):
        run("time", b"data" * 1_000_000)


def test_a_child_that_computes_for_ever_is_ended():
    with pytest.raises(TookTooLong):
        run(PROBE, b"data", arguments=("spin",), bounds=Bounds(cpu_seconds=1, seconds=SOON))


def test_a_child_gets_no_more_than_its_memory():
    with pytest.raises(NeededTooMuch):
        run(PROBE, b"data", arguments=("take memory",))


def test_a_child_writes_no_file():
    assert run(PROBE, b"", arguments=("write",)) == b"refused"


def test_a_child_leaves_no_process_behind(fifo):
    end = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert run(PROBE, b"", arguments=("start another", str(fifo))) == b"started"
        assert heard(end) == b""
    finally:
        os.close(end)


def test_a_child_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:hush@host/name")

    names = set(run(PROBE, b"", arguments=("environment",)).decode().split())

    assert not names & {"SECRET_KEY", "DATABASE_URL", "NEWSROOM_DATA", "DJANGO_SETTINGS_MODULE"}


def test_a_child_that_talks_for_ever_is_ended():
    with pytest.raises(ChildFailed, match="more than it may"):
        run(PROBE, b"", arguments=("talk",), bounds=Bounds(answer=1_000_000))


@pytest.mark.parametrize("act", ["crash", "fail"])
def test_a_child_that_breaks_gives_no_answer(act):
    with pytest.raises(ChildFailed) as caught:
        run(PROBE, b"data", arguments=(act,))

    assert type(caught.value) is ChildFailed


def test_what_broke_a_child_is_told():
    with pytest.raises(ChildFailed, match="TypeError: byte indices must be integers"):
        run(PROBE, b"data", arguments=("fail",))


def test_a_child_goes_when_its_parent_is_killed(fifo):
    end = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    code = (
        "from articles.photos.children import Bounds, run; "
        f"run({PROBE!r}, b'', arguments=('hang holding', {str(fifo)!r}), "
        "bounds=Bounds(seconds=600))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        assert heard(end) == b"here"
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        # The end of the file: nobody holds it any more.
        assert heard(end) == b""
    finally:
        parent.kill()
        os.close(end)
