"""Readers and staff: what they may read, on which devices they are signed in, what they may do."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts import devices, entitlements, roles, sign_in, standing, times
from accounts.admin import reader_acts, reader_export, reader_merge
from accounts.admin.reader_filters import ReaderState
from accounts.admin.reader_forms import NewPersonForm
from accounts.desk import corrections, finding, timeline
from accounts.models import DeviceOverride, Merger, Subscription, User
from accounts.privacy import suppression
from articles.desk.admin.base import LONGEST_SEARCH, DeskModelAdmin


@admin.register(User)
class ReaderAdmin(DeskModelAdmin):
    menu = (70, "Readers")
    target_kind = "reader"
    list_display = ["email", "name", "access", "is_staff", "is_active", "date_joined"]
    list_filter = [ReaderState, "is_staff", "is_active"]
    # Where to look is said by ``finding``; the admin asks only whether there is a search.
    search_fields = ["email", "name"]
    search_help_text = "Address, name, or an id of the reader"
    ordering = ["-date_joined", "-pk"]
    change_form_template = "accounts/desk/reader.html"
    change_list_template = "accounts/desk/readers.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("subscriptions__plan")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return finding.find(queryset, search_term[:LONGEST_SEARCH]), False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        # Nobody finds out by filters how a password's hash begins.
        if lookup.startswith("password"):
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="Access")
    def access(self, obj: User) -> str:
        zone = timezone.get_current_timezone()
        return standing.of(obj, timezone.now(), zone).sentence

    def audit_target(self, obj: Any) -> dict[str, Any]:
        return {"target_kind": "reader", "target_id": obj.public_id}

    def audit_url(self, target_id: str) -> str:
        return reverse("admin:accounts_user_by_public_id", args=[target_id])

    def get_form(  # type: ignore[override]  # ``change`` passes through
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = NewPersonForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["email", "name", "password", "is_staff", "groups"]
        shown = ["email", "name", "public_id", "date_joined", "last_login", "is_active"]
        if not (obj.is_staff or _manages_staff(request)):
            return shown
        return [*shown, "is_staff", "groups", "is_superuser"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = [] if obj is None else ["email", "public_id", "date_joined", "last_login"]
        if obj is not None and Merger.objects.filter(emptied=obj).exists():
            fixed.append("is_active")
        if not _manages_staff(request):
            fixed += ["is_staff", "groups"]
        return fixed if _is_operator(request) else [*fixed, "is_superuser"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The subscriptions desk changes readers, the chief editor staff, and only an operator
        # an operator; nobody raises themselves.
        allowed = super().has_change_permission(request, obj)
        if obj is None or _is_operator(request):
            return allowed
        if obj.is_superuser or obj.pk == request.user.pk:
            return False
        return allowed and (_manages_staff(request) or not obj.is_staff)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Erasing an account is a task of its own, with what the law asks for; here it is
        # switched off.
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        form.roles_before = roles.of(obj) if change else roles.NOBODY
        if not change and suppression.holds(obj.email):
            obj.wants_story_mail = False
        super().save_model(request, obj, form, change)
        if not change:
            sign_in.confirm_address(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        roles.record_change(form.instance, before=form.roles_before, by=request.user)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        reader = self.get_object(request, object_id)
        extra = {}
        if reader is not None and self.has_view_or_change_permission(request, reader):
            extra = self._about(request, reader)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self) -> list[URLPattern]:
        return [
            reader_export.url(self),
            reader_merge.url(self),
            *reader_acts.urls(self),
            path(
                "by-id/<uuid:public_id>/",
                self.admin_site.admin_view(self.by_public_id_view),
                name="accounts_user_by_public_id",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"may_export": request.user.has_perm(reader_export.RIGHT)}
        return super().changelist_view(request, {**(extra_context or {}), **extra})

    def by_public_id_view(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Lead from the id in the log to the person, those who may see readers."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        reader = get_object_or_404(User, public_id=public_id)
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[reader.pk]))

    def _about(self, request: HttpRequest, reader: User) -> dict[str, Any]:
        now, zone = timezone.now(), timezone.get_current_timezone()
        found = Subscription.objects.filter(user=reader).select_related("plan")
        may_act = self.has_change_permission(request, reader)
        rights = {name: may_act and may for name, may in reader_acts.rights(request).items()}
        return {
            "standing": standing.of(reader, now, zone),
            "reader_subscriptions": [(row, entitlements.state_of(row, now)) for row in found],
            "reader_devices": [
                (device.name, times.seen(device.last_seen_at, now=now, zone=zone))
                for device in devices.live(reader)
            ],
            "device_limit": devices.limit_of(reader, now),
            "override": DeviceOverride.objects.filter(user=reader, until__gt=now).first(),
            "is_confirmed": corrections.is_confirmed(reader),
            "merged_into": Merger.objects.filter(emptied=reader).select_related("kept").first(),
            "merged_from": reader.merged_from.select_related("emptied"),
            "timeline": timeline.page_of(
                reader,
                with_notes=request.user.has_perm("accounts.view_note"),
                before=request.GET.get("before", ""),
            ),
            "may_give": request.user.has_perm("accounts.add_subscription"),
            "may_merge": may_act and request.user.has_perm(reader_merge.RIGHT),
            **rights,
        }


def _is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _manages_staff(request: HttpRequest) -> bool:
    """Who makes accounts makes them staff, too; others with a right to change do not."""
    return request.user.has_perm("accounts.add_user")
