"""What the page cache and Django have done, as text for Prometheus. It tells nothing of persons."""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsroom.edge.figures import figures
from newsroom.edge.shares import NAMES

TYPE = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The host's figures, if asked with ``Authorization: Bearer METRICS_KEY``; else 404."""
    known = f"Bearer {settings.METRICS_KEY}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_KEY or not secrets.compare_digest(given.encode(), known.encode()):
        raise Http404
    return HttpResponse("\n".join([*_lines(figures().of_host()), ""]), content_type=TYPE)


def _lines(sums: dict[str, int]) -> Iterator[str]:
    yield from _head("newsroom_processes", "gauge", "Server processes on this host.")
    yield f"newsroom_processes {sums['processes']}"
    yield from _head("newsroom_edge_pages", "gauge", "Pages held by the page caches.")
    yield f"newsroom_edge_pages {sums['pages']}"
    yield from _head("newsroom_edge_bytes", "gauge", "Bytes of these pages.")
    yield f"newsroom_edge_bytes {sums['bytes']}"
    yield from _head("newsroom_edge_requests_total", "counter", "Requests the page cache saw.")
    for how in ("hit", "miss", "passed"):
        yield f'newsroom_edge_requests_total{{how="{how}"}} {sums[how]}'
    yield from _head("newsroom_edge_kept_total", "counter", "Pages that were made and kept.")
    yield f"newsroom_edge_kept_total {sums['kept']}"
    yield from _head("newsroom_refused_total", "counter", "Requests answered 503: no room.")
    for share in NAMES:
        yield f'newsroom_refused_total{{share="{share}"}} {sums[f"refused_{share}"]}'
    yield from _head("newsroom_django_seconds", "summary", "Time in Django, by share.")
    for share in NAMES:
        seconds = sums[f"microseconds_{share}"] / 1_000_000
        yield f'newsroom_django_seconds_sum{{share="{share}"}} {seconds:.6f}'
        yield f'newsroom_django_seconds_count{{share="{share}"}} {sums[f"answered_{share}"]}'


def _head(name: str, kind: str, help_text: str) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"
