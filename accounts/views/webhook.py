"""Where the payment provider tells us that something changed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.billing import inbox, providers
from accounts.billing.provider import BadSignature

MOST_BYTES = 512 * 1024


# The signature over the raw body is the proof.
@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """200 once the notice is kept, or was before; the worker looks at it. 400: not signed."""
    provider = providers.current()
    if provider is None or not provider.is_far:
        raise Http404
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return _plain("Too long.", 413)
    try:
        notice = provider.read_notice(request.body, request.headers.get("Stripe-Signature", ""))
    except BadSignature:
        return _plain("Not signed, or not just now.", 400)
    inbox.take(provider.name, notice)
    return _plain("Kept.", 200)


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
