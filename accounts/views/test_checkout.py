"""The pages of the test checkout, clearly marked. They do not exist in production."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.billing import mend_links, providers
from accounts.billing.demo_provider import DemoProvider
from accounts.billing.provider import NotThere, ProviderRefused
from accounts.models import Customer, DemoSession, ProviderPrice
from accounts.publication import publication
from accounts.views.signed_in import reader_of

View = Callable[..., HttpResponse]


def in_test_only(view: View) -> View:
    """404 wherever money is taken by somebody real, or must not seem to be."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        provider = providers.current()
        if not isinstance(provider, DemoProvider):
            raise Http404
        return view(request, provider, *args, **kwargs)

    return answer


@in_test_only
def test_checkout(request: HttpRequest, provider: DemoProvider, session_id: str) -> HttpResponse:
    """What is bought, and buttons instead of a card."""
    session = get_object_or_404(DemoSession, session_id=session_id)
    if request.method == "POST":
        try:
            provider.pay(session_id, is_card_good_for_later=request.POST.get("card") != "failing")
        except NotThere:
            return _page(request, session, is_over=True, status=410)
        return redirect(session.success_url)
    is_over = bool(session.subscription_id) or session.expires_at <= timezone.now()
    return _page(request, session, is_over=is_over, status=410 if is_over else 200)


@in_test_only
@login_required
def test_portal(request: HttpRequest, provider: DemoProvider, customer_id: str) -> HttpResponse:
    """Where cards and invoices would be kept."""
    del provider
    get_object_or_404(Customer, user=reader_of(request), provider_id=customer_id)
    back = request.GET.get("back", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = settings.SITE_URL
    return render(request, "accounts/test_portal.html", {"back": back})


@in_test_only
def test_invoice(request: HttpRequest, provider: DemoProvider, token: str) -> HttpResponse:
    """The invoice that is open; its address is as secret as the one of a real provider."""
    try:
        row = mend_links.read(token)
    except mend_links.WornOut:
        raise Http404 from None
    is_paid = row.failed_at is None
    if request.method == "POST" and not is_paid:
        try:
            provider.mend(row.provider_id)
        except (NotThere, ProviderRefused):
            return render(request, "accounts/test_invoice.html", {"is_over": True}, status=410)
        is_paid = True
    return render(request, "accounts/test_invoice.html", {"row": row, "is_paid": is_paid})


def _page(
    request: HttpRequest, session: DemoSession, *, is_over: bool, status: int
) -> HttpResponse:
    known = ProviderPrice.objects.select_related("price__plan")
    price = get_object_or_404(known, provider_id=session.price_id).price
    context = {
        "session": session,
        "price": price,
        "costs": price.in_words(publication().language),
        "is_over": is_over,
    }
    return render(request, "accounts/test_checkout.html", context, status=status)
