"""What stands in a story for a video, post or chart of others, and what its page may then open.

Nothing is asked of a provider before the reader clicks: the page holds a box with a link, and a
small script that puts the provider's frame there on a click.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from articles import body

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_OPENS = {
    "video": ("Play it here", "Watch it on"),
    "chart": ("Show it here", "See it on"),
    "post": ("", "Read it on"),
}


def box(reference: body.EmbedReference) -> str:
    """The HTML of one embed: who it is from, the caption, the link, and the hidden button."""
    embed = reference.embed
    load, follow = _OPENS[embed.provider.shape]
    return render_to_string(
        "articles/_embed.html",
        {"embed": embed, "caption": reference.caption, "load": load, "follow": follow},
    )


def allow(request: HttpRequest, hosts: tuple[str, ...]) -> None:
    """Let the answer to ``request`` open frames of ``hosts``; its view is under ``may_frame``."""
    request._frame_hosts = hosts  # type: ignore[attr-defined]


def may_frame(view: View[P]) -> View[P]:
    """Widen the policy of an answer by what its view allowed, and by nothing else.

    It stands outside of what makes a 304: a browser takes over the headers of one, too.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        hosts: tuple[str, ...] = getattr(request, "_frame_hosts", ())
        if not hosts:
            return response
        response.fullscreen_for = hosts  # type: ignore[attr-defined]
        csp_update({"frame-src": list(hosts)})(lambda _: response)(request)
        return response

    return answer
