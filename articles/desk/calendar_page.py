"""The calendar: a week of the desk as a list by day."""

import datetime as dt
import re

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.desk import calendar_week, rights

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


@require_safe
def calendar_page(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """The week that ``?week=2026-W31`` names, else this one. 404 for what names no week."""
    if not rights.may_see(request.user):
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localtime(now).date()
    monday = _monday(request.GET.get("week", _name(today)))
    context = {
        **site.each_context(request),
        "title": "Calendar",
        "week": calendar_week.week_of(monday, now=now),
        "before": _name(monday - dt.timedelta(days=7)),
        "after": _name(monday + dt.timedelta(days=7)),
        "is_this_week": monday <= today < monday + dt.timedelta(days=7),
    }
    return TemplateResponse(request, "desk/calendar.html", context)


def _name(day: dt.date) -> str:
    """A day's week as ISO 8601 names it."""
    return f"{day:%G-W%V}"


def _monday(name: str) -> dt.date:
    found = _WEEK.fullmatch(name)
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        raise Http404
    try:
        return dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise Http404 from None
