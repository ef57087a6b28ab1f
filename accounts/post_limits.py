"""What each form of an account is counted against (rules §11): one table, asked before the form.

Strict limits on wrong guesses stand beside the guess, in forms and views; here are the wide ones,
which keep a script from hammering and a household or an office from noticing. A test walks all
addresses of the accounts and fails on one that is not here.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts import limits
from accounts.limits import Limit


@dataclass(frozen=True, slots=True)
class Row:
    """Counted for the visitor's network and, where they are signed in, for the account."""

    by_network: Limit | None = None
    by_account: Limit | None = None


LINKS = Limit("links-of-mails", 600, 60)
OPENINGS = Limit("openings", 600, 60)
NEW_PASSWORDS = Limit("new-passwords", 20, 60)
ACTS = Limit("acts", 60, 60)

_OWN = Row(by_account=ACTS)
_LINK = Row(by_network=LINKS)
_ASKS_MAIL = Row(by_network=limits.ASKED_MAILS)
# Nothing to guess, nothing to flood: it ends a session.
_FREE = Row()
# Only looked at.
_PAGE = Row()

TABLE: dict[str, Row] = {
    # Ways in.
    "account_login": Row(limits.SIGN_INS),
    "account_request_login_code": _ASKS_MAIL,
    "account_confirm_login_code": Row(limits.SIGN_INS),
    "mfa_login_webauthn": Row(limits.SIGN_INS),
    "mfa_authenticate": Row(limits.SIGN_INS),
    "account_signup": Row(limits.SIGN_UPS),
    "account_reset_password": _ASKS_MAIL,
    "account_reset_password_from_key": Row(NEW_PASSWORDS),
    "account_confirm_email": _LINK,
    "accounts:device-choose": Row(limits.SIGN_INS),
    # Once more, before something that matters.
    "account_reauthenticate": _OWN,
    "mfa_reauthenticate": _OWN,
    "mfa_reauthenticate_webauthn": _OWN,
    "account_change_password": _OWN,
    "mfa_activate_totp": _OWN,
    # One's own things.
    "account_set_password": _OWN,
    "mfa_add_webauthn": _OWN,
    "mfa_remove_webauthn": _OWN,
    "mfa_deactivate_totp": _OWN,
    "mfa_generate_recovery_codes": _OWN,
    "accounts:name": _OWN,
    "accounts:device-sign-out": _OWN,
    "accounts:device-sign-out-others": _OWN,
    "accounts:sign-out-everywhere": _OWN,
    "accounts:notifications": _OWN,
    "accounts:follow": _OWN,
    "accounts:open-story": Row(OPENINGS, ACTS),
    "account_email": _OWN,
    "accounts:export": _OWN,
    "accounts:delete": _OWN,
    "accounts:closed": _LINK,
    # Money: each also counted strictly where the provider is asked.
    "accounts:subscribe": _OWN,
    "accounts:cancel": _OWN,
    "accounts:resume": _OWN,
    "accounts:portal": _OWN,
    "accounts:mend-payment": _LINK,
    "accounts:test-checkout": _LINK,
    "accounts:test-invoice": _LINK,
    "accounts:test-portal": _PAGE,
    # Signed by the provider, which may send thousands at once.
    "accounts:webhook": _FREE,
    "accounts:subscribed": _PAGE,
    "accounts:subscription": _PAGE,
    # By the key of a mail; mail programs press for many readers from one network.
    "accounts:notifications-by-mail": _LINK,
    "accounts:unsubscribe": _LINK,
    "accounts:email-confirm": _LINK,
    "accounts:email-stop": _LINK,
    "accounts:bring-back": _LINK,
    "account_logout": _FREE,
    "allauth.account.views.LogoutView": _FREE,
    "account_inactive": _PAGE,
    "account_email_verification_sent": _PAGE,
    "account_reset_password_done": _PAGE,
    "account_reset_password_from_key_done": _PAGE,
    "mfa_list_webauthn": _PAGE,
    "mfa_index": _PAGE,
    "mfa_view_recovery_codes": _PAGE,
    "accounts:overview": _PAGE,
    "accounts:privacy": _PAGE,
    "accounts:export-file": _PAGE,
    "accounts:plans": _PAGE,
    "accounts:devices": _PAGE,
    "accounts:signed-out": _PAGE,
}
_NOBODY = Row()


def count(request: HttpRequest, name: str) -> None:
    """Count a POST to the address called ``name``. Raises ``TooMany``."""
    row = TABLE.get(name, _NOBODY)
    if row.by_network is not None:
        limits.hit(row.by_network, limits.network_of(request))
    if row.by_account is not None and request.user.is_authenticated:
        limits.hit(row.by_account, str(request.user.pk))
