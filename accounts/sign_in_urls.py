"""allauth's pages at our addresses, under the names its flows reverse. Only those we style."""

from allauth.account import views as account
from django.urls import path, re_path

from accounts import lazily
from accounts.views import email_change, privacy, sign_in
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
    path(
        "account/passkeys/",
        lazily.view("accounts.views.passkeys.Passkeys"),
        name="mfa_list_webauthn",
    ),
    path(
        "account/passkeys/add/",
        lazily.view("accounts.views.passkeys.AddPasskey"),
        name="mfa_add_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/remove/",
        lazily.view("accounts.views.passkeys.RemovePasskey"),
        name="mfa_remove_webauthn",
    ),
    path(
        "account/passkeys/again/",
        lazily.view("accounts.views.passkeys.PasskeyAgain"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "account/passkeys/sign-in/",
        lazily.view("allauth.mfa.webauthn.views.login_webauthn"),
        name="mfa_login_webauthn",
    ),
    path("account/second-factor/", lazily.view("allauth.mfa.base.views.index"), name="mfa_index"),
    path(
        "account/second-factor/enter/",
        lazily.view("allauth.mfa.base.views.authenticate"),
        name="mfa_authenticate",
    ),
    path(
        "account/second-factor/again/",
        lazily.view("allauth.mfa.base.views.reauthenticate"),
        name="mfa_reauthenticate",
    ),
    path(
        "account/second-factor/app/",
        lazily.view("accounts.views.second_factor.SetUpApp"),
        name="mfa_activate_totp",
    ),
    path(
        "account/second-factor/app/remove/",
        lazily.view("accounts.views.second_factor.RemoveApp"),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/second-factor/codes/",
        lazily.view("allauth.mfa.recovery_codes.views.view_recovery_codes"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/second-factor/codes/new/",
        lazily.view("accounts.views.second_factor.NewCodes"),
        name="mfa_generate_recovery_codes",
    ),
]
