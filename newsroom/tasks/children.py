"""Child processes, each in a group of its own, started again when they die."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
"""Seconds: the pause before a restart doubles from the first to the longest; a child that ran
this long counts as steady again."""


@dataclass
class Child:
    """A command that shall always run. ``look`` restarts it, ``ask`` and ``kill`` end it."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default_factory=time.monotonic)

    def look(self) -> str:
        """Start the child if it is due. Out: what happened, in words, or an empty text."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self._start(now)
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        # What the dead one left in its group would hold the port or a task.
        self.signal(signal.SIGKILL)
        if now - self.started >= STEADY_AFTER:
            self.pause = FIRST_PAUSE
        self.process, self.due = None, now + self.pause
        words = f"The {self.name} ended ({_reason(code)}); starting it again in {self.pause:.0f} s."
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        return words

    def signal(self, number: int) -> None:
        """Send a signal to the child and all that it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def tell(self, number: int) -> None:
        """Send a signal to the child alone, which does with its own children what it wants."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _start(self, now: float) -> None:
        # The command is our own interpreter with our own modules, never a person's words.
        self.process = subprocess.Popen(self.command, process_group=0)  # noqa: S603
        self.started = now


def stop(children: Sequence[Child], *, within: float) -> None:
    """End the children: asked at once, killed with their whole groups after ``within`` seconds."""
    for child in children:
        child.signal(signal.SIGTERM)
    until = time.monotonic() + within
    while time.monotonic() < until and any(child.is_running for child in children):
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
