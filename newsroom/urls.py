"""Every address of the site. Fixed ones first; sections, which an editor names, come last."""

from django.contrib import admin
from django.urls import include, path

from newsroom import views

urlpatterns = [
    path("", views.front, name="front"),
    path("admin/", admin.site.urls),
    # Last: /<section>/ takes every word that is left.
    path("", include("articles.site.urls")),
]
