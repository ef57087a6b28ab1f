"""Events in words: who did what to a thing, when and why."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Event

MOST = 100
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d")
THE_SYSTEM = "The system"
# Details that are some things, be they two.
_LISTS = {"stories"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: ``facts`` are the details as (what, value) in words."""

    at: dt.datetime
    what: str
    who: str
    note: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """Entries newest first; ``older`` leads to the next page, and is 0 on the last."""

    entries: list[Entry]
    older: int


def page_of(target_kind: str, target_id: Any, *, before: str = "") -> Page:
    """The log of one thing, from the event numbered ``before`` on. Raises ``Http404``."""
    events = Event.objects.filter(target_kind=target_kind, target_id=str(target_id))
    if before:
        # Sixteen digits hold every number there will be, and fit into the database's.
        if not (before.isascii() and before.isdigit() and len(before) <= 16):
            raise Http404
        last = events.filter(pk=before).first()
        if last is None:
            raise Http404
        events = events.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = list(events.order_by("-at", "-pk")[: MOST + 1])
    older = found[MOST - 1].pk if len(found) > MOST else 0
    return Page([entry(event) for event in found[:MOST]], older)


def entry(event: Event) -> Entry:
    return Entry(
        at=event.at.replace(microsecond=0),
        what=event.get_kind_display(),
        who=event.actor_name or THE_SYSTEM,
        note=event.note,
        facts=facts(event.details),
    )


def facts(details: dict[str, Any]) -> list[tuple[str, str]]:
    """Details as (what, value) in words: a change as “before → after”."""
    told = dict(details)
    found = []
    if "changes" in told:
        found.append(("Changed", ", ".join(_changes(told.pop("changes")))))
    if isinstance(told.get("from"), dict) and isinstance(told.get("to"), dict):
        before, after = told.pop("from"), told.pop("to")
        found += [
            (_label(name), f"{_words(before.get(name))} → {_words(after.get(name))}")
            for name in dict.fromkeys([*before, *after])
        ]
    for name, value in told.items():
        is_change = isinstance(value, list) and len(value) == 2 and name not in _LISTS
        words = f"{_words(value[0])} → {_words(value[1])}" if is_change else _words(value)
        found.append((_label(name), words))
    return found


def _changes(message: Any) -> list[str]:
    """What Django says was changed, as “Name” or “Added: link”."""
    found: list[str] = []
    for part in message if isinstance(message, list) else []:
        for act, about in part.items():
            fields = ", ".join(about.get("fields", [])) if isinstance(about, dict) else ""
            thing = about.get("name", "") if isinstance(about, dict) else ""
            words = " ".join(filter(None, [thing, fields]))
            found.append(words if act == "changed" else f"{act} {words}".strip())
    return found


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or "none"
    if isinstance(value, str) and _TIME.fullmatch(value):
        local = timezone.localtime(dt.datetime.fromisoformat(value))
        return date_format(local, "N j, Y, P")
    return "none" if value in (None, "") else str(value)
