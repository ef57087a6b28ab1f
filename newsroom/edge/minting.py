"""Giving readers their token: by a page of Django that has just found out who reads."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.core.exceptions import MiddlewareNotUsed
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.readers import DEVICE_SESSION_KEY
from articles.models.article import Access
from articles.site.caching import has_session
from articles.site.paywall import Reason, Story, decide
from articles.site.reader import Level, Reader
from newsroom.edge.counters import Snapshot
from newsroom.edge.tokens import LONGEST_SECONDS, Keys, Token, cookie_name
from newsroom.edge.watch import shared_counters

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_OF_SUBSCRIBERS = {Reason.TRIAL, Reason.SUBSCRIBER, Reason.GRACE, Reason.COMPLIMENTARY}
_LONGEST = dt.timedelta(seconds=LONGEST_SECONDS)
_LEFT = "_edge_left"


def mint(get_response: GetResponse) -> GetResponse:
    """Middleware: sets the token cookie where it is missing or over, takes it away on leaving."""
    if not settings.EDGE:
        raise MiddlewareNotUsed
    keys = Keys.of_settings()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Before anything is asked of the database: what changes from here on ends the token.
        before = shared_counters().snapshot() if has_session(request) else None
        response = get_response(request)
        if getattr(request, _LEFT, False):
            _take(request, response)
        elif before is not None and _is_page_for_readers(request, response):
            _give(request, response, keys, before)
        return response

    return middleware


def level_for(reader: Reader, at: dt.datetime) -> tuple[Level | None, dt.datetime]:
    """The level of a reader at ``at`` (aware), and the moment from which it may be another.

    None: Django must look each time. So it is for staff, for who waits for a slot, and for who is
    told more than that a subscription is missing: that it has ended.
    """
    kinds = (Access.REGISTERED, Access.METERED, Access.PREMIUM)
    found = [decide(Story(id=0, access=kind), reader, at) for kind in kinds]
    until = min((each.until for each in found if each.until), default=at + _LONGEST)
    reads_all = all(each.full for each in found)
    if reads_all and found[-1].reason in _OF_SUBSCRIBERS:
        return Level.PREMIUM, until
    if found[0].full and not found[-1].full and found[-1].reason == Reason.SUBSCRIBE:
        return Level.REGISTERED, until
    return None, until


@receiver(user_logged_out)
def leave(request: HttpRequest | None, **_kwargs: Any) -> None:
    """Take the token away with the session. It is worth nothing without it in any case."""
    if request is not None:
        setattr(request, _LEFT, True)


def _is_page_for_readers(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    is_page = response.get("Content-Type", "").startswith("text/html")
    return (
        match is not None
        and getattr(match.func, "is_shared", False)
        and response.status_code == 200
        and is_page
    )


def _give(request: HttpRequest, response: HttpResponseBase, keys: Keys, before: Snapshot) -> None:
    session = request.COOKIES[settings.SESSION_COOKIE_NAME]
    name = cookie_name(settings.TOKEN_COOKIE_NAME, shared_counters())
    held = keys.read(request.COOKIES.get(name, ""), session=session)
    now = timezone.now()
    if held is not None and held.is_true(shared_counters(), now.timestamp()):
        return
    token = _token_for(request, before, now)
    if token is None or session != request.session.session_key:
        return
    response.set_cookie(
        name,
        keys.sign(token, session=session),
        max_age=LONGEST_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _take(request: HttpRequest, response: HttpResponseBase) -> None:
    """Take the tokens away, those of other hosts, too."""
    for name in request.COOKIES:
        if name.startswith(settings.TOKEN_COOKIE_NAME):
            response.delete_cookie(name, samesite="Lax")


def _token_for(request: HttpRequest, before: Snapshot, at: dt.datetime) -> Token | None:
    """What may be said of the reader of this request; None if nothing may."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    device = request.session.get(DEVICE_SESSION_KEY)
    if before.is_in_doubt or reader.user_id is None or reader.is_pending or device is None:
        return None
    level, until = level_for(reader, at)
    return Token.build(
        level,
        user_id=reader.user_id,
        device_id=device,
        # The whole second before: never later than it says.
        ends_at=int(min(until, at + _LONGEST).timestamp()),
        before=before,
    )
