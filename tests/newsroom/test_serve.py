"""The supervisor, with real processes: it starts all, keeps all running, and leaves nothing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
GONE_WITHIN = 10.0


@dataclass
class Serving:
    """A supervisor of the test's own, and all processes that came of it."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        # By this value its processes are told from all others of the machine.
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "PORT"}}
        return kept | {"NEWSROOM_MODE": "test", "NEWSROOM_DATA": str(self.data)}

    def start(self, *arguments: str, under: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        command = [*under, sys.executable, "manage.py", "serve", f"--port={self.port}", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self.process

    def wait_until_up(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, self.process.communicate()[0]
            if self.answers() and len(self.pids("worker")) == 1 and len(self.pids("web")) >= 3:
                return
            time.sleep(0.1)
        raise AssertionError("The newsroom did not come up")

    def answers(self) -> bool:
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5)
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def pids(self, word: str = "") -> list[int]:
        """The living processes of this newsroom whose command contains the word."""
        marker = f"NEWSROOM_DATA={self.data}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if command and marker in (folder / "environ").read_bytes() and word in command:
                    found.append(int(folder.name))
            except OSError:
                continue  # it ended meanwhile
        return sorted(found)

    def servers(self) -> list[int]:
        """granian's main process, which is the parent of its workers and stays."""
        return [
            pid
            for pid in self.pids("newsroom.tasks.web")
            if self.process is not None and _parent_of(pid) == self.process.pid
        ]

    def assert_nothing_is_left(self) -> None:
        until = time.monotonic() + GONE_WITHIN
        while (left := self.pids()) and time.monotonic() < until:
            time.sleep(0.1)
        assert left == [], f"left after {GONE_WITHIN:.0f} s: {left}"
        with closing(socket.socket()) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", self.port))


def _parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A data folder that was prepared once, for all the starts of this module."""
    data = tmp_path_factory.mktemp("served")
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env=Serving(data).environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return data


@pytest.fixture
def serving(prepared) -> Iterator[Serving]:
    serving = Serving(prepared)
    yield serving
    for pid in serving.pids():
        os.kill(pid, signal.SIGKILL)
    if serving.process is not None and serving.process.stdout is not None:
        serving.process.wait()
        serving.process.stdout.close()


@pytest.mark.race
@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_supervisor_that_ends_leaves_nothing_behind(serving, number, turn):
    process = serving.start()
    serving.wait_until_up()
    # A reader in the middle of a request must not keep the house open.
    with closing(socket.create_connection(("127.0.0.1", serving.port))) as reader:
        reader.sendall(
            b"POST /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
        )
        process.send_signal(number)
        serving.assert_nothing_is_left()
    assert process.wait() == (-signal.SIGKILL if number == signal.SIGKILL else 0)


@pytest.mark.race
def test_a_supervisor_ends_with_the_process_that_started_it(serving):
    # As with make: the command is the child of a program that waits for it.
    script = '"$@" --ends-with $$; true'
    shell = serving.start(under=("bash", "-c", script, "shell"))
    serving.wait_until_up()
    shell.kill()
    serving.assert_nothing_is_left()


@pytest.mark.race
def test_a_supervisor_told_to_end_while_it_prepares_leaves_nothing_behind(serving):
    process = serving.start()
    until = time.monotonic() + 30
    while len(serving.pids()) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    serving.assert_nothing_is_left()


@pytest.mark.race
def test_a_new_version_takes_over_without_a_lost_request(serving):
    process = serving.start()
    serving.wait_until_up()
    before = set(serving.pids()) - {process.pid}
    readers = [_Reader(serving.port) for _ in range(4)]
    process.send_signal(signal.SIGUSR1)
    until = time.monotonic() + 90
    while time.monotonic() < until and before & set(serving.pids()) - set(serving.servers()):
        time.sleep(0.2)
    for reader in readers:
        reader.stop()
    assert not before & set(serving.pids()) - set(serving.servers()), "old processes still answer"
    assert sum(reader.answered for reader in readers) > 100
    assert [failure for reader in readers for failure in reader.failures] == []
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    serving.assert_nothing_is_left()


class _Reader:
    """A browser that keeps its connection, and reads without end."""

    def __init__(self, port: int) -> None:
        self.answered, self.failures = 0, list[str]()
        self._port, self._is_over = port, threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _read(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=30) as client:
            while not self._is_over.is_set():
                try:
                    answer = client.get("/latest/")
                except httpx.TransportError as error:
                    self.failures.append(repr(error))
                else:
                    self.answered += 1
                    if answer.status_code != 200:
                        self.failures.append(str(answer.status_code))


@pytest.mark.race
def test_a_child_that_dies_is_started_again(serving):
    serving.start()
    serving.wait_until_up()
    (worker,) = serving.pids("worker")
    # The lowest number is granian's main process; its workers must go with it.
    servers = serving.pids("web")
    os.kill(worker, signal.SIGKILL)
    os.kill(servers[0], signal.SIGKILL)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        now_there = set(serving.pids("web"))
        if serving.answers() and len(now_there) >= 3 and len(serving.pids("worker")) == 1:
            break
        time.sleep(0.2)
    assert serving.answers()
    assert not now_there & set(servers)
    assert serving.pids("worker") != [worker]


def test_of_each_process_the_thread_that_sends_gathers_answers_and_no_other(serving):
    serving.start()
    serving.wait_until_up()
    until = time.monotonic() + 30
    _ask_at_a_time(serving.port, times=80)
    # A thread that was started and had no request yet does so, too.
    while set(_gathering(serving)) != {1} and time.monotonic() < until:
        _ask_at_a_time(serving.port, times=80)
    assert set(_gathering(serving)) == {1}


def _gathering(serving: Serving) -> list[int]:
    """How many threads gather, of each process that answers beside others by now."""
    workers = set(serving.pids("web")) - set(serving.servers())
    threads = [[*Path(f"/proc/{pid}/task").glob("*")] for pid in workers]
    assert all(len(each) > 8 for each in threads)
    ways = [[os.sched_getscheduler(int(thread.name)) for thread in each] for each in threads]
    return [each.count(os.SCHED_BATCH) for each in ways]


def _ask_at_a_time(port: int, *, times: int) -> None:
    with ExitStack() as stack:
        address = ("127.0.0.1", port)
        readers = [stack.enter_context(socket.create_connection(address)) for _ in range(times)]
        for reader in readers:
            reader.sendall(b"GET /search/?q=harbour HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert {reader.recv(12) for reader in readers} <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}


def test_a_port_that_is_taken_is_named_with_a_way_out(serving):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", serving.port))
        other.listen()
        process = serving.start()
        words = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert f"Port {serving.port} on 127.0.0.1 cannot be used" in words
    assert "make run PORT=" in words
    assert "Traceback" not in words


def test_a_newsroom_that_cannot_be_prepared_is_not_served(serving, tmp_path):
    (tmp_path / "newsroom.sqlite3").write_text("This is no database. " * 100)
    serving.data = tmp_path
    process = serving.start()
    words = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "The database cannot be used" in words
    assert "could not be prepared" in words
    assert "Traceback" not in words


@pytest.mark.race
def test_the_first_words_say_where_the_newsroom_is_and_how_to_make_an_operator(serving):
    process = serving.start()
    serving.wait_until_up()
    time.sleep(1)
    process.terminate()
    words = process.communicate()[0]
    assert f"http://localhost:{serving.port}/" in words
    assert "createsuperuser" in words
