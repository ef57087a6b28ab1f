"""Which threads of a server process stand ready for the next request, and which rest meanwhile.

The server gives each request to the thread that has waited longest, so that all of its threads,
some hundreds, would take turns at what one can answer from memory alone: each is woken for it, and
they get into one another's way. So whoever is one too many rests here after its answer, and is
called back when another goes to work that takes longer. While nobody works, answers are gathered.
"""

import threading
import time

from newsroom.edge import gathering

_ALONE, _BESIDE_WORK = 1, 8
"""How many stand ready: while nobody works, and while some do, who hold the interpreter for
milliseconds at a time: then each that waits for it gets its turn."""
_PATIENCE = 5.0
"""Seconds after which a thread stands ready again by itself: when it is calm, some may then end."""
_LEAVE_WITHIN = 1.0


class _Here:
    """Stands for a thread as long as it lives."""

    def __init__(self, rota: "Rota") -> None:
        self._rota = rota
        rota._add(1)

    def __del__(self) -> None:
        self._rota._add(-1)


class Rota:
    """The threads of one process."""

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._own = threading.local()
        self._lock = threading.RLock()
        self._ready = 0
        self._at_work = 0
        self._resting: list[threading.Lock] = []
        self._sender: int | None = None
        self._inside = 0
        self._is_closed = False

    def begin(self) -> None:
        """The calling thread has been given a request."""
        if not hasattr(self._own, "here"):
            self._own.here = _Here(self)
            with self._lock:
                if self._sender is None:
                    self._sender = gathering.sender()
                    self._gather()
            if self._sender is not None:
                gathering.let_gather(0, is_on=False)  # It has that from the sender, who started it.

    def go_to_work(self) -> None:
        """The calling thread begins what takes longer than an answer from memory."""
        with self._lock:
            self._at_work += 1
            self._ready -= 1
            if self._at_work == 1:
                self._gather()
            while self._resting and self._ready < self._wanted():
                self._ready += 1
                self._resting.pop().release()

    def come_back(self) -> None:
        with self._lock:
            self._at_work -= 1
            self._ready += 1
            if not self._at_work:
                self._gather()

    def rest(self) -> None:
        """The calling thread has given its answer: it rests, if enough others stand ready."""
        if self._ready <= self._wanted():
            return
        with self._lock:
            if self._ready <= self._wanted() or self._is_closed:
                return
            self._ready -= 1
            self._inside += 1
            call = threading.Lock()
            call.acquire()
            self._resting.append(call)
        is_called = call.acquire(timeout=self._patience)
        with self._lock:
            self._inside -= 1
            # Else it was called at the last moment, and is counted.
            if not is_called and call in self._resting:
                self._resting.remove(call)
                self._ready += 1

    def resting(self) -> int:
        return len(self._resting)

    def close(self) -> None:
        """Nobody rests any more: for the end of the process. A thread of the server that wakes
        while the interpreter ends would end all by an error."""
        with self._lock:
            self._is_closed = True
            while self._resting:
                self._ready += 1
                self._resting.pop().release()
        until = time.monotonic() + _LEAVE_WITHIN
        while self._inside and time.monotonic() < until:
            time.sleep(0.01)

    def _wanted(self) -> int:
        return _BESIDE_WORK if self._at_work else _ALONE

    def _gather(self) -> None:
        # Whoever works computes for milliseconds: so long no answer shall wait.
        if self._sender is not None:
            gathering.let_gather(self._sender, is_on=not self._at_work)

    def _add(self, number: int) -> None:
        with self._lock:
            self._ready += number


rota = Rota()
