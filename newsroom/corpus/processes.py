"""Several processes that load at once. Imports no models: a new process has no Django yet."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import django

from newsroom.tasks import lifeline

T = TypeVar("T")
R = TypeVar("R")


def spread(work: Callable[[T], R], things: Iterable[T], *, processes: int) -> Iterator[R]:
    """What ``work`` makes of each thing, in their order, by so many processes.

    The first error ends it; what has begun is finished, nothing new begins.
    """
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin) as pool:
        try:
            yield from pool.map(work, things)
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    # A pool whose owner was killed would wait for work for good.
    lifeline.end_with(os.getppid())
    # Nothing of a batch is a circle, and looking for some costs a tenth.
    gc.set_threshold(200_000)
    django.setup()
