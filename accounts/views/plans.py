"""The page of plans, and the private page where one is chosen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import entitlements, limits, offers
from accounts.billing import changes, checkout, providers
from accounts.billing.provider import (
    Declined,
    NotThere,
    Provider,
    ProviderDown,
    ProviderRefused,
)
from accounts.models import Price, Subscription, User
from accounts.publication import publication
from accounts.views.leading_out import lead_out, leads_out
from accounts.views.signed_in import reader_of

DOWN = "The payment service does not answer just now. Nothing was charged; please try again soon."
DECLINED = (
    "Your card was declined, and your plan is what it was. Set another card on the page of your "
    "subscription, then try again."
)


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """What may be subscribed to: with a link to pay, or how to reach the desk that gives it."""
    asked = request.GET.get("currency", "")
    context = {
        "offered": offers.offered(currency=asked, language=publication().language),
        "takes_money": providers.current() is not None,
    }
    return render(request, "accounts/plans.html", context)


@leads_out
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, price_id: int) -> HttpResponse:
    """GET says what it costs and when; POST leads to paying, or changes the plan held now."""
    provider, user = provider_or_404(), reader_of(request)
    prices = Price.objects.select_related("plan").filter(is_offered=True, plan__is_offered=True)
    price = get_object_or_404(prices, pk=price_id)
    held = checkout.going_on(user, provider, timezone.now())
    if request.method != "POST":
        return render(request, "accounts/subscribe.html", _words(user, price, held, provider))
    try:
        limits.hit(limits.CHECKOUTS, str(user.pk))
        return _change(request, held, price, provider) if held else _pay(user, price, provider)
    except changes.ChangeRefused as error:
        refusal, status = str(error), 409
    except Declined:
        refusal, status = DECLINED, 402
    except (ProviderDown, ProviderRefused, NotThere):
        refusal, status = DOWN, 503
    words = _words(user, price, held, provider) | {"refusal": refusal}
    return render(request, "accounts/subscribe.html", words, status=status)


@never_cache
@login_required
@require_GET
def subscribed(request: HttpRequest) -> HttpResponse:
    """Where paying leads back to. The visit grants nothing: access opens when the provider says so,
    and it is asked.
    """
    user, provider = reader_of(request), providers.current()
    if provider is not None:
        changes.look_at_checkout(user, provider)
    context = {"is_open": bool(entitlements.running(user, timezone.now()))}
    return render(request, "accounts/subscribed.html", context)


def provider_or_404() -> Provider:
    """The provider; 404 where nothing takes money."""
    provider = providers.current()
    if provider is None:
        raise Http404
    return provider


def _pay(user: User, price: Price, provider: Provider) -> HttpResponse:
    try:
        return lead_out(checkout.begin(user, price, provider))
    except checkout.BeingPaid:
        return redirect("accounts:subscribed")
    except checkout.HasOne:
        return redirect("accounts:subscription")


def _change(
    request: HttpRequest, held: Subscription, price: Price, provider: Provider
) -> HttpResponse:
    timing = changes.change(held, price, provider)
    if timing is changes.Timing.NOW:
        messages.success(request, f"Your plan is {price.plan.name} now.")
    else:
        messages.success(request, f"Your plan becomes {price.plan.name} when this period ends.")
    return redirect("accounts:subscription")


def _words(
    user: User, price: Price, held: Subscription | None, provider: Provider
) -> dict[str, object]:
    words: dict[str, object] = {
        "price": price,
        "costs": price.in_words(publication().language),
        "trial_days": 0 if held or not checkout.may_try(user) else price.trial_days,
        "held": held,
        "is_test": not provider.is_far,
        "refusal": "",
        "timing": "",
    }
    if held is not None:
        try:
            words["timing"] = changes.timing_of(held, price).value
        except changes.ChangeRefused as error:
            words["refusal"] = str(error)
    return words
