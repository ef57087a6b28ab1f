"""The pages of a change of address: asking for it, and the links of its two mails."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import email_change, links
from accounts.forms import ChangeAddressForm
from accounts.views.notifications import worn_out
from accounts.views.signed_in import reader_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def change(request: HttpRequest) -> HttpResponse:
    """Ask for another address, or withdraw what was asked for."""
    user, now = reader_of(request), timezone.now()
    if request.method == "POST" and "withdraw" in request.POST:
        if email_change.withdraw(user, at=now):
            messages.success(request, "Done. Your address stays as it is.")
        return redirect("account_email")
    form = ChangeAddressForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        email_change.ask(user, form.cleaned_data["email"], at=now)
        return redirect("account_email")
    context = {"form": form, "waiting": email_change.waiting(user, at=now)}
    return render(request, "accounts/email_change.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link to the new address: a button first."""
    now = timezone.now()
    pk = _row(token, links.Purpose.CONFIRM_ADDRESS)
    change = email_change.confirmable(pk, at=now) if pk else None
    if change is None:
        return _quiet(worn_out(request))
    context = {"change": change, "is_done": False}
    if request.method == "POST":
        try:
            email_change.confirm(change.pk, at=now)
        except email_change.WornOut:
            return _quiet(worn_out(request))
        except email_change.Taken:
            return _quiet(render(request, "accounts/email_taken.html", status=409))
        context["is_done"] = True
    return _quiet(render(request, "accounts/email_confirm.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link to the old address: a button first."""
    now = timezone.now()
    pk = _row(token, links.Purpose.STOP_ADDRESS)
    change = email_change.stoppable(pk, at=now) if pk else None
    if change is None:
        return _quiet(worn_out(request))
    context = {"change": change, "done": ""}
    if request.method == "POST":
        try:
            context["done"] = email_change.stop(change.pk, at=now).value
        except email_change.WornOut:
            return _quiet(worn_out(request))
        except email_change.Taken:
            return _quiet(render(request, "accounts/email_taken.html", status=409))
    return _quiet(render(request, "accounts/email_stop.html", context))


def _row(token: str, purpose: links.Purpose) -> int | None:
    try:
        return links.read(token, purpose)
    except links.Forged:
        return None


def _quiet(response: HttpResponse) -> HttpResponse:
    # The address is a key: it goes to no other site.
    response["Referrer-Policy"] = "no-referrer"
    return response
