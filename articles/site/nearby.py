"""Which stories stand around another: the newest beside it, and below it those that lie nearest,
which share its topics, or else its section."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, QuerySet, Subquery

from articles.models import PublishedArticle, SectionListing, TopicListing

OF_A_TOPIC = 60
OF_A_SECTION = 16
"""How many of the newest are looked at: so the cost does not grow with the number of stories."""
BESIDE = 4
CHOSEN = 6
"""More than a page shows: one of them may have left the site by its time."""

Listed = tuple[int, str]
"""A story's number, and its time as the database writes it: enough to tell which is newer."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """The newest stories of each topic of a story, of its section, and of all."""

    by_topic: tuple[Sequence[Listed], ...] = ()
    in_section: Sequence[Listed] = ()
    of_all: Sequence[Listed] = ()

    @classmethod
    def of_rows(
        cls, *, topics: Iterable[Mapping[str, Any]], sections: Iterable[Mapping[str, Any]]
    ) -> Self:
        """From rows with a ``newest_of…``: ``stories``, those of a section ``latest``, too."""
        section = next(iter(sections), {"stories": None, "latest": None})
        return cls(
            tuple(_listed(row["stories"]) for row in topics),
            _newest_first(_listed(section["stories"])),
            _newest_first(_listed(section["latest"])),
        )

    def beside(self, story: int) -> list[int]:
        """The numbers of the newest stories but this one."""
        return [number for number, _ in self.of_all if number != story][:BESIDE]

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


def newest_of_all(at: Any) -> Subquery:
    """The newest of all but the archive: those to stand beside a story, and that story."""
    stories = PublishedArticle.objects.on_fronts(at).annotate(published_id=F("pk"))
    newest = stories.newest_first().values("published_id", "published_at")
    return _Newest(newest[: BESIDE + 1])


def _newest(rows: QuerySet[Any], at: Any, count: int) -> Subquery:
    newest = rows.filter(published_at__lte=at).order_by("-published_at", "-published_id")
    # From the index alone; whether each is still on the site is asked of the few that are shown.
    return _Newest(newest.values("published_id", "published_at")[:count])


def _listed(value: Any) -> Sequence[Listed]:
    """As PostgreSQL gives it, within the row's JSON; SQLite has it as text there, or none."""
    found = json.loads(value) if isinstance(value, str) else value
    return [(number, time) for number, time in found or ()]


def _newest_first(stories: Iterable[Listed]) -> Sequence[Listed]:
    """No database promises to gather rows in the order in which it has found them."""
    return sorted(stories, key=lambda story: (story[1], story[0]), reverse=True)
