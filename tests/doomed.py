"""A worker's turn in a process of its own: ``python -m tests.doomed alerts|stories|pictures``.

With more arguments ``before|after WORDS NTH`` it is killed by SIGKILL before or after the NTH
statement to the database that contains the WORDS.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from accounts.alerts import jobs  # noqa: E402
from articles import publishing  # noqa: E402
from articles.desk import picture_acts  # noqa: E402


class Doom:
    """Watches the statements, and ends it all at one of them."""

    def __init__(self, when: str, words: str, nth: int) -> None:
        self.when, self.words, self.left = when, words, nth

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        params = " ".join(map(str, rest[0] or ()))
        is_it = all(word in f"{sql} {params}" for word in self.words.split("…"))
        self.left -= is_it
        if is_it and self.left == 0 and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, *rest)
        if is_it and self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def alerts() -> None:
    jobs.announce()
    jobs.deliver()


TURNS: dict[str, Callable[[], object]] = {
    "alerts": alerts,
    "stories": publishing.settle_due,
    "pictures": picture_acts.see_to_rights,
}


def main(turn: str, *doom: str) -> None:
    if doom:
        when, words, nth = doom
        connection.execute_wrappers.append(Doom(when, words, int(nth)))
    TURNS[turn]()


if __name__ == "__main__":
    main(*sys.argv[1:])
