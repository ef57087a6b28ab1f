"""The page behind a shared link: the saved story, for whoever has the key."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.desk import preview, sharing
from articles.models import PreviewLink
from articles.site import embed_boxes, times
from articles.site.caching import PRIVATE
from articles.site.frame import frame_of

# Nobody keeps it, finds it, or is told of it by the pages it leads to.
HEADERS = {
    "Cache-Control": PRIVATE,
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


@embed_boxes.may_frame
@require_safe
def shared_preview(request: HttpRequest, key: str) -> HttpResponse:
    """The story as it is saved now; 404 for an unknown or held link, 410 for one that ended."""
    now = timezone.now()
    link = sharing.find(key)
    if link is not None and sharing.has_ended(link, at=now):
        response = render(request, "desk/preview_over.html", {"has_ended": True}, status=410)
    elif link is None or sharing.is_held(link, at=now):
        response = render(request, "desk/preview_over.html", status=404)
    else:
        response = _page(request, link)
        if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
            sharing.note_visit(link, user_agent=request.headers.get("User-Agent", ""), at=now)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _page(request: HttpRequest, link: PreviewLink) -> HttpResponse:
    now, frame = timezone.now(), frame_of(request)
    reader = preview.readers(now)[link.as_reader][1]
    page = preview.page_for(link.article, reader, frame=frame, at=now)
    embed_boxes.allow(request, page.frame_hosts)
    context = {
        "page": page,
        "link": link,
        "until": times.in_full(link.expires_at, frame.zone),
        "current_section_id": page.section.id,
    }
    return render(request, "desk/shared_preview.html", context)
