"""The publication's own facts: one row, one page, straight from the menu."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles.desk.admin.base import DeskForm, DeskModelAdmin
from articles.models import Publication


class PublicationForm(DeskForm):
    zone = forms.ChoiceField(
        label="Time zone",
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
        help_text="Dates in addresses and on pages, and times at the desk, follow it.",
    )


@admin.register(Publication)
class PublicationAdmin(DeskModelAdmin):
    menu = (80, "Publication")
    form = PublicationForm
    fieldsets = [
        (None, {"fields": ["name", "place", "zone", "language"]}),
        ("Readers", {"fields": ["rights_note", "contact_email", "contact_address"]}),
        ("Meter", {"fields": [("meter_anonymous", "meter_registered")]}),
        ("Machines", {"fields": ["allows_ai_crawlers"]}),
        ("Weather in the masthead", {"fields": [("latitude", "longitude")]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:articles_publication_change", args=[1]))
