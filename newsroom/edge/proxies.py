"""What a shared page says to caches in front of the server: its keys, and how long it holds.

Only what purges reach is let stay (PURGE_URLS), and nothing of it beyond a moment at which pages
change by themselves: those that keep paths alone for a second, those that know keys for longer.
"""

from articles.site import caching
from newsroom.edge.promise import LONGEST_SECONDS, Promise
from newsroom.edge.store import Headers
from newsroom.purging import rows

LIST_SECONDS = 60
STORY_SECONDS = 10
"""How long at most; lists beside a story may lag behind so long, as they do in our own pages."""
_PATH_SECONDS = 1
# A page that we hold goes out with the words it was made with, and then begins its time elsewhere.
# nginx counts whole seconds, up to two for one.
QUIET_SECONDS = LONGEST_SECONDS + LIST_SECONDS + 2


def told(headers: Headers, promise: Promise, *, now: float) -> Headers:
    """The headers of a page that visitors without an account share, with those for caches."""
    own = [("Surrogate-Key", " ".join(_keys(promise)))]
    if not rows.is_on() or not promise.is_quiet(now, seconds=QUIET_SECONDS):
        return headers + own
    seconds = LIST_SECONDS if promise.story is None else STORY_SECONDS
    held = {caching.public_for(caching.SHARED_SECONDS): caching.public_for(seconds)}
    own.append(("X-Accel-Expires", str(_PATH_SECONDS)))
    return [(name, held.get(value, value)) for name, value in headers] + own


def _keys(promise: Promise) -> tuple[str, str]:
    return rows.SITE, rows.LISTS if promise.story is None else rows.of_story(promise.story)
