"""The acts of the page “When it goes out”: each takes what was posted, and says what it did.

They ask for the rights, read the times on the newsroom's clock, and leave the rules to the door.
"""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied

from articles import publishing
from articles.desk import rights
from articles.desk.newsroom_time import UnclearTime, clock, posted, sentence, when
from articles.models import Article


class TimeMissing(UnclearTime):
    """The act needs a time and none was typed."""

    def __init__(self) -> None:
        super().__init__("Choose a day and a time.")


Posted = Mapping[str, str]
Act = Callable[[Article, Any, Posted, ZoneInfo], str]

FIELDS = {
    "schedule": "schedule_at",
    "move": "schedule_at",
    "take_off": "off_at",
    "embargo": "embargo_until",
}
"""The time field that an act reads, and that an unclear time is said beside."""


def perform(act: str, article: Article, *, user: Any, data: Posted, zone: ZoneInfo) -> str:
    """Do what the button named ``act`` says. Out: a sentence for the person.

    Raises ``PermissionDenied`` for an unknown act or a lacking right, ``UnclearTime`` for a time
    that names no moment, and what ``publishing`` raises.
    """
    if act not in _ACTS:
        raise PermissionDenied
    return _ACTS[act](article, user, data, zone)


def _schedule(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    _may_publish(user)
    at = _time(data, "schedule", zone)
    publishing.schedule(article, editor=user, at=at, tell_readers="tell_readers" in data)
    return sentence(f"It goes out {when(at)}")


def _move(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    _may_publish(user)
    at = _time(data, "move", zone)
    publishing.move(article, editor=user, at=at)
    return sentence(f"The same text goes out {when(at)}")


def _put_in(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    _may_publish(user)
    version = publishing.put_in_changes(article, editor=user)
    return sentence(f"The text as last saved goes out {when(version.live_from)}")


def _unschedule(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    _may_publish(user)
    publishing.unschedule(article, editor=user, reason=data.get("reason", "").strip()[:1000])
    return "Nothing of this story goes out by itself now."


def _take_off(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    _may_publish(user)
    at = _time(data, "take_off", zone)
    publishing.set_take_off(article, editor=user, at=at)
    return sentence(f"It leaves the site {when(at)}")


def _stay(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    _may_publish(user)
    publishing.set_take_off(article, editor=user, at=None)
    return "It stays on the site."


def _embargo(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    until = _time(data, "embargo", zone)
    publishing.set_embargo(
        article,
        editor=user,
        until=until,
        source=data.get("source", "")[:200],
        reason=data.get("embargo_reason", "")[:500],
        move_schedule="move_schedule" in data and rights.may_publish(user),
    )
    return sentence(f"Nothing of it leaves the newsroom before {clock(until)}")


def _lift(article: Article, user: Any, data: Posted, zone: ZoneInfo) -> str:
    if not rights.may_lift_embargo(user):
        raise PermissionDenied
    publishing.lift_embargo(article, editor=user, reason=data.get("lift_reason", "")[:1000])
    return "The embargo is lifted."


_ACTS: dict[str, Act] = {
    "schedule": _schedule,
    "move": _move,
    "put_in": _put_in,
    "unschedule": _unschedule,
    "take_off": _take_off,
    "stay": _stay,
    "embargo": _embargo,
    "lift": _lift,
}


def _may_publish(user: Any) -> None:
    if not rights.may_publish(user):
        raise PermissionDenied


def _time(data: Posted, act: str, zone: ZoneInfo) -> Any:
    at = posted(data, FIELDS[act], zone)
    if at is None:
        raise TimeMissing
    return at
