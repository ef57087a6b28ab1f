"""The list of readers, as it is narrowed down on the page, as a file."""

import re
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.desk import export
from accounts.models import User

RIGHT = "accounts.export_readers"
_PLAIN = re.compile(r"[a-z0-9_-]{1,20}")


def url(model_admin: admin.ModelAdmin[Any]) -> URLPattern:
    return path(
        "export/",
        model_admin.admin_site.admin_view(partial(_export_page, model_admin)),
        name="accounts_user_export",
    )


def _export_page(model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponseBase:
    """GET says how many; POST writes that down and sends the file."""
    if not (request.user.has_perm(RIGHT) and model_admin.has_view_permission(request)):
        raise PermissionDenied
    try:
        chosen = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))
    readers = chosen.get_queryset(request)
    if request.method == "POST":
        return _file(request, readers, filters=_in_words(chosen.get_filters_params()))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Take the list along as a file",
        "count": readers.count(),
        "chosen": request.GET.urlencode(),
    }
    return TemplateResponse(request, "accounts/desk/export.html", context)


def _file(request: HttpRequest, readers: Any, *, filters: str) -> StreamingHttpResponse:
    by = request.user
    assert isinstance(by, User)  # noqa: S101 - the desk asks for a sign-in first
    now, zone = timezone.now(), timezone.get_current_timezone()
    with transaction.atomic():
        export.record(readers, by=by, filters=filters)
    lines = export.lines(readers, at=now, zone=zone)
    day = f"{timezone.localtime(now):%Y-%m-%d}"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="readers-{day}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


def _in_words(params: dict[str, Any]) -> str:
    """The filters for the log, which keeps what it gets: never what was searched for."""
    found = []
    for name, values in params.items():
        value = values[-1] if isinstance(values, list) else values
        if _PLAIN.fullmatch(str(value)):
            found.append(f"{name}={value}")
    return ", ".join(found)
