"""Every address of the site. Fixed ones first; sections, which an editor names, come last."""

from django.contrib import admin
from django.urls import include, path

from newsroom import health, views
from newsroom.metrics import metrics

urlpatterns = [
    path("", views.front, name="front"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("articles.desk.urls")),
    # Last: /<section>/ takes every word that is left.
    path("", include("articles.site.urls")),
]

handler400 = "newsroom.views.bad_request"
handler403 = "newsroom.views.permission_denied"
handler404 = "newsroom.views.not_found"
handler429 = "accounts.views.refusals.too_many"
handler500 = "newsroom.views.server_error"
