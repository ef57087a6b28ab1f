"""Tasks that the tests give to real workers. Each leaves a trace in a file."""

import time
from pathlib import Path

from django_tasks import task


@task
def write(path: str) -> None:
    with Path(path).open("a") as file:
        file.write("done\n")


@task
def write_slowly(path: str, seconds: float) -> None:
    with Path(path).open("a") as file:
        file.write("begun\n")
    time.sleep(seconds)
    with Path(path).open("a") as file:
        file.write("done\n")


@task
def fail() -> None:
    raise RuntimeError("The printer is on fire")
