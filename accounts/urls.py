"""The readers' own pages, under /account/."""

from django.urls import include, path

from accounts.views import devices, email_change, open_story, overview, privacy, sign_in

app_name = "accounts"

urlpatterns = [
    path("", include("accounts.alerts.urls")),
    path("account/", overview.overview, name="overview"),
    path("account/name/", overview.name, name="name"),
    path("account/open/<int:article_id>/", open_story.open_story, name="open-story"),
    path("account/plans/", overview.plans, name="plans"),
    path("account/devices/", devices.device_list, name="devices"),
    path("account/devices/sign-out/", devices.sign_out_device, name="device-sign-out"),
    path(
        "account/devices/sign-out-others/", devices.sign_out_others, name="device-sign-out-others"
    ),
    path("account/devices/choose/", devices.choose, name="device-choose"),
    path("account/email/confirm/<str:token>/", email_change.confirm, name="email-confirm"),
    path("account/email/stop/<str:token>/", email_change.stop, name="email-stop"),
    path("account/privacy/", privacy.privacy, name="privacy"),
    path("account/privacy/copy/", privacy.ask_export, name="export"),
    path("account/privacy/copy/<int:pk>/", privacy.fetch_export, name="export-file"),
    path("account/privacy/delete/", privacy.delete, name="delete"),
    path("account/closed/", privacy.closed, name="closed"),
    path("account/bring-back/<str:token>/", privacy.bring_back, name="bring-back"),
    path("account/sign-out-everywhere/", sign_in.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/signed-out/", sign_in.signed_out, name="signed-out"),
]
