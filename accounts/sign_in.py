"""Signing in and out: what we change of allauth's ways (rules §11)."""

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.account.stages import LoginStage
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import devices, limits, notices, openings_cookie, sign_in_log, trail
from accounts.billing import readdressing
from accounts.device_names import name_of
from accounts.models import Device, User
from accounts.privacy import closing, suppression
from accounts.publication import publication
from accounts.readers import DEVICE_SESSION_KEY, DEVICE_STAGE
from articles.models import Event

DEMO_PASSWORD = "demo-newsroom"  # noqa: S105 - printed on the demo's console, refused elsewhere


CLOSED_SESSION_KEY = "closed_account"
_PROVEN_WITH = "proven_with"
# Mails that say there is no account, or that there is one: a closed one is shown the way back.
_ABOUT_ACCOUNTS = {"account/email/unknown_account", "account/email/account_already_exists"}


class MailNotSent(Exception):
    """The mail a person waits for could not be handed over."""


class Backend(AuthenticationBackend):
    """E-mail address and password; the demo's password opens nothing in production."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        if settings.IS_PRODUCTION and credentials.get("password") == DEMO_PASSWORD:
            credentials["password"] = f"refused {DEMO_PASSWORD}"
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user


class DeviceStage(LoginStage):
    """The last step of every sign-in: a slot for this browser, or the choice of one to end."""

    key = DEVICE_STAGE
    urlname = "accounts:device-choose"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        assert isinstance(user, User)  # noqa: S101 - earlier stages hold back everyone else
        claim = devices.claim(user, browser_of(self.request), at=timezone.now())
        if claim.device is None:
            self.login.state[_PROVEN_WITH] = user.get_session_auth_hash()
            return redirect(self.urlname), True
        admit(self.request, claim)
        return None, True


def is_still_good(login: Any) -> bool:
    """Whether a sign-in that waits for a slot may go on: its account is open, and the password is
    that of then."""
    user = login.user
    if not isinstance(user, User) or not user.is_active:
        return False
    return bool(login.state.get(_PROVEN_WITH) == user.get_session_auth_hash())


class Adapter(DefaultAccountAdapter):
    """allauth as this site wants it."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That address and password do not belong together. Check both.",
        "enter_current_password": "That is not your current password",
        "incorrect_password": "That is not your password",
        "incorrect_code": "That code is not right. Check it, or ask for a new one.",
        "invalid_password_reset": "This link is used or too old. Ask for a new one.",
        "too_many_login_attempts": "Too many tries. Ask for a new code.",
        "rate_limited": "Too many tries. Wait a minute and try again.",
    }

    def get_login_stages(self) -> list[str]:
        # Last: nobody takes a slot, or learns of devices, before every other proof is given.
        stages: list[str] = super().get_login_stages()
        return [*stages, "accounts.sign_in.DeviceStage"]

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  # allauth's signature
        saved = super().save_user(request, user, form, commit=commit)
        if commit:
            openings_cookie.carry_over(request, user, at=timezone.now())
        return saved

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        device: Device = request.admitted_device  # type: ignore[attr-defined]
        with transaction.atomic():
            super().login(request, user)
            request.session[DEVICE_SESSION_KEY] = device.pk
            given = [record["method"] for record in get_authentication_records(request, user)]
            sign_in_log.signed_in(user, by=given, device=device.name)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        with transaction.atomic():
            end_here(request)
            if isinstance(user, User):
                sign_in_log.signed_out(user)
            super().logout(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        limits.refuse_if_reached(limits.FAILED_BY_ADDRESS, limits.network_of(request))
        limits.refuse_if_reached(limits.FAILED_BY_ACCOUNT, credentials.get("email", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            # Asked again: of many guesses made at once, none after the fifth failure gets in.
            self.pre_authenticate(request, **credentials)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in_log.failed(credentials.get("email", ""), by="password")
        limits.hit(limits.FAILED_BY_ADDRESS, limits.network_of(request))
        limits.hit(limits.FAILED_BY_ACCOUNT, credentials.get("email", ""))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        # allauth calls this after a reset: who can read the mail is the owner.
        limits.forget(limits.FAILED_BY_ACCOUNT, credentials.get("email", ""))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        assert isinstance(user, User)  # noqa: S101 - the only kind there is
        closed = closing.closed(user.email, at=timezone.now())
        if closed is not None:
            # The right proof was given: the page may say what it says to the owner alone.
            request.session[CLOSED_SESSION_KEY] = closed.pk
        return redirect("account_inactive")

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            suppression.lift(email_address.email)
            # One that the desk corrected.
            readdressing.ask(email_address.user)
        return confirmed

    def is_safe_url(self, url: str) -> bool:
        """Whether a ``next`` stays on this site: a path of ours and nothing else."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/account/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        context["publication"] = publication()
        closed = None
        if template_prefix in _ABOUT_ACCOUNTS:
            closed = closing.closed(email, at=timezone.now())
        try:
            if closed is not None:
                closing.send_way_back(closed)
            else:
                super().send_mail(template_prefix, email, context)
        except OSError as error:
            # smtplib's errors are OSErrors too.
            raise MailNotSent(template_prefix) from error

    def send_confirmation_mail(
        self,
        request: HttpRequest,
        emailconfirmation: Any,
        signup: bool,  # noqa: FBT001  # allauth's signature
    ) -> None:
        # The link sent a moment ago still works: nobody's mailbox is flooded by our forms.
        with suppress(limits.TooMany):
            _count_mail(emailconfirmation.email_address.email)
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_account_already_exists_mail(self, email: str) -> None:
        with suppress(limits.TooMany):
            _count_mail(email)
            super().send_account_already_exists_mail(email)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        # What it tells of is done already: a mail server that is down undoes nothing.
        with suppress(MailNotSent):
            super().send_notification_mail(*args, **kwargs)

    def format_email_subject(self, subject: str) -> str:
        return subject


def browser_of(request: HttpRequest) -> devices.Browser:
    """The browser that asks: the key of its cookie, a new one if it has none, and its name."""
    key = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    if not devices.is_key(key):
        key = getattr(request, "new_device_key", "") or devices.new_key()
        request.new_device_key = key  # type: ignore[attr-defined] # the middleware sends it
    return devices.Browser(key=key, name=name_of(request.headers.get("User-Agent", "")))


def admit(request: HttpRequest, claim: devices.Claim) -> None:
    """Remember the slot for the session about to begin, and tell the owner by mail."""
    device = claim.device
    assert device is not None  # noqa: S101
    request.admitted_device = device  # type: ignore[attr-defined]
    if claim.is_new:
        notices.tell_new_device(device)
    for ended in claim.ended:
        notices.tell_signed_out(ended)


def end_here(request: HttpRequest) -> None:
    """Give back the slot of this session's device."""
    user = request.user
    device_id = request.session.get(DEVICE_SESSION_KEY)
    if isinstance(user, User) and device_id is not None:
        devices.end_one(user, device_id, ending=Device.Ending.SIGNED_OUT, by="", at=timezone.now())


def end_everywhere(request: HttpRequest, user: User) -> None:
    """Sign out all devices of ``user``, the others told by mail, this one without a word."""
    here = request.session.get(DEVICE_SESSION_KEY)
    name = browser_of(request).name
    elsewhere = Device.Ending.SIGNED_OUT_ELSEWHERE
    at = timezone.now()
    for device in devices.end_others(user, here, ending=elsewhere, by=name, at=at):
        notices.tell_signed_out(device)
    Adapter(request).logout(request)


def _count_mail(email: str) -> None:
    """One confirmation a minute for an address. Raises ``TooMany``."""
    limits.hit(limits.MAIL_A_MINUTE, f"confirm {email}")
    limits.hit(limits.MAILS_AN_HOUR, f"confirm {email}")


@receiver(email_confirmed)
def record_confirmed(email_address: EmailAddress, **kwargs: Any) -> None:
    """Write down that the owner proved the address, by a link or a code: the desk is asked."""
    trail.record(Event.Kind.ADDRESS_CONFIRMED, email_address.user)


def confirm_address(user: User) -> None:
    """Hold the account's address for confirmed, as for staff whom an operator enters."""
    user.emailaddress_set.update_or_create(
        email=user.email, defaults={"verified": True, "primary": True}
    )
