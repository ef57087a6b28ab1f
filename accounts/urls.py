"""The readers' own pages, under /account/."""

from django.urls import include, path

from accounts.views import (
    devices,
    email_change,
    mend_payment,
    open_story,
    overview,
    plans,
    privacy,
    sign_in,
    subscription,
    test_checkout,
    webhook,
)

app_name = "accounts"

urlpatterns = [
    path("", include("accounts.alerts.urls")),
    path("account/", overview.overview, name="overview"),
    path("account/name/", overview.name, name="name"),
    path("account/open/<int:article_id>/", open_story.open_story, name="open-story"),
    path("account/plans/", plans.plans, name="plans"),
    path("account/subscribe/<int:price_id>/", plans.subscribe, name="subscribe"),
    path("account/subscribed/", plans.subscribed, name="subscribed"),
    path("account/subscription/", subscription.subscription, name="subscription"),
    path("account/subscription/cancel/", subscription.cancel, name="cancel"),
    path("account/subscription/resume/", subscription.resume, name="resume"),
    path("account/subscription/portal/", subscription.portal, name="portal"),
    path("account/mend/<str:token>/", mend_payment.mend_payment, name="mend-payment"),
    path("billing/webhook/", webhook.webhook, name="webhook"),
    path(
        "billing/test-checkout/<str:session_id>/",
        test_checkout.test_checkout,
        name="test-checkout",
    ),
    path("billing/test-portal/<str:customer_id>/", test_checkout.test_portal, name="test-portal"),
    path("billing/test-invoice/<str:token>/", test_checkout.test_invoice, name="test-invoice"),
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
