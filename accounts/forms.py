"""The forms of the account pages: allauth's rules, our words and marks."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.fields import EmailField, PasswordField, SetPasswordField
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponseBase

from accounts import limits
from accounts.models import User

PASSWORD_HINT = "8 characters or more. A short sentence works well."  # noqa: S105


class Styled:
    """Inputs as the style sheet wants them: a class, no placeholder in place of a label."""

    fields: dict[str, forms.Field]
    label_suffix: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.style()

    def style(self) -> None:
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "input"


def _email(autocomplete: str = "email") -> EmailField:
    return EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address with an @ sign, as name@example.com",
        },
    )


def code_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter the code"},
    )


def _password(label: str) -> PasswordField:
    field = PasswordField(label=label, autocomplete="current-password")
    field.error_messages["required"] = "Enter your password"
    return field


def _new_password(label: str) -> SetPasswordField:
    field = SetPasswordField(label=label, help_text=PASSWORD_HINT)
    field.error_messages["required"] = "Choose a password"
    return field


def _full_name(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label="Name",
        max_length=120,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )


class SignInForm(Styled, allauth_forms.LoginForm):
    """``login`` (the e-mail address) and ``password``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _email("username")
        self.fields["password"] = _password("Password")
        self.order_fields(["login", "password"])
        self.style()


class SignUpForm(Styled, allauth_forms.SignupForm):
    """A new account: name, e-mail address, password."""

    name = _full_name(required=True)
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = _email()
        self.fields["password1"] = PasswordField(
            label="Password", autocomplete="new-password", help_text=PASSWORD_HINT
        )
        self.fields["password1"].error_messages["required"] = "Choose a password"
        self.order_fields(self.field_order)
        self.style()

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponseBase | None]:
        if self.account_already_exists:
            # As long as a new account takes, so that the time does not tell them apart.
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponseBase | None] = super().try_save(request)
        return saved

    def custom_signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        assert isinstance(user, User)  # noqa: S101 - the only kind there is
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class AskCodeForm(Styled, allauth_forms.RequestLoginCodeForm):
    """Asks for a code by e-mail: one a minute for an address."""

    email = _email("username")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        limits.hit(limits.MAIL_A_MINUTE, f"code {email}")
        limits.hit(limits.MAILS_AN_HOUR, f"code {email}")
        return email


class CodeForm(Styled, allauth_forms.ConfirmLoginCodeForm):
    """The code from the mail."""

    code = code_field("Code from the e-mail")

    def clean_code(self) -> str:
        # Pasted codes bring spaces along.
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        code: str = super().clean_code()
        return code


class AskResetForm(Styled, allauth_forms.ResetPasswordForm):
    """Asks for a link to choose a new password: one a minute for an address."""

    email = _email("username")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        limits.hit(limits.MAIL_A_MINUTE, f"reset {email}")
        limits.hit(limits.MAILS_AN_HOUR, f"reset {email}")
        return email


class NewPasswordForm(Styled, allauth_forms.ResetPasswordKeyForm):
    """A new password by the link of the mail."""

    password1 = _new_password("New password")
    password2 = None  # type: ignore[assignment]


class SetPasswordForm(Styled, allauth_forms.SetPasswordForm):
    """A first password for an account that has none."""

    password1 = _new_password("Password")
    password2 = None  # type: ignore[assignment]


class ChangePasswordForm(Styled, allauth_forms.ChangePasswordForm):
    """The old password and a new one."""

    oldpassword = _password("Current password")
    password1 = _new_password("New password")
    password2 = None  # type: ignore[assignment]

    def clean_oldpassword(self) -> str:
        assert self.user is not None  # noqa: S101 - the page asks for a sign-in first
        with limits.guess(f"password {self.user.pk}"):
            password: str = super().clean_oldpassword()
        return password


class PasswordAgainForm(Styled, allauth_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    password = _password("Password")


class NameForm(Styled, forms.ModelForm[User]):
    """The name a reader goes by."""

    name = _full_name(required=False)

    class Meta:
        model = User
        fields = ["name"]


class ChangeAddressForm(Styled, forms.Form):
    """Another e-mail address: one mail a minute from an account, and to an address."""

    email = _email()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].label = "New e-mail address"

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.user.email:
            raise forms.ValidationError("That is your address already.")
        for whom in (f"change by {self.user.pk}", f"change to {email}"):
            limits.hit(limits.MAIL_A_MINUTE, whom)
            limits.hit(limits.MAILS_AN_HOUR, whom)
        return email
