"""A day and time as typed on the newsroom's clock, and what to say of one that is no time."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import dateformat

FIRST_YEAR, LAST_YEAR = 1800, 2200


class NoTime(Exception):
    """What was typed is no moment; the words say why."""


class Twice(NoTime):
    """The clocks went back: the same time came twice. ``choices`` are (fold, its name)."""

    def __init__(self, words: str, choices: list[tuple[str, str]]) -> None:
        super().__init__(words)
        self.choices = choices


def moment(text: str, zone: ZoneInfo, *, fold: str = "") -> dt.datetime:
    """The moment (aware, UTC) of a local ``text`` as 2026-03-03T14:00.

    ``fold`` says which one of a time that came twice: "0" the first, "1" the second. Raises
    ``NoTime`` for what is none, and ``Twice`` to ask.
    """
    naive = _read(text)
    both = [naive.replace(tzinfo=zone, fold=number) for number in (0, 1)]
    first, second = (local.astimezone(dt.UTC) for local in both)
    if first == second:
        return first
    if first.astimezone(zone).replace(tzinfo=None) != naive:
        raise NoTime(
            f"{_clock(naive)} did not exist in {zone.key}: the clocks went forward. Choose a time "
            "before or after."
        )
    if fold in ("0", "1"):
        return second if fold == "1" else first
    choices = [
        (str(number), f"{_clock(naive)}, {order} time ({local:%Z}, UTC{_offset(local)})")
        for number, order, local in zip((0, 1), ("the first", "the second"), both, strict=True)
    ]
    words = f"{_clock(naive)} came twice in {zone.key}: the clocks went back. Which one?"
    raise Twice(words, choices)


def as_input(text: str) -> str:
    """The text for a browser's own field, which takes nothing but a time; "" for anything else."""
    try:
        return f"{_read(text):%Y-%m-%dT%H:%M:%S}".removesuffix(":00")
    except NoTime:
        return ""


def _read(text: str) -> dt.datetime:
    try:
        naive = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise NoTime("Give day and time, as 2026-03-03 14:00.") from None
    if naive.tzinfo is not None or not FIRST_YEAR <= naive.year <= LAST_YEAR:
        raise NoTime("Give day and time on the newsroom's clock, as 2026-03-03 14:00.")
    return naive


def _clock(naive: dt.datetime) -> str:
    return dateformat.format(naive, "F j, Y, P")


def _offset(local: dt.datetime) -> str:
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'−' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"
