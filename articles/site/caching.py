"""How long who may keep a page: shared for visitors without a session, never kept otherwise.

The page cache before Django is the one exception: it keeps what all readers of a level see, and
gives it to readers who prove that level. Nobody else may keep that, their browsers included.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import set_response_etag
from django.views.decorators.http import conditional_page, require_safe

from articles.site.reader import Level

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Seconds a shared cache may serve a page before it asks again. None: nothing purges it yet, and
# what is published or taken down must show at once. It keeps the page and asks by its ETag.
SHARED_SECONDS = 0

PRIVATE = "private, no-store"

PROMISE = "newsroom.edge"
"""Under this name a page cache before Django puts a ``Promise`` into ``request.META``."""


class Promise(Protocol):
    """How a view tells the page cache that asked for a page what the page hangs on.

    ``level``: for whom it asks; None: for visitors without an account.
    """

    level: Level | None

    def hang_on(self, story: int) -> None: ...

    def share(self) -> None: ...

    def keep_apart(self) -> None: ...


def hang_on(request: HttpRequest, story: int) -> None:
    """Say that the page is that of one story (an article's id): a change of it ends the page at
    once, one of the lists beside it some seconds later. Without this, both do at once."""
    promise: Promise | None = request.META.get(PROMISE)
    if promise is not None:
        promise.hang_on(story)


def level_of(request: HttpRequest) -> Level | None:
    """The level for which the page cache asks for a page that its readers share; else None."""
    promise: Promise | None = request.META.get(PROMISE)
    return None if promise is None else promise.level


def is_for_page_cache(request: HttpRequest) -> bool:
    """Whether the page cache before Django asks, on behalf of who sent the request."""
    return PROMISE in request.META


def has_session(request: HttpRequest) -> bool:
    """Whether the browser sent a session cookie. Looks at the header only: no query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def is_for_account(request: HttpRequest) -> bool:
    """Whether the page is for somebody with an account, or for all who have one."""
    return has_session(request) or level_of(request) is not None


def has_opened(request: HttpRequest) -> bool:
    """Whether the browser says that it opened metered stories. No query; not checked here."""
    return settings.OPENINGS_COOKIE_NAME in request.COOKIES


def not_shared(request: HttpRequest) -> HttpResponse:
    """The answer to the page cache where readers of a level do not share a page: it asks again
    for each who wants it."""
    request.META[PROMISE].keep_apart()
    response = HttpResponse()
    response["Cache-Control"] = PRIVATE
    return response


def public_for(seconds: int) -> str:
    """The Cache-Control of a shared answer; browsers ask every time, and get a 304."""
    return f"public, max-age=0, s-maxage={seconds}, must-revalidate"


def mark(request: HttpRequest, response: HttpResponseBase, *, seconds: int) -> None:
    """Set the caching header of an answer, unless the view has already made it private."""
    if is_for_account(request):
        response["Cache-Control"] = PRIVATE
    elif not response.has_header("Cache-Control"):
        response["Cache-Control"] = public_for(seconds)


def shared(view: View[P]) -> View[P]:
    """Make a readers' view: GET and HEAD only, shared while no session is there, with ETag."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        is_private = _is_private(response)
        mark(request, response, seconds=SHARED_SECONDS)
        if not is_private:
            _promise(request, response)
        if request.method == "HEAD" and response["Cache-Control"] != PRIVATE:
            # Django gives an ETag to GET alone; who asks by HEAD wants the same one.
            set_response_etag(response)
        return response

    answered = require_safe(conditional_page(answer))
    answered.is_shared = True  # type: ignore[attr-defined]
    return answered


def _is_private(response: HttpResponse) -> bool:
    """Whether the view itself says that the page is one person's."""
    return response.has_header("Cache-Control") and "public" not in response["Cache-Control"]


def _promise(request: HttpRequest, response: HttpResponse) -> None:
    """Let the page cache keep what its visitors share. Last, when all that is read has been."""
    promise: Promise | None = request.META.get(PROMISE)
    if promise is None or response.status_code != 200 or request.COOKIES:
        return
    promise.share()
    if promise.level is not None:
        # Django gives none to what browsers may not keep, but the page cache knows pages by it.
        set_response_etag(response)


def text_parameter(request: HttpRequest, name: str, *, longest: int = 200) -> str:
    """A query parameter as clean text: no NUL (no database takes one), cut to ``longest``."""
    return request.GET.get(name, "").replace("\x00", " ").strip()[:longest]
