"""What a reader follows, and the switch for all of it: signed in, or by the key of a mail."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.alerts import follows, tokens
from accounts.models import Follow, User

# What was done, told on the page after the redirect; the address carries the key alone.
NOTES = {
    "on": "You get mails about new stories again.",
    "off": "You get no more mails about new stories. What you follow is kept.",
    "unfollowed": "Done. You no longer follow it.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Something followed, as the page prints it."""

    id: int
    name: str
    what: str
    url: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """The page of a reader who is signed in; others are shown the way in, and back here."""
    if not isinstance(request.user, User):
        return ask_to_sign_in(request, "Notifications", "choose what we tell you about")
    return _page(request, request.user, by_mail=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The same page for whoever holds the key of a mail, signed in or not."""
    try:
        public_id = tokens.read(token, tokens.Purpose.PREFERENCES)
    except tokens.Forged:
        return worn_out(request)
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None:
        return worn_out(request)
    response = _page(request, user, by_mail=True)
    # The address is a key: it goes to no other site.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, user: User, *, by_mail: bool) -> HttpResponse:
    if request.method == "POST":
        return redirect(f"{request.path}?{urlencode({'done': _act(request, user)})}")
    context = {
        "lines": [_line(follow) for follow in follows.followed_by(user)],
        "wants_story_mail": user.wants_story_mail,
        "masked": _masked(user.email) if by_mail else "",
        "email": "" if by_mail else user.email,
        "note": NOTES.get(request.GET.get("done", ""), ""),
    }
    template = "notifications_by_mail" if by_mail else "notifications"
    return render(request, f"accounts/{template}.html", context)


def _act(request: HttpRequest, user: User) -> str:
    """Do what was asked. Out: the word for it; an unfollow of nothing is done already."""
    number = request.POST.get("unfollow", "")
    if "unfollow" in request.POST:
        if number.isascii() and number.isdigit() and len(number) < 19:
            follows.unfollow_row(user, int(number))
        return "unfollowed"
    on = request.POST.get("wants_story_mail") == "on"
    follows.switch_story_mail(user.public_id, on=on)
    return "on" if on else "off"


def _line(follow: Follow) -> Line:
    thing = follow.author or follow.section
    assert thing is not None  # noqa: S101 - a constraint of the table
    return Line(
        id=follow.pk,
        name=str(thing),
        what="Author" if follow.author_id else "Section",
        url=thing.get_absolute_url(),
    )


def _masked(email: str) -> str:
    """Enough of an address for its owner to know it: "s…@example.com"."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


def ask_to_sign_in(request: HttpRequest, title: str, purpose: str) -> HttpResponse:
    """Says how to sign in or make an account, and comes back to this page from there."""
    after = urlencode({"next": request.path})
    context = {
        "title": title,
        "purpose": purpose,
        "sign_in_url": f"{reverse('account_login')}?{after}",
        "sign_up_url": f"{reverse('account_signup')}?{after}",
    }
    return render(request, "accounts/ask_to_sign_in.html", context)


def worn_out(request: HttpRequest) -> HttpResponse:
    """The key of the address is not ours, not whole, or too old."""
    return render(request, "accounts/worn_out_link.html", status=404)
