"""Every address of the site. Fixed ones first; sections, which an editor names, come last."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
