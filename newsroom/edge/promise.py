"""How a view says, while it answers, that all visitors share the page, and what it hangs on."""

import datetime as dt
import math
from collections.abc import Iterator

from django.utils import timezone

from articles.site import moments
from articles.site.reader import Level
from newsroom.edge import counters
from newsroom.edge.counters import Counters, Snapshot

LONGEST_SECONDS = 60
"""A page is rendered anew after so long, whatever the counters say."""


class Promise:
    """What one answer hangs on. ``is_shared`` once a view has given it; times are Unix seconds.

    ``level``: whose page it is; None: that of visitors without an account.
    """

    __slots__ = (
        "_asked_at",
        "_story",
        "before",
        "changes_at",
        "is_apart",
        "is_shared",
        "level",
        "until",
    )

    def __init__(self, before: Snapshot, level: Level | None = None) -> None:
        self.before = before
        self.level = level
        # Before the view looks at the clock: what comes out between the two must end the page.
        self._asked_at = timezone.now()
        self.is_shared = self.is_apart = False
        self.until = 0.0
        self.changes_at = 0.0
        self._story: int | None = None

    def hang_on(self, story: int) -> None:
        """The page is that of one story (an article's id); the lists beside it may lag behind."""
        self._story = story

    def share(self) -> None:
        """Every visitor of the level gets this page, until something in it changes."""
        self.is_shared = True
        self._look_ahead()

    def keep_apart(self) -> None:
        """Readers of the level do not share this page, until something in it changes."""
        self.is_apart = True
        self._look_ahead()

    def _look_ahead(self) -> None:
        self.until = self._asked_at.timestamp() + LONGEST_SECONDS
        # A page made while a change is on its way is not kept: no need to look ahead.
        if not self.before.is_dirty:
            ahead = _ahead.of(self._asked_at, counter=self.before[counters.ANY])
            self.changes_at = ahead.timestamp() if ahead else math.inf
            self.until = min(self.until, self.changes_at)

    @property
    def story(self) -> int | None:
        """The article whose page it is, if it is one's."""
        return self._story

    def is_quiet(self, now: float, *, seconds: float) -> bool:
        """Whether no change is on its way, and none comes by the time alone so soon."""
        return now + seconds < self.changes_at

    @property
    def strict(self) -> tuple[tuple[int, int], ...]:
        """The counters, with their values, of which none may have moved."""
        return tuple((place, self.before[place]) for place in self._strict_places())

    @property
    def lists(self) -> int | None:
        """The value of the counter that may have moved for some seconds, if there is one."""
        return None if self._story is None else self.before[counters.LISTS]

    def _strict_places(self) -> Iterator[int]:
        yield counters.SITE
        yield counters.LISTS if self._story is None else counters.of_story(self._story)


class _Ahead:
    """The next moment at which pages change by themselves: asked once after each change."""

    def __init__(self) -> None:
        self._known: tuple[int, dt.datetime, dt.datetime | None] | None = None

    def of(self, at: dt.datetime, *, counter: int) -> dt.datetime | None:
        """The moment after ``at``, while ``counter`` stands; five queries, or none."""
        known = self._known
        if known is None or known[0] != counter or not _holds(at, since=known[1], ahead=known[2]):
            known = self._known = (counter, at, moments.next_after(at))
        return known[2]


def _holds(at: dt.datetime, *, since: dt.datetime, ahead: dt.datetime | None) -> bool:
    """Whether what lay ahead of ``since`` is also what lies ahead of ``at``."""
    is_recent = since <= at < since + dt.timedelta(seconds=LONGEST_SECONDS)
    return is_recent and (ahead is None or at < ahead)


_ahead = _Ahead()


def known_to(shared: Counters, level: Level | None = None) -> Promise:
    """A promise with the counters of now: made before the view asks the database anything."""
    return Promise(shared.snapshot(), level)
