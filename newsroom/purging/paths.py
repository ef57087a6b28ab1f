"""The paths behind a key, for caches that know paths alone."""

from collections.abc import Iterable, Iterator

from articles import paths
from articles.models import Section
from newsroom.purging import rows

_FRONTS = ("/", "/latest/", "/feeds/rss/", "/corrections/")


def of_keys(keys: Iterable[str]) -> list[str]:
    """The paths of the stories' pages, and of the fronts. Such a cache keeps other pages, as those
    of topics and authors, for a second or two only (``newsroom/edge/proxies.py``)."""
    keys = set(keys)
    stories = [int(key.removeprefix("story-")) for key in keys if key.startswith("story-")]
    return list(
        dict.fromkeys([*paths.of_stories(stories), *(_of_fronts() if _FRONT & keys else ())])
    )


_FRONT = frozenset({rows.SITE, rows.LISTS})


def _of_fronts() -> Iterator[str]:
    yield from _FRONTS
    for slug in Section.objects.values_list("slug", flat=True):
        yield f"/{slug}/"
