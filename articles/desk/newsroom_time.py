"""Times as the desk types and reads them: on the newsroom's clock, kept in UTC."""

import datetime as dt
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.formats import date_format

from articles.models import Publication
from articles.site.times import zone_name

# What a datetime-local field sends, and what a person types who has none.
_TYPED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?")
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


class UnclearTime(ValueError):
    """What was typed names no moment. The message is for a person."""


class TimeComesTwice(UnclearTime):
    """The clocks go back, so the time names two moments: one of ``choices`` must be chosen.

    ``choices`` are (value to give to ``parse`` as ``fold``, words for a person).
    """

    def __init__(self, text: str, choices: tuple[tuple[int, str], ...]) -> None:
        super().__init__(text)
        self.choices = choices


def parse(text: str, zone: ZoneInfo, *, fold: int | None = None) -> dt.datetime:
    """The moment (aware, UTC) of a time typed on the clock of ``zone``, as 2026-03-08T15:30.

    ``fold`` 0 or 1 chooses the first or second of two moments when the clocks go back. Raises
    ``UnclearTime`` for what is no time or does not exist that day, and ``TimeComesTwice``.
    """
    local = _typed(text)
    first, second = (local.replace(tzinfo=zone, fold=number) for number in (0, 1))
    if first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise UnclearTime(_skipped(local, zone))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(dt.UTC)
    if fold not in (0, 1):
        raise _twice(local, first, second)
    return (second if fold else first).astimezone(dt.UTC)


def posted(data: Mapping[str, str], name: str, zone: ZoneInfo) -> dt.datetime | None:
    """The moment posted as ``name`` (and ``<name>_fold``); None if the field was left empty.

    Raises as ``parse``. ``templates/desk/time_field.html`` is the field.
    """
    text = data.get(name, "").strip()
    fold = {"0": 0, "1": 1}.get(data.get(f"{name}_fold", ""))
    return parse(text, zone, fold=fold) if text else None


def typed(at: dt.datetime | None, zone: ZoneInfo) -> str:
    """A moment as the value of a datetime-local field on the clock of ``zone``."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" if at else ""


def as_input(text: str) -> str:
    """The text for a browser's own field, which takes nothing but a time; "" for anything else."""
    try:
        return f"{_typed(text):%Y-%m-%dT%H:%M:%S}".removesuffix(":00")
    except UnclearTime:
        return ""


def zone_in_words(zone: ZoneInfo, at: dt.datetime) -> str:
    """The zone's name beside a field: "New York time (ET)"."""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    short = zone_name(at.astimezone(zone))
    return city if short == city else f"{city} time ({short})"


def clock(at: dt.datetime) -> str:
    """A time (aware) on the newsroom's clock: "9:41 a.m." today, "Jan. 24, 9:41 a.m." before."""
    at, now = timezone.localtime(at), timezone.localtime()
    if at.date() == now.date():
        return date_format(at, "P")
    return date_format(at, "N j, P" if at.year == now.year else "N j, Y, P")


def in_full(at: dt.datetime) -> str:
    """A time (aware) with day and zone, as "Jan. 24, 2025, 6 p.m. EST", whoever asks."""
    zone = (Publication.objects.first() or Publication()).zone_info
    return date_format(at.astimezone(zone), "N j, Y, P T")


def when(at: dt.datetime) -> str:
    """The same for the end of a sentence: "at 9:41 a.m.", "on Jan. 24, 9:41 a.m."."""
    is_today = timezone.localtime(at).date() == timezone.localtime().date()
    return f"{'at' if is_today else 'on'} {clock(at)}"


def sentence(text: str) -> str:
    """A sentence that may end in a clock's "p.m.", which brings its own full stop."""
    return text if text.endswith(".") else f"{text}."


def _typed(text: str) -> dt.datetime:
    text = text.strip()
    try:
        local = dt.datetime.fromisoformat(text) if _TYPED.fullmatch(text) else None
    except ValueError:
        local = None
    if local is None:
        raise UnclearTime("That is no day and time. Write it as 2026-03-08 15:30.")
    if not _FIRST_YEAR <= local.year <= _LAST_YEAR:
        raise UnclearTime(f"The year {local.year} cannot be meant. Look at it again.")
    return local


def _skipped(local: dt.datetime, zone: ZoneInfo) -> str:
    """Why a time does not exist, with the moment after the gap on both clocks."""
    # Read with the offset from before the gap, it is as far behind the gap as it was typed into it.
    later = local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC).astimezone(zone)
    return (
        f"{in_words(local, 'P')} does not exist on {in_words(local, 'F j, Y')}: the clocks go "
        f"forward then. Is {in_words(later, 'P')} meant?"
    )


def _twice(local: dt.datetime, first: dt.datetime, second: dt.datetime) -> TimeComesTwice:
    clock_then = in_words(local, "P")
    return TimeComesTwice(
        f"{clock_then} comes twice on {in_words(local, 'F j, Y')}: the clocks go back then. "
        "Which of the two is meant?",
        (
            (0, f"The first, before the clocks go back ({clock_then} {first.tzname()})"),
            (1, f"The second, after it ({clock_then} {second.tzname()})"),
        ),
    )
