"""The small private page behind "Read this story": what is left, and the button that opens."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import dateformat, timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import meter, openings_cookie
from accounts.device_names import is_robot
from accounts.models import User
from accounts.publication import publication
from articles.models import Publication, PublishedArticle
from articles.models.article import Access
from articles.site.paywall import Decision, Story, decide
from articles.site.reader import Meter, Reader


@dataclass(frozen=True, slots=True)
class _Asked:
    """One visitor before one story."""

    story: PublishedArticle
    user: User | None
    meter: Meter
    decision: Decision
    ours: Publication
    at: dt.datetime


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_story(request: HttpRequest, article_id: int) -> HttpResponse:
    """GET says what is left and changes nothing; POST opens the story and leads to it (303).

    A story that is open already, or not metered, is led to without counting.
    """
    asked = _ask(request, article_id)
    if asked.story.access != Access.METERED or asked.decision.full:
        return redirect(asked.story.path)
    if request.method != "POST" or not asked.meter.left or not _is_person(request):
        return render(request, "accounts/open_story.html", _words(asked))
    response = HttpResponse(status=303, headers={"Location": asked.story.path})
    if asked.user is None:
        period = meter.period_of(asked.at, asked.ours.zone_info)
        opened = {*asked.meter.opened, asked.story.article_id}
        openings_cookie.write(response, opened, period=period)
        return response
    try:
        meter.spend(asked.user, asked.story.article_id, publication=asked.ours, at=asked.at)
    except meter.MeterSpent:
        # Another tab was quicker: the page says that none is left.
        return redirect(request.path)
    return response


def _ask(request: HttpRequest, article_id: int) -> _Asked:
    at = timezone.now()
    story = PublishedArticle.objects.live(at).filter(article=article_id).first()
    if story is None:
        raise Http404
    reader: Reader = request.reader  # type: ignore[attr-defined]
    counted: Meter = request.meter  # type: ignore[attr-defined]
    return _Asked(
        story=story,
        user=request.user if isinstance(request.user, User) else None,
        meter=counted,
        decision=decide(Story(story.article_id, story.access), reader.with_meter(counted), at),
        ours=publication(),
        at=at,
    )


def _words(asked: _Asked) -> dict[str, object]:
    ends = asked.meter.ends_at.astimezone(asked.ours.zone_info)
    return {
        "story": asked.story,
        "meter": asked.meter,
        "ends": dateformat.format(ends, "F j"),
        "more_with_account": asked.ours.meter_registered > asked.meter.limit,
        "with_account": asked.ours.meter_registered,
    }


def _is_person(request: HttpRequest) -> bool:
    """Whether a press of the button asked, as far as headers tell."""
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return not is_ahead and not is_robot(request.headers.get("User-Agent", ""))
