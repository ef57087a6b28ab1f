"""Readers and staff: what they may read, on which devices they are signed in, what they may do."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts import devices, entitlements, notices, roles, sign_in, standing, times
from accounts.models import Device, DeviceOverride, Subscription, User
from accounts.privacy import suppression
from articles import events
from articles.desk.admin.base import DeskForm, DeskModelAdmin
from articles.models import Event


class NewPersonForm(DeskForm):
    """An account made at the desk; its address counts as confirmed."""

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="8 characters or more. Give it to the person; they can change it.",
    )

    class Meta:
        model = User
        fields = ["email", "name"]
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "username"})}

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's own signature
        self.instance.set_password(self.cleaned_data["password"])
        return super().save(commit=commit)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why, for the desk", max_length=300)


@admin.register(User)
class ReaderAdmin(DeskModelAdmin):
    menu = (70, "Readers")
    target_kind = "reader"
    list_display = ["email", "name", "access", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]
    search_help_text = "Address or name"
    ordering = ["-date_joined"]
    change_form_template = "accounts/desk/reader.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("subscriptions__plan")

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
        shown = ["email", "name", "public_id", "date_joined", "last_login"]
        return [*shown, "is_active", "is_staff", "groups", "is_superuser"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = [] if obj is None else ["email", "public_id", "date_joined", "last_login"]
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
        extra = {} if reader is None else self._about(request, reader)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sign_out_view)
        return [
            path("<int:pk>/sign-out/", view, name="accounts_user_sign_out"),
            path(
                "by-id/<uuid:public_id>/",
                self.admin_site.admin_view(self.by_public_id_view),
                name="accounts_user_by_public_id",
            ),
            *super().get_urls(),
        ]

    def by_public_id_view(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Lead from the id in the log to the person, those who may see readers."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        reader = get_object_or_404(User, public_id=public_id)
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[reader.pk]))

    def sign_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign a reader out everywhere, with a reason."""
        reader = get_object_or_404(User, pk=pk)
        if not request.user.has_perm("accounts.change_device"):
            raise PermissionDenied
        form = ReasonForm(request.POST or None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            ended = _sign_out(reader, form.cleaned_data["reason"], request)
            messages.success(request, f"Signed out on {ended} device{'' if ended == 1 else 's'}.")
            return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Sign this reader out everywhere?",
            "button": "Sign out everywhere",
            "form": form,
            "reader": reader,
        }
        return TemplateResponse(request, "accounts/desk/act.html", context)

    def _about(self, request: HttpRequest, reader: User) -> dict[str, Any]:
        now, zone = timezone.now(), timezone.get_current_timezone()
        found = Subscription.objects.filter(user=reader).select_related("plan")
        return {
            "standing": standing.of(reader, now, zone),
            "reader_subscriptions": [(row, entitlements.state_of(row, now)) for row in found],
            "reader_devices": [
                (device.name, times.seen(device.last_seen_at, now=now, zone=zone))
                for device in devices.live(reader)
            ],
            "device_limit": devices.limit_of(reader, now),
            "override": DeviceOverride.objects.filter(user=reader).first(),
            "may_override": request.user.has_perm("accounts.add_deviceoverride"),
            "may_give": request.user.has_perm("accounts.add_subscription"),
            "may_sign_out": request.user.has_perm("accounts.change_device"),
        }


def _is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _manages_staff(request: HttpRequest) -> bool:
    """Who makes accounts makes them staff, too; others with a right to change do not."""
    return request.user.has_perm("accounts.add_user")


def _sign_out(reader: User, reason: str, request: HttpRequest) -> int:
    ended = devices.end_others(
        reader, None, ending=Device.Ending.BY_THE_DESK, by="", at=timezone.now()
    )
    events.record(
        Event.Kind.CHANGED,
        actor=request.user,
        target_kind="reader",
        target_id=reader.public_id,
        note=f"Signed out everywhere: {reason}",
    )
    for device in ended:
        notices.tell_signed_out(device)
    return len(ended)
