"""How long who may keep a page: shared for visitors without a session, never kept otherwise."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import set_response_etag
from django.views.decorators.http import conditional_page, require_safe

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Seconds a shared cache may serve a page before it asks again. None: nothing purges it yet, and
# what is published or taken down must show at once. It keeps the page and asks by its ETag.
SHARED_SECONDS = 0

PRIVATE = "private, no-store"

PROMISE = "newsroom.edge"
"""Under this name a page cache before Django puts a ``Promise`` into ``request.META``."""


class Promise(Protocol):
    """How a view tells the page cache that asked for a page what the page hangs on."""

    def hang_on(self, story: int) -> None: ...

    def share(self) -> None: ...


def hang_on(request: HttpRequest, story: int) -> None:
    """Say that the page is that of one story (an article's id): a change of it ends the page at
    once, one of the lists beside it some seconds later. Without this, both do at once."""
    promise: Promise | None = request.META.get(PROMISE)
    if promise is not None:
        promise.hang_on(story)


def has_session(request: HttpRequest) -> bool:
    """Whether the browser sent a session cookie. Looks at the header only: no query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def has_opened(request: HttpRequest) -> bool:
    """Whether the browser says that it opened metered stories. No query; not checked here."""
    return settings.OPENINGS_COOKIE_NAME in request.COOKIES


def public_for(seconds: int) -> str:
    """The Cache-Control of a shared answer; browsers ask every time, and get a 304."""
    return f"public, max-age=0, s-maxage={seconds}, must-revalidate"


def mark(request: HttpRequest, response: HttpResponseBase, *, seconds: int) -> None:
    """Set the caching header of an answer, unless the view has already made it private."""
    if has_session(request):
        response["Cache-Control"] = PRIVATE
    elif not response.has_header("Cache-Control"):
        response["Cache-Control"] = public_for(seconds)


def shared(view: View[P]) -> View[P]:
    """Make a readers' view: GET and HEAD only, shared while no session is there, with ETag."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        mark(request, response, seconds=SHARED_SECONDS)
        _promise(request, response)
        if request.method == "HEAD" and response["Cache-Control"] != PRIVATE:
            # Django gives an ETag to GET alone; who asks by HEAD wants the same one.
            set_response_etag(response)
        return response

    answered = require_safe(conditional_page(answer))
    answered.is_shared = True  # type: ignore[attr-defined]
    return answered


def _promise(request: HttpRequest, response: HttpResponse) -> None:
    """Let the page cache keep what everybody may see. Last, when all that is read has been read."""
    promise: Promise | None = request.META.get(PROMISE)
    is_public = response["Cache-Control"].startswith("public")
    if promise is not None and is_public and response.status_code == 200 and not request.COOKIES:
        promise.share()


def text_parameter(request: HttpRequest, name: str, *, longest: int = 200) -> str:
    """A query parameter as clean text: no NUL (no database takes one), cut to ``longest``."""
    return request.GET.get(name, "").replace("\x00", " ").strip()[:longest]
