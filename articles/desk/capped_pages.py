"""Pages of long lists: as far as anybody turns, and nothing counts what lies behind."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

MOST = 1000


class CappedPages(Paginator[Any]):
    """Counts to ``most`` and no further; older things are found by words and filters.

    ``along``: an order with an index. A list in this order is counted in it, too. Out of order, a
    planner that expects many things reads all of them, in search of a few.
    """

    most = MOST
    along: tuple[str, ...] = ()

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.most)

    @property
    def is_capped(self) -> bool:
        """Whether there is more than the pages show."""
        return self._counted > self.most

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        if not hasattr(rows, "order_by"):
            return len(rows)
        is_along = bool(self.along) and rows.query.order_by[:1] == self.along[:1]
        found: int = rows.order_by(*self.along if is_along else ())[: self.most + 1].count()
        return found
