"""Who else has a story's form open. It tells; it never locks (rules §3)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from articles.desk import states
from articles.models import Article, Presence

# An open form gives a sign of life every ten seconds.
GONE_AFTER = dt.timedelta(seconds=60)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Here:
    """One line of the list, in words; ``initials`` stand in the round face."""

    initials: str
    name: str
    what: str


def ping(pk: int, *, user: Any, tab: str, is_writing: bool) -> bool:
    """Note that ``user`` still has the form of story ``pk`` open in ``tab``.

    False when they had not, or were away for long: then let them ``arrive``.
    """
    now = timezone.now()
    mine = Presence.objects.filter(article=pk, tab=tab, user=user, seen_at__gt=now - GONE_AFTER)
    return mine.update(seen_at=now, is_writing=is_writing) > 0


def arrive(article: Article, *, user: Any, tab: str, is_writing: bool) -> None:
    """Note that ``user`` opened the form in ``tab``."""
    now = timezone.now()
    row = Presence(
        article=article, tab=tab, user=user, since=now, seen_at=now, is_writing=is_writing
    )
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["article", "tab"],
        update_fields=["user", "since", "seen_at", "is_writing"],
    )


def leave(pk: int, *, user: Any, tab: str) -> None:
    """Take the form off the list."""
    Presence.objects.filter(article=pk, tab=tab, user=user).delete()


def rows(pk: int) -> list[Presence]:
    """Every form of story ``pk`` that is open now, in the order they came, with its story."""
    seen = Presence.objects.filter(article=pk, seen_at__gt=timezone.now() - GONE_AFTER)
    return list(seen.select_related("user", "article").order_by("since", "pk")[:_MOST])


def others(forms: Iterable[Presence], *, user: Any, tab: str = "") -> list[Here]:
    """Everyone else among open forms, and ``user`` in other tabs."""
    return [_line(row, user) for row in forms if (row.tab, row.user_id) != (tab, user.pk)]


def as_json(lines: Iterable[Here]) -> list[dict[str, str]]:
    return [asdict(line) for line in lines]


def forget_gone() -> None:
    """Remove the rows of those who left without a word."""
    Presence.objects.filter(seen_at__lte=timezone.now() - GONE_AFTER).delete()


def _line(row: Presence, user: Any) -> Here:
    name, since = row.user.get_full_name(), states.clock(row.since)
    if row.user_id == user.pk:
        return Here(_initials(name), "You,", f"in another window, since {since}")
    does = "writing" if row.is_writing else "reading"
    return Here(_initials(name), name, f"is {does}, since {since}")


def _initials(name: str) -> str:
    """The first letters of the first and the last name; of an address, its first letter."""
    names = name.partition("@")[0].split() or ["?"]
    return "".join(part[0].upper() for part in dict.fromkeys((names[0], names[-1])))
