"""``python -m tests.bench.scale.here``: the database of the environment, measured, as JSON.

The database holds the corpus; staff is added to it, and nothing else.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from newsroom.corpus import load  # noqa: E402
from tests.bench import in_process  # noqa: E402
from tests.bench.scale import newsdesk, pages, searches  # noqa: E402


def main() -> None:
    in_process.as_served()
    for database in settings.DATABASES:
        call_command("createcachetable", database=database, verbosity=0)
    found = {
        "stories": load.count(),
        "buffers": pages.buffers(),
        "pages": pages.times(),
        "searches": searches.measure(),
        "desk": newsdesk.measure(),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
