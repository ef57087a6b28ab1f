"""A reader's own subscription: what it is, what was paid, cancelling it and taking that back."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import limits, standing
from accounts.billing import changes, checkout, own_page, providers
from accounts.billing.provider import NotThere, Provider, ProviderDown, ProviderRefused
from accounts.models import Customer, Subscription
from accounts.publication import publication
from accounts.views.leading_out import lead_out, leads_out
from accounts.views.plans import DOWN, provider_or_404
from accounts.views.signed_in import reader_of


@leads_out
@never_cache
@login_required
@require_GET
def subscription(request: HttpRequest) -> HttpResponse:
    """The plan, its dates, the payments, and what can be done about them."""
    user, now, ours = reader_of(request), timezone.now(), publication()
    context = {
        "standing": standing.of(user, now, ours.zone_info),
        "own": own_page.of(user, providers.current(), ours, at=now),
    }
    return render(request, "accounts/subscription.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponse:
    """The second of two clicks: GET says until when it runs, POST cancels."""
    provider = provider_or_404()
    held = _held(request, provider)
    if request.method != "POST":
        context = {"held": held, "ends": own_page.day(held.ends_at, publication())}
        return render(request, "accounts/cancel.html", context)
    return _act(
        request, held, provider, changes.cancel, "It is cancelled. You can read on until the end."
    )


@login_required
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Take the cancelling back, in one click."""
    provider = provider_or_404()
    held = _held(request, provider)
    return _act(request, held, provider, changes.resume, "Good to have you: it goes on.")


@leads_out
@login_required
@require_POST
def portal(request: HttpRequest) -> HttpResponse:
    """To the provider's own pages, for cards and invoices."""
    provider, user = provider_or_404(), reader_of(request)
    customer = Customer.objects.filter(user=user, provider=provider.name).first()
    if customer is None:
        raise Http404
    back = request.build_absolute_uri(reverse("accounts:subscription"))
    try:
        limits.hit(limits.CHECKOUTS, str(user.pk))
        return lead_out(provider.portal(customer.provider_id, return_url=back))
    except (ProviderDown, ProviderRefused, NotThere):
        messages.error(request, DOWN)
        return redirect("accounts:subscription")


def _held(request: HttpRequest, provider: Provider) -> Subscription:
    held = checkout.going_on(reader_of(request), provider, timezone.now())
    if held is None:
        raise Http404
    return held


def _act(
    request: HttpRequest,
    held: Subscription,
    provider: Provider,
    act: Callable[[Subscription, Provider], None],
    words: str,
) -> HttpResponse:
    try:
        limits.hit(limits.CHECKOUTS, str(held.user_id))
        act(held, provider)
    except changes.ChangeRefused as error:
        messages.info(request, str(error))
    except (ProviderDown, ProviderRefused, NotThere):
        messages.error(request, DOWN.replace("Nothing was charged", "Nothing was changed"))
    else:
        messages.success(request, words)
    return redirect("accounts:subscription")
