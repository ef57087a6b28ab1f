"""What a load says while it runs: a whole line every few seconds, whoever reads it."""

import time
from collections.abc import Callable, Iterable

SECONDS_BETWEEN_LINES = 5


def tell(work: Iterable[int], *, before: int, wanted: int, say: Callable[[str], object]) -> int:
    """Run ``work``, which yields how many stories there are, and ``say`` it. Out: the last count.

    ``before``: how many there were; ``wanted``: how many there shall be.
    """
    began = said = time.monotonic()
    there = before
    for there in work:
        now = time.monotonic()
        if now - said >= SECONDS_BETWEEN_LINES:
            said = now
            say(_line(there, before, wanted, now - began))
    return there


def _line(there: int, before: int, wanted: int, seconds: float) -> str:
    rate = (there - before) / seconds
    left = (wanted - there) / rate
    return f"{there:,} of {wanted:,} stories, {rate:.0f} a second, about {left:.0f} s left"
