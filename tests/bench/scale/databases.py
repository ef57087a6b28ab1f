"""The two databases that are compared, kept between runs, and filled as far as they are not."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import postgres
from tests.bench.scale.compared import Place
from tests.live import ROOT

SMALL, LARGE = "small", "large"
# For some gigabytes of rows that are written once: the last step of ``fill`` does what the
# server's own cleaning would do again and again meanwhile.
_OPTIONS = (
    "-c shared_buffers=2GB -c maintenance_work_mem=1GB "
    "-c max_wal_size=8GB -c checkpoint_timeout=30min "
    "-c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"
)


@contextmanager
def places(folder: Path, *, on_sqlite: bool = False) -> Iterator[tuple[Place, Place]]:
    """The small and the large database in ``folder``: on PostgreSQL, or on SQLite where asked for.

    Raises ``LookupError`` where there is no PostgreSQL.
    """
    folder = folder.resolve()
    for name in (SMALL, LARGE):
        (folder / name / "static").mkdir(parents=True, exist_ok=True)
    if on_sqlite:
        small, large = (
            Place(f"sqlite:///{folder / name}/newsroom.sqlite3", folder / name)
            for name in (SMALL, LARGE)
        )
        yield small, large
        return
    programs = postgres.programs()
    if programs is None:
        raise LookupError("There is no PostgreSQL here (no initdb).")
    with postgres.running(programs, folder / "postgresql", options=_OPTIONS) as url:
        small, large = (Place(_database(url, name), folder / name) for name in (SMALL, LARGE))
        yield small, large


def fill(place: Place, *, articles: int) -> None:
    """Bring a database up to this version, and load stories until there are so many."""
    for command in (["migrate", "--verbosity=0"], ["corpus", f"--articles={articles}", "--beside"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=place.environment, check=True
        )
    if place.url.startswith("postgres"):
        with psycopg.connect(place.url, autocommit=True) as connection:
            connection.execute("VACUUM")


def _database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}"')
    return f"{url.rsplit('/', 1)[0]}/{name}"
