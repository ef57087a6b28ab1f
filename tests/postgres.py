"""A throw-away PostgreSQL: ``python -m tests.postgres COMMAND …`` runs a command on one.

The command finds it in DATABASE_URL. Ends with the command's code; ``--available`` only says, by
the code 0 or 1, whether there are the programs for it.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.ports import free_port


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, or None. Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def _owner() -> str | None:
    """Whom the server runs as: ourselves, or for root an ordinary user, since it refuses root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def cluster(bin_folder: Path) -> Iterator[str]:
    """Run an empty cluster that trusts this machine and forgets all. Out: its DATABASE_URL."""
    with (
        tempfile.TemporaryDirectory(prefix="newsroom-pg-") as folder,
        running(bin_folder, Path(folder), stops="immediate") as url,
    ):
        yield url


@contextmanager
def running(
    bin_folder: Path, folder: Path, *, options: str = "", stops: str = "fast"
) -> Iterator[str]:
    """Run the cluster in ``folder``, which is made if it is not there. Out: its DATABASE_URL.

    A crash of the machine may break it. ``options``: more of its own, as ``-c name=value``.
    """
    owner, data = _owner(), folder / "data"
    if not (data / "PG_VERSION").exists():
        _make(bin_folder, owner, folder)
    elif (data / "postmaster.pid").exists():
        # Left by a run that was killed.
        with suppress(subprocess.CalledProcessError):
            _run(bin_folder, owner, "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    port = free_port()
    # Nothing here outlives the machine: no need to wait for the disk.
    given = (
        f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off "
        f"-c max_connections=200 {options}"
    )
    log = ["-l", f"{folder}/log"]
    _run(bin_folder, owner, "pg_ctl", "-D", data, *log, "-w", "-o", given, "start")
    try:
        yield f"postgres://newsroom:any@127.0.0.1:{port}/postgres"
    finally:
        _run(bin_folder, owner, "pg_ctl", "-D", data, "-w", "-m", stops, "stop")


def _make(bin_folder: Path, owner: str | None, folder: Path) -> None:
    data = folder / "data"
    data.mkdir(parents=True)
    if owner:
        shutil.chown(folder, owner)
        shutil.chown(data, owner)
    _run(bin_folder, owner, "initdb", "-D", data, "-U", "newsroom", "-A", "trust", "-E", "UTF8")


def _run(bin_folder: Path, owner: str | None, program: str, *arguments: str | Path) -> None:
    subprocess.run(
        [bin_folder / program, *arguments],
        user=owner,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def main(command: list[str]) -> int:
    found = programs()
    if command == ["--available"]:
        return 0 if found else 1
    if found is None:
        print("There is no PostgreSQL here (no initdb).", file=sys.stderr)  # noqa: T201
        return 1
    with cluster(found) as url:
        return subprocess.run(
            command, env=os.environ | {"DATABASE_URL": url}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
