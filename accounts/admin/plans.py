"""Plans, and other numbers of devices for single readers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import DeviceOverride, Plan, Price
from articles.desk.admin.base import DeskModelAdmin, OrderedRows


class PriceRows(OrderedRows):
    model = Price
    intro = "What it costs. Who subscribed at another price keeps it."
    fields = ["interval", "currency", "amount", "trial_days", "is_offered", "position"]


@admin.register(Plan)
class PlanAdmin(DeskModelAdmin):
    menu = (72, "Plans")
    list_display = ["name", "device_limit", "is_offered", "position"]
    search_fields = ["name"]
    fields = ["name", "slug", "description", "device_limit", "is_offered", "position"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [PriceRows]


@admin.register(DeviceOverride)
class DeviceOverrideAdmin(DeskModelAdmin):
    """Who has another number of devices, and until when. Changed on the reader's page."""

    list_display = ["user", "limit", "until", "reason"]
    list_display_links = None
    list_select_related = ["user"]
    search_fields = ["user__email"]
    ordering = ["until"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
