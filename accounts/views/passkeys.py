"""Passkeys: allauth's pages in our words. Each is one to sign in with, and asks for its owner.

For staff a passkey is a second factor, too, and each act is written down.
"""

from typing import Any

from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse_lazy

from accounts import sign_in_log
from accounts.views.signed_in import reader_of

_LIST = reverse_lazy("mfa_list_webauthn")


class Passkeys(webauthn.ListWebAuthnView):
    """Those of the account, with when each was added and last used."""

    template_name = "accounts/passkeys.html"


class AddPasskey(webauthn.AddWebAuthnView):
    """The browser makes a passkey; posted with a name, it belongs to the account."""

    template_name = "accounts/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # Kept by the browser and opened by its owner: allauth would ask for a mere second factor.
        options = auth.begin_registration(reader_of(self.request), passwordless=True)
        return context | {"js_data": {"creation_options": options}}

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            sign_in_log.second_factor(self.request.user, "Passkey added")
        return answer

    def get_success_url(self) -> str:
        # Readers have other ways in; codes for the day a key is lost are a matter of staff.
        if self.request.user.is_staff:
            return str(super().get_success_url())
        return str(_LIST)


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """Asked on GET, done on POST."""

    template_name = "accounts/passkey_remove.html"

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            sign_in_log.second_factor(self.request.user, "Passkey removed")
        return answer


class PasskeyAgain(webauthn.ReauthenticateWebAuthnView):
    """The passkey once more, before something that matters."""

    template_name = "accounts/passkey_again.html"
