"""Groups: the roles of the desk and what each may do. For operators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as stock  # noqa: F401  registers its own first
from django.contrib.auth.models import Group, Permission
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from articles import events
from articles.desk.admin.base import DeskModelAdmin
from articles.models import Event

# Django's own writes nothing down.
admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DeskModelAdmin):
    audited = False  # Each change of rights leaves an event of its own.
    search_fields = ["name"]
    ordering = ["name"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            # Boxes to tick: the admin's two lists cannot be used without scripts.
            kwargs["widget"] = CheckboxSelectMultiple
            # Each one prints its kind of thing.
            kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        form.before = _facts(obj.pk)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        _record(request, form.instance.pk, form.before, _facts(form.instance.pk))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        _record(request, obj.pk, _facts(obj.pk), {"name": "", "permissions": []})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


def _facts(pk: int | None) -> dict[str, Any]:
    """The name of a group and what it may do, as they stand in the database."""
    group = Group.objects.filter(pk=pk).first() if pk else None
    if group is None:
        return {"name": "", "permissions": []}
    rights = group.permissions.order_by("content_type__app_label", "codename")
    names = rights.values_list("content_type__app_label", "codename")
    return {"name": group.name, "permissions": [".".join(name) for name in names]}


def _record(request: HttpRequest, pk: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    if before == after:
        return
    had, has = set(before["permissions"]), set(after["permissions"])
    events.record(
        Event.Kind.ROLE_CHANGED,
        actor=request.user,
        target_kind="group",
        target_id=pk,
        target_name=after["name"] or before["name"],
        note="" if before["name"] and after["name"] else "Deleted" if before["name"] else "Added",
        details={
            "from": {"name": before["name"], "rights_lost": sorted(had - has)},
            "to": {"name": after["name"], "rights_gained": sorted(has - had)},
        },
    )
