"""Threads that rest while others stand ready, as the server's threads do."""

import os
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsroom.edge.rota import Rota
from newsroom.edge.shares import Share

Ask = Callable[[Callable[[], None]], None]

LONG = 60.0
"""Seconds: nobody stands up by itself in a test."""


@contextmanager
def server(rota: Rota, *, threads: int) -> Iterator[Ask]:
    """Threads that take one request after the other from a common queue; gives what asks them."""
    asked: queue.Queue[Callable[[], None] | None] = queue.Queue()

    def serve() -> None:
        while (request := asked.get()) is not None:
            rota.begin()
            request()
            rota.rest()

    running = [threading.Thread(target=serve, daemon=True) for _ in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield asked.put
    finally:
        rota.close()
        for _ in running:
            asked.put(None)
        for thread in running:
            thread.join(10)  # What goes wrong in it belongs to this test.


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def meet(ask: Ask, threads: int) -> None:
    """Let each thread have a request at the same time."""
    together = threading.Barrier(threads + 1)
    for _ in range(threads):
        ask(together.wait)
    together.wait(timeout=10)


def let_all_but_one_rest(rota: Rota, ask: Ask, threads: int) -> None:
    meet(ask, threads)
    until(lambda: rota.resting() == threads - 1)


def test_of_threads_that_have_answered_one_stands_ready_and_the_others_rest():
    rota = Rota(patience=LONG)
    with server(rota, threads=6) as ask:
        let_all_but_one_rest(rota, ask, 6)
        answered = threading.Event()
        ask(answered.set)
        assert answered.wait(10)
        assert rota.resting() == 5


def test_who_goes_to_work_calls_others_in_its_place():
    rota = Rota(patience=LONG)
    with server(rota, threads=12) as ask:
        let_all_but_one_rest(rota, ask, 12)
        done, begun = threading.Event(), threading.Event()

        def work() -> None:
            rota.go_to_work()
            begun.set()
            done.wait(10)
            rota.come_back()

        ask(work)
        assert begun.wait(10)
        assert rota.resting() == 3
        done.set()
        until(lambda: rota.resting() == 4)
        meet(ask, 8)
        until(lambda: rota.resting() == 11)


def test_a_thread_that_has_ended_is_not_counted_on():
    rota = Rota(patience=LONG)
    gone = threading.Thread(target=rota.begin)
    gone.start()
    gone.join()
    rota.begin()
    began = time.monotonic()
    rota.rest()  # Nobody else is there to stand ready.
    assert time.monotonic() - began < LONG / 2
    assert rota.resting() == 0


def test_who_rests_stands_up_by_itself_in_the_end():
    rota = Rota(patience=1)
    with server(rota, threads=4) as ask:
        meet(ask, 4)
        until(lambda: rota.resting() == 3)
        until(lambda: rota.resting() == 0)
        meet(ask, 4)
        until(lambda: rota.resting() == 3)


def test_at_the_end_of_the_process_all_leave_and_nobody_rests_any_more():
    rota = Rota(patience=LONG)
    with server(rota, threads=6) as ask:
        let_all_but_one_rest(rota, ask, 6)
        began = time.monotonic()
        rota.close()
        assert time.monotonic() - began < LONG / 2
        meet(ask, 6)
        assert rota.resting() == 0


def test_a_place_that_is_taken_is_work_until_it_is_given_back(monkeypatch):
    rota = Rota(patience=LONG)
    monkeypatch.setattr("newsroom.edge.shares.rota", rota)
    share = Share("pages", places=2, at_once=1, patience=1)
    with server(rota, threads=12) as ask:
        let_all_but_one_rest(rota, ask, 12)
        share.enter()
        assert rota.resting() == 3
        share.leave()
        # Not nine: the one that stood ready may only now be at the end of its first answer.
        meet(ask, 8)
        until(lambda: rota.resting() == 11)


@contextmanager
def thread_that_sends() -> Iterator[int]:
    """A thread under the name that the server's has; gives its number."""
    begun, done = threading.Event(), threading.Event()

    def wait() -> None:
        Path(f"/proc/self/task/{threading.get_native_id()}/comm").write_text("tokio-rt-worker")
        begun.set()
        done.wait(LONG)

    thread = threading.Thread(target=wait)
    thread.start()
    assert begun.wait(10)
    try:
        assert thread.native_id is not None
        yield thread.native_id
    finally:
        done.set()
        thread.join()


def gathers(thread: int) -> bool:
    return os.sched_getscheduler(thread) == os.SCHED_BATCH


def test_answers_are_gathered_while_nobody_works_and_go_out_at_once_while_one_does():
    rota = Rota(patience=LONG)
    with thread_that_sends() as sender:
        assert not gathers(sender)
        rota.begin()
        assert gathers(sender)
        rota.go_to_work()
        assert not gathers(sender)
        rota.go_to_work()
        rota.come_back()
        assert not gathers(sender)
        rota.come_back()
        assert gathers(sender)
    assert not gathers(0)


def test_where_the_system_lets_nobody_gather_requests_are_answered_all_the_same(monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    rota = Rota(patience=LONG)
    with thread_that_sends() as sender, server(rota, threads=6) as ask:
        let_all_but_one_rest(rota, ask, 6)
        rota.go_to_work()
        rota.come_back()
        assert not gathers(sender)


def test_no_request_waits_for_good_whatever_comes_at_once():
    """In which order threads rest, are called and go to work is left to chance, very often."""
    rota = Rota(patience=LONG)
    chance = random.Random(7)
    requests, answered = 4_000, threading.Semaphore(0)

    def quick() -> None:
        answered.release()

    def slow() -> None:
        rota.go_to_work()
        time.sleep(0.002)
        rota.come_back()
        answered.release()

    with server(rota, threads=20) as ask:
        for _ in range(requests):
            ask(slow if chance.random() < 0.2 else quick)
            if chance.random() < 0.05:
                time.sleep(0.001)
        end = time.monotonic() + LONG / 2
        for _ in range(requests):
            assert answered.acquire(timeout=max(0, end - time.monotonic()))
