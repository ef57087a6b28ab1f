"""Signing in, up and out, at our addresses and under allauth's names.

The pages are allauth's; these count the tries at codes in the database,
and let a link opened from a mail change nothing before its button is pressed.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_POST

from accounts import codes, devices, limits, sign_in, sign_in_log
from accounts.models import Device, User
from accounts.readers import DEVICE_SESSION_KEY
from accounts.views.signed_in import reader_of

View = Callable[..., HttpResponseBase]


def unreferred(view: View) -> View:
    """``view``, whose address is a secret from a mail: no other site shall see it."""

    def quiet(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        add_never_cache_headers(response)
        return response

    return quiet


class EnterCode(allauth_views.ConfirmLoginCodeView):
    """The page for the e-mailed code."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.refuse_if_reached(limits.FAILED_BY_ADDRESS, limits.network_of(request))
        state = self._process.state
        self.key = codes.key_of(state.get("email"), state["at"], self._process.code)
        if not codes.take_try(self.key):
            self._process.abort()
            messages.error(request, sign_in.Adapter.error_messages["too_many_login_attempts"])
            return redirect("account_request_login_code")
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: BaseForm) -> HttpResponse:
        codes.close(self.key)
        _forget_unproven_password(self._process.user)
        answer: HttpResponse = super().form_valid(form)
        return answer

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        sign_in_log.failed(self._process.state.get("email") or "", by="code")
        limits.hit(limits.FAILED_BY_ADDRESS, limits.network_of(self.request))
        answer: HttpResponse = super().form_invalid(form)
        return answer


class ConfirmAddress(allauth_views.ConfirmEmailView):
    """The link of the confirmation mail: a button first."""

    def logout_other_user(self, confirmation: Any) -> None:
        if self.request.method == "POST":
            super().logout_other_user(confirmation)


class ResetPassword(allauth_views.PasswordResetFromKeyView):
    """The link of the reset mail."""

    def logout(self) -> None:
        if self.request.method == "POST":
            super().logout()

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _end_after_new_password(self.reset_user, keep=None)
        return answer


class ChangePassword(allauth_views.PasswordChangeView):
    """A new password for somebody signed in; every other device is signed out."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _end_after_new_password(
            self.request.user, keep=self.request.session.get(DEVICE_SESSION_KEY)
        )
        return answer


class SetPassword(allauth_views.PasswordSetView):
    """A first password."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _end_after_new_password(
            self.request.user, keep=self.request.session.get(DEVICE_SESSION_KEY)
        )
        return answer


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign this account out on all its devices, this one too."""
    sign_in.end_everywhere(request, reader_of(request))
    return redirect("accounts:signed-out")


@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    """Says that it is done."""
    return render(request, "accounts/signed_out.html")


def _end_after_new_password(user: object, *, keep: int | None) -> None:
    assert isinstance(user, User)  # noqa: S101
    devices.end_others(user, keep, ending=Device.Ending.PASSWORD_CHANGED, by="", at=timezone.now())


def _forget_unproven_password(user: User) -> None:
    """A password set by somebody who never proved the address is worth nothing to its owner.

    Else a stranger could open an account in another's name, wait for the owner's first code, and
    walk in by the password.
    """
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        user.set_unusable_password()
        user.save(update_fields=["password"])
