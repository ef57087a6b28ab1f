"""The proofs outside the database: where the chain ended on each day, one file a day."""

import datetime as dt
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from articles.models import ProofHead
from articles.proof import keys, marks


@dataclass(frozen=True, slots=True)
class Proof:
    """One file: the chain's ``number`` and ``mark`` then. ``is_ours`` is None for a lost key."""

    name: str
    number: int
    mark: str
    is_ours: bool | None


class Unreadable(Exception):
    """A file among the proofs that is none, or none any more."""


def folder() -> Path:
    path: Path = settings.NEWSROOM_DATA / "proofs"
    return path


def names() -> list[str]:
    """The files there are, oldest first."""
    return sorted(path.name for path in folder().glob("*.json"))


def read(name: str) -> Proof:
    """One file. Raises ``Unreadable``."""
    try:
        facts = json.loads((folder() / name).read_text(encoding="utf-8"))
        seal, key = str(facts.pop("seal")), keys.ring().get(str(facts["key"]))
        is_ours = None if key is None else marks.same(marks.of_file(facts, key), seal)
        return Proof(name, int(facts["number"]), str(facts["mark"]), is_ours)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(name) from error


def is_kept(head: ProofHead, *, at: dt.datetime) -> bool:
    """Whether a file of the day of ``at`` names this end of the chain already."""
    return any(_names(name, head) for name in _possible(head, at))


def keep(head: ProofHead, *, at: dt.datetime) -> None:
    """Write down where the chain ends at ``at`` (aware). No file is ever written over.

    The first of a day (in UTC) is named after it; a later one, with another end, bears its mark in
    its name, too.
    """
    for name in _possible(head, at):
        if _names(name, head) or _write_new(name, _text(head, at)):
            return


def _possible(head: ProofHead, at: dt.datetime) -> tuple[str, str]:
    day = f"{at.astimezone(dt.UTC):%Y-%m-%d}"
    return f"{day}.json", f"{day}-{head.mark[:16]}.json"


def _names(name: str, head: ProofHead) -> bool:
    with suppress(Unreadable):
        return read(name).mark == head.mark
    return False


def _text(head: ProofHead, at: dt.datetime) -> str:
    key = keys.current()
    facts = {
        "site": settings.SITE_URL,
        "number": head.number,
        "mark": head.mark,
        "at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "key": key.id,
    }
    return json.dumps(facts | {"seal": marks.of_file(facts, key)}, indent=1) + "\n"


def _write_new(name: str, text: str) -> bool:
    """The whole file or none, and never in place of another. Out: whether it was written."""
    folder().mkdir(parents=True, exist_ok=True)
    draft = folder() / f".{name}.{secrets.token_hex(4)}"
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a name is taken; renaming would write over it.
        os.link(draft, folder() / name)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    _settle(folder())
    return True


def _settle(path: Path) -> None:
    """Have the folder's own entry on the disk, too."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def remove_all() -> None:
    """Remove every file, as when a demo begins anew. No chain of readers' news is ever removed."""
    for name in names():
        (folder() / name).unlink()
