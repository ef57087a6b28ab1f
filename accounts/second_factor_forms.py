"""The forms of the second factor and of passkeys: apart, for what they need of allauth is large."""

from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms

from accounts import limits, sign_in_log
from accounts.forms import Styled, code_field


class SecondFactorForm(Styled, mfa_forms.AuthenticateForm):
    """The code of the app, or a recovery code."""

    code = code_field("Code from your app, or a recovery code")

    def clean_code(self) -> str:
        try:
            with limits.guess(f"second factor {self.user.pk}"):
                code: str = super().clean_code()
        except forms.ValidationError:
            sign_in_log.failed_second_factor(self.user)
            raise
        return code


class SecondFactorAgainForm(Styled, mfa_forms.ReauthenticateForm):
    """The same, for somebody signed in."""

    code = code_field("Code from your app, or a recovery code")

    def clean_code(self) -> str:
        with limits.guess(f"second factor {self.user.pk}"):
            code: str = super().clean_code()
        return code


class SetUpAppForm(Styled, ActivateTOTPForm):
    """The first code of an app just set up."""

    code = code_field("Code shown by the app")

    def clean_code(self) -> str:
        with limits.guess(f"second factor {self.user.pk}"):
            code: str = super().clean_code()
        return code


class AddPasskeyForm(Styled, SignupWebAuthnForm):
    """A name for a passkey, and what the browser made."""

    name = forms.CharField(
        label="Name", required=False, max_length=60, help_text="To tell it from others, as Phone."
    )


class PasskeyForm(LoginWebAuthnForm):
    """What the browser made of a passkey, to sign in. Whose it is, the answer itself says."""

    def clean_credential(self) -> Authenticator:
        network = limits.network_of(context.request)
        limits.refuse_if_reached(limits.FAILED_BY_ADDRESS, network)
        try:
            return super().clean_credential()
        except forms.ValidationError:
            limits.hit(limits.FAILED_BY_ADDRESS, network)
            raise


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    """The same, for somebody signed in."""

    def clean_credential(self) -> Authenticator:
        with limits.guess(f"passkey {self.user.pk}"):
            return super().clean_credential()
