"""Every address of the site. Fixed ones first; sections, which an editor names, come last."""

from django.contrib import admin
from django.urls import include, path

from newsroom import views

handler429 = "accounts.views.refusals.too_many"

urlpatterns = [
    path("", views.front, name="front"),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    # Last: /<section>/ takes every word that is left.
    path("", include("articles.site.urls")),
]
