"""The page behind the link in a mail by which an open payment is made, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.billing import mend_links, providers
from accounts.billing.provider import NotThere, ProviderDown, ProviderRefused
from accounts.models import Subscription
from accounts.views.leading_out import lead_out, leads_out
from accounts.views.plans import DOWN


@leads_out
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mend_payment(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, for scanners open links; POST leads to the open invoice."""
    try:
        row = mend_links.read(token)
    except mend_links.WornOut:
        return _page(request, status=410, is_worn_out=True)
    if row.failed_at is None or row.ended_at is not None:
        return _page(request, row=row, is_settled=True)
    if request.method != "POST":
        return _page(request, row=row)
    return _lead_to_invoice(request, row)


def _lead_to_invoice(request: HttpRequest, row: Subscription) -> HttpResponse:
    provider = providers.named(row.provider)
    try:
        limits.hit(limits.CHECKOUTS, f"mend-{row.pk}")
        url = provider.pay_link(row.provider_id) if provider else ""
    except (ProviderDown, ProviderRefused, NotThere):
        return _page(request, status=503, row=row, refusal=DOWN)
    return lead_out(url) if url else _page(request, row=row, is_settled=True)


def _page(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    response = render(request, "accounts/mend_payment.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response
