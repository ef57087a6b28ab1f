"""The search page. Never in a search engine's index, never on a shared cache for long."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from articles.site import caching, head
from articles.site.caching import shared
from articles.site.frame import frame_of
from articles.site.keyset import BadKey, Key
from articles.site.search.query import parse
from articles.site.search.results import search


@shared
def search_page(request: HttpRequest) -> HttpResponse:
    """The box, and for ``?q=`` the stories found, newest first."""
    frame, path = frame_of(request), reverse("articles:search")
    query = parse(request.GET.get("q", ""))
    found = search(query, before=_before(request), frame=frame, at=timezone.now())
    older = urlencode({"q": query.typed, "before": str(found.older)}) if found.older else ""
    context = {
        "query": query,
        "found": found,
        "older": f"{path}?{older}" if older else "",
        "newest": f"{path}?{urlencode({'q': query.typed})}" if _before(request) else "",
        "head": head.of_list(
            title=f"Search: {query.typed}" if query.typed else "Search",
            description="",
            path=path,
            frame=frame,
            is_indexed=False,
        ),
    }
    return render(request, "articles/search.html", context)


def _before(request: HttpRequest) -> Key | None:
    text = caching.text_parameter(request, "before")
    try:
        return Key.parse(text) if text else None
    except BadKey as error:
        raise Http404("No such page of results") from error
