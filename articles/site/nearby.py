"""Which stories lie near another: those that share its topics, then those of its section."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import SectionListing, TopicListing

OF_A_TOPIC = 60
OF_A_SECTION = 16
"""How many of the newest are looked at: so the cost does not grow with the number of stories."""
CHOSEN = 6
"""More than a page shows: some may have left the site by time, or wait for their update."""

Listed = tuple[int, str]
"""A story's number, and its time as the database writes it: enough to tell which is newer."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """The newest stories of each topic of a story, and of its section."""

    by_topic: tuple[Sequence[Listed], ...] = ()
    in_section: Sequence[Listed] = ()

    @classmethod
    def of_rows(
        cls, *, topics: Iterable[Mapping[str, Any]], sections: Iterable[Mapping[str, Any]]
    ) -> Self:
        """From rows with ``stories``, the value of a ``newest_of…``."""
        return cls(
            tuple(_listed(row["stories"]) for row in topics),
            next((_listed(row["stories"]) for row in sections), ()),
        )

    def related(self, *, but: Collection[int]) -> list[int]:
        """The numbers of some stories, the nearest first, without those in ``but``."""
        shared = Counter(number for stories in self.by_topic for number, _ in stories)
        times = dict(story for stories in self.by_topic for story in stories)
        nearest = sorted(shared, key=lambda n: (shared[n], times[n], n), reverse=True)
        of_section = (number for number, _ in self.in_section)
        found = dict.fromkeys([*nearest, *of_section])
        return [number for number in found if number not in but][:CHOSEN]


class _Newest(Subquery):
    """Rows of a listing as one JSON value: a list of numbers with their times."""

    output_field = models.TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        pairs = "json_group_array(json_array(published_id, published_at))"
        template = f"(SELECT {pairs} FROM (%(subquery)s))"  # noqa: S608
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        pairs = "json_agg(json_build_array(published_id, published_at))"
        template = f"(SELECT {pairs} FROM (%(subquery)s) AS newest)"  # noqa: S608
        return self.as_sql(compiler, connection, template=template, **context)


def newest_of_topic(at: Any) -> Subquery:
    """In a query of topics: the newest stories of each as of ``at``, to be read by ``Nearby``."""
    return _newest(TopicListing.objects.filter(topic=OuterRef("pk")), at, OF_A_TOPIC)


def newest_of_section(at: Any) -> Subquery:
    """The same in a query of sections."""
    return _newest(SectionListing.objects.filter(section=OuterRef("pk")), at, OF_A_SECTION)


def _newest(rows: QuerySet[Any], at: Any, count: int) -> Subquery:
    newest = rows.filter(published_at__lte=at).order_by("-published_at", "-published_id")
    # From the index alone; whether each is still on the site is asked of the few that are shown.
    return _Newest(newest.values("published_id", "published_at")[:count])


def _listed(value: Any) -> Sequence[Listed]:
    """As PostgreSQL gives it, within the row's JSON; SQLite has it as text there, or none."""
    found = json.loads(value) if isinstance(value, str) else value
    return [(number, time) for number, time in found or ()]
