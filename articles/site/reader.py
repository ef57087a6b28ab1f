"""Who is reading, as a plain value. Accounts fill it in; the stories only ask it."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum


class GrantKind(StrEnum):
    """Why a grant was given; it chooses the words of the decision."""

    TRIAL = "trial"
    PAID = "paid"
    GRACE = "grace"
    COMP = "comp"


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to read premium stories from ``starts_at`` until ``ends_at`` (aware; None: open).

    The end is exclusive and already holds any days of grace.
    """

    kind: GrantKind
    starts_at: dt.datetime
    ends_at: dt.datetime | None

    def covers(self, at: dt.datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Meter:
    """What a visitor has of the metered stories this month (rules §6).

    ``opened``: the stories that stay open until ``ends_at`` (aware). ``spent`` of ``limit`` are
    gone; there may be more open than spent, from before an account was made.
    """

    opened: frozenset[int]
    spent: int
    limit: int
    ends_at: dt.datetime
    has_account: bool = False

    @property
    def left(self) -> int:
        return max(0, self.limit - self.spent)


class Level(StrEnum):
    """What all readers of a kind may see, whoever they are: pages are shared among them."""

    REGISTERED = "r"
    PREMIUM = "p"


@dataclass(frozen=True, slots=True)
class Reader:
    """A visitor at one moment, or all those of one level: then nothing here is one person's.

    ``is_pending``: the right password on one device too many. Such a visitor has no account data
    and no right beyond an anonymous one's, but is told why. ``meter``: None where nobody counted,
    as on pages that all visitors share.
    """

    user_id: int | None = None
    is_staff: bool = False
    is_pending: bool = False
    grants: tuple[Grant, ...] = ()
    meter: Meter | None = None
    name: str = ""
    level: Level | None = None

    def with_meter(self, meter: Meter) -> "Reader":
        """The same reader, counted."""
        return replace(self, meter=meter)

    @property
    def is_registered(self) -> bool:
        is_known = self.user_id is not None or self.level is not None
        return is_known and not self.is_pending


ANONYMOUS = Reader()

_ALWAYS = Grant(kind=GrantKind.PAID, starts_at=dt.datetime.min.replace(tzinfo=dt.UTC), ends_at=None)
OF_LEVEL = {
    Level.REGISTERED: Reader(level=Level.REGISTERED),
    Level.PREMIUM: Reader(level=Level.PREMIUM, grants=(_ALWAYS,)),
}
