"""Plans, and other numbers of devices for single readers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import DeviceOverride, Plan, Price
from articles import events
from articles.desk.admin.base import DeskModelAdmin, OrderedRows
from articles.models import Event


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
    """Another number of devices for one reader, until a day."""

    audited = False
    list_display = ["user", "limit", "until", "reason"]
    search_fields = ["user__email"]
    autocomplete_fields = ["user"]
    fields = ["user", "limit", "until", "reason"]

    def audit_target(self, obj: Any) -> dict[str, Any]:
        return {"target_kind": "reader", "target_id": obj.user.public_id}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        _record(request, obj, obj.reason, {"limit": obj.limit, "until": obj.until.isoformat()})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        _record(request, obj, "Taken back", {"limit": None})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset.select_related("user"):
            self.delete_model(request, obj)


def _record(
    request: HttpRequest, override: DeviceOverride, note: str, details: dict[str, Any]
) -> None:
    events.record(
        Event.Kind.DEVICES_CHANGED,
        actor=request.user,
        target_kind="reader",
        target_id=override.user.public_id,
        note=note,
        details=details,
    )
