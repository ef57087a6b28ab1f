"""The small private page behind "Follow Lisa Berg", reached by a link from pages all share."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.alerts import follows
from accounts.models import User
from accounts.views.notifications import ask_to_sign_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """GET shows a button and changes nothing; POST follows, or with ``unfollow`` stops it."""
    followed = follows.find(kind, pk)
    if followed is None:
        raise Http404
    if not isinstance(request.user, User):
        return ask_to_sign_in(
            request, f"Follow {followed}", "get each new story by mail as soon as it is out"
        )
    if request.method == "POST":
        act = follows.unfollow if "unfollow" in request.POST else follows.follow
        act(request.user, followed)
        return redirect(request.path)
    context = {
        "followed": followed,
        "is_author": kind == follows.Kind.AUTHOR,
        "is_following": follows.is_following(request.user, followed),
        "wants_story_mail": request.user.wants_story_mail,
    }
    return render(request, "accounts/follow.html", context)
