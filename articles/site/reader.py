"""Who is reading, as a plain value. Accounts fill it in; the stories only ask it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class GrantKind(StrEnum):
    """Why a grant was given; it chooses the words of the decision."""

    TRIAL = "trial"
    PAID = "paid"
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
class Reader:
    """A visitor at one moment.

    ``is_pending``: the right password on one device too many. Such a visitor has no account data
    and no right beyond an anonymous one's, but is told why.
    """

    user_id: int | None = None
    is_staff: bool = False
    is_pending: bool = False
    grants: tuple[Grant, ...] = ()
    stories: frozenset[int] = frozenset()
    name: str = ""

    @property
    def is_registered(self) -> bool:
        return self.user_id is not None and not self.is_pending


ANONYMOUS = Reader()
