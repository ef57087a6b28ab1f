"""What every request of a reader passes."""

import logging
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from accounts import devices, post_limits
from accounts.limits import TooMany
from accounts.readers import Visit, meter_of
from accounts.sign_in import MailNotSent
from accounts.views.refusals import mail_not_sent, too_many
from articles.site import caching
from articles.site.reader import ANONYMOUS, OF_LEVEL

logger = logging.getLogger(__name__)

PRIVATE = "private, no-store"


class GentleSessionMiddleware(SessionMiddleware):
    """Django's sessions, without the error page for a request whose session ended meanwhile."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            response.delete_cookie(
                settings.SESSION_COOKIE_NAME,
                path=settings.SESSION_COOKIE_PATH,
                samesite="Lax",
            )
            return response


class ReaderMiddleware:
    """Sets ``request.reader``, tells whoever was signed out, and keeps private answers private.

    Without a session cookie nothing is looked up and nothing varies by cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        visit = None
        request.signed_out = None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            visit = Visit(request)
            request.user = SimpleLazyObject(lambda: visit.user)  # type: ignore[assignment]
            request.reader = SimpleLazyObject(lambda: visit.reader)  # type: ignore[attr-defined]
            request.signed_out = SimpleLazyObject(  # type: ignore[attr-defined]
                lambda: visit.notice
            )
        else:
            request.user = AnonymousUser()
            level = caching.level_of(request)
            reader = ANONYMOUS if level is None else OF_LEVEL[level]
            request.reader = reader  # type: ignore[attr-defined]
        request.meter = SimpleLazyObject(lambda: meter_of(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if visit is not None:
            _part_or_stay(visit, response)
        _send_device_cookie(request, response)
        _keep_private(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            return too_many(request, retry_after=exception.retry_after)
        if isinstance(exception, MailNotSent):
            logger.error("A mail a reader waits for was not sent.", exc_info=exception)
            return mail_not_sent(request)
        return None


def _part_or_stay(visit: Visit, response: HttpResponseBase) -> None:
    """After a page: forget the session of an ended device, now that it was told; note the other."""
    if not visit.was_asked:
        return
    if visit.signed_out_device is not None:
        if visit.request.method == "GET" and _is_page(response):
            visit.request.session.flush()
        return
    device = visit.device
    # What a page asks on its own is no sign of a person: staff sessions end after idle hours.
    if device is None or getattr(visit.request, "is_by_itself", False):
        return
    seen_before = device.last_seen_at
    if devices.touch(device, at=visit.at) and seen_before.date() != visit.at.date():
        # Session and device cookie slide by a day at a time.
        visit.request.session.modified = True
        key = visit.request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
        if devices.is_key(key):
            visit.request.new_device_key = key  # type: ignore[attr-defined]


def _is_page(response: HttpResponseBase) -> bool:
    is_redirect = 300 <= response.status_code < 400
    return not is_redirect and response.get("Content-Type", "").startswith("text/html")


def _send_device_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    key = getattr(request, "new_device_key", "")
    if key:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            key,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _keep_private(request: HttpRequest, response: HttpResponseBase) -> None:
    """No shared cache may keep an answer for which a session was read."""
    if request.session.accessed or not response.has_header("Cache-Control"):
        response["Cache-Control"] = PRIVATE


class PostLimitMiddleware:
    """Counts what is posted to the pages of accounts, before the page sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if request.method != "POST" or match is None:
            return None
        try:
            post_limits.count(request, match.view_name)
        except TooMany as refusal:
            return too_many(request, retry_after=refusal.retry_after)
        return None


class SecondFactorMiddleware:
    """In production staff without a second factor reach only the page that sets one up."""

    _OPEN = frozenset(
        {"mfa_activate_totp", "account_reauthenticate", "account_set_password", "account_logout"}
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if not settings.STAFF_NEED_SECOND_FACTOR or not request.COOKIES:
            return None
        match = request.resolver_match
        if match is None or match.url_name in self._OPEN or match.route.startswith("media/"):
            return None
        user = request.user
        if not user.is_authenticated or not user.is_staff or is_mfa_enabled(user):
            return None
        return redirect("mfa_activate_totp")
