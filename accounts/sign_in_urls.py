"""allauth's pages at our addresses, under the names its flows reverse. Only those we style."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from accounts.views import email_change, passkeys, privacy, second_factor, sign_in
from accounts.views.sign_in import unreferred

urlpatterns = [
    # The desk's own way out would leave the device's slot taken.
    path("admin/logout/", account.logout),
    path("account/sign-in/", account.login, name="account_login"),
    path(
        "account/code/",
        account.request_login_code,
        name="account_request_login_code",
    ),
    path(
        "account/code/enter/",
        sign_in.EnterCode.as_view(),
        name="account_confirm_login_code",
    ),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/sign-up/", account.signup, name="account_signup"),
    path("account/inactive/", privacy.inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path(
        "account/confirm/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^account/confirm/(?P<key>[-:\w]+)/$",
        unreferred(sign_in.ConfirmAddress.as_view()),
        name="account_confirm_email",
    ),
    path("account/email/", email_change.change, name="account_email"),
    path("account/password/", sign_in.ChangePassword.as_view(), name="account_change_password"),
    path("account/password/first/", sign_in.SetPassword.as_view(), name="account_set_password"),
    path(
        "account/reset/",
        account.password_reset,
        name="account_reset_password",
    ),
    path("account/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        unreferred(sign_in.ResetPassword.as_view()),
        name="account_reset_password_from_key",
    ),
    path("account/passkeys/", passkeys.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("account/passkeys/add/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove/",
        passkeys.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(
        "account/passkeys/again/",
        passkeys.PasskeyAgain.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "account/passkeys/sign-in/",
        webauthn.login_webauthn,
        name="mfa_login_webauthn",
    ),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/enter/", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-factor/app/", second_factor.SetUpApp.as_view(), name="mfa_activate_totp"),
    path(
        "account/second-factor/app/remove/",
        second_factor.RemoveApp.as_view(),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/second-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"
    ),
    path(
        "account/second-factor/codes/new/",
        second_factor.NewCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
