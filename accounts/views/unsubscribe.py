"""The way out that every mail about a story carries (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.alerts import follows, tokens
from accounts.views.notifications import worn_out


# Mail programs press this button for their users: without cookies, and so without a CSRF token.
# The key in the address is the proof.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a page and changes nothing; POST ends the mails, however often it is sent."""
    try:
        public_id = tokens.read(token, tokens.Purpose.UNSUBSCRIBE)
    except tokens.Forged:
        return worn_out(request)
    is_done = request.method == "POST"
    if is_done:
        follows.switch_story_mail(public_id, on=False)
    response = render(request, "accounts/unsubscribe.html", {"is_done": is_done})
    response["Referrer-Policy"] = "no-referrer"
    return response
