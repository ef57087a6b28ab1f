"""Answers for the scripts of the desk: JSON always, and never a redirect that loses the words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]
# Bytes. A story of 3,000 words has some 20,000.
MOST_AT_ONCE = 2 * 1024 * 1024

_TOO_LONG = "This is too long to be kept while you type. Save it."


def for_scripts(
    site: AdminSite,
    *,
    method: str,
    by_itself: bool = False,
    most_bytes: int = MOST_AT_ONCE,
    too_long: str = _TOO_LONG,
    thing: str = "story",
) -> Any:
    """Turn a view into one for scripts: staff only, one method, refusals in JSON.

    401 signed out; 403 without the right, or with ``"code": "token"`` where the form's token is no
    longer good; 404, 405, 413 and 400. ``by_itself`` marks what a page asks without a person
    doing anything: it does not count as activity. More than ``most_bytes`` is refused with
    ``too_long`` before anything is read; ``thing`` is what the refusals call it.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.is_by_itself = by_itself  # type: ignore[attr-defined]
            try:
                refusal = _refusal(
                    site, request, method=method, most_bytes=most_bytes, too_long=too_long
                )
                return refusal or site.admin_view(view)(request, *args, **kwargs)
            except Http404:
                return refuse(404, f"There is no such {thing}.")
            except PermissionDenied:
                return refuse(403, f"You may not do that with this {thing}.")
            except RequestDataTooBig:
                return refuse(413, too_long)
            except SuspiciousOperation:
                return refuse(400, "That could not be read.")

        return answer

    return decorate


def for_both(site: AdminSite, *, thing: str) -> Any:
    """Turn a view for POST into one for forms and for scripts, told apart by what they accept."""

    def decorate(view: View) -> View:
        for_forms = site.admin_view(require_POST(view))
        for_a_script = for_scripts(site, method="POST", thing=thing)(view)

        # Each of the two checks the form's token itself.
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            chosen = for_a_script if asks_for_json(request) else for_forms
            response: HttpResponseBase = chosen(request, *args, **kwargs)
            return response

        return answer

    return decorate


def asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def refuse(status: int, error: str, **more: str) -> JsonResponse:
    return JsonResponse({"error": error, **more}, status=status)


def form_is_refused(request: HttpRequest) -> bool:
    """Whether the request lacks the token that our forms carry, or has one of another session."""
    return _FormCheck(_nothing).process_view(request, _nothing, (), {}) is not None


def _refusal(
    site: AdminSite, request: HttpRequest, *, method: str, most_bytes: int, too_long: str
) -> JsonResponse | None:
    if request.method != method:
        answer = refuse(405, "That cannot be asked here.")
        answer["Allow"] = method
        return answer
    if not request.user.is_authenticated:
        return refuse(401, "You are signed out.")
    if not site.has_permission(request):
        return refuse(403, "You have no place at the desk.")
    # Before anything is read.
    if _length(request) > most_bytes:
        return refuse(413, too_long)
    if form_is_refused(request):
        return refuse(403, "This form is from before you signed in.", code="token")
    return None


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


def _nothing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


class _FormCheck(CsrfViewMiddleware):
    """Django's check, whose refusal is an answer and no page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)
