"""Subscriptions: given on the form, then extended, cancelled or ended on pages with a reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts import entitlements, subscriptions
from accounts.admin.reader_filters import OpenEnded, SubscriptionState
from accounts.admin.reader_forms import IN_THE_LOG
from accounts.models import Subscription
from articles.desk.admin.base import DeskForm, DeskModelAdmin
from articles.desk.moment_field import MomentField


class GiveForm(DeskForm):
    """A new subscription. What makes no sense is said beside the form, before anything is saved."""

    class Meta:
        model = Subscription
        fields = ["user", "plan", "kind", "starts_at", "ends_at", "reference", "reason"]
        labels = {"user": "Reader"}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        ends_at = cleaned.get("ends_at")
        if ends_at is not None and ends_at <= timezone.now():
            self.add_error("ends_at", "That end is past: nobody could read anything by it.")
        if cleaned.get("kind") == Subscription.Kind.PAID and not cleaned.get("reference"):
            self.add_error("reference", "Name the payment, as the number of the bank transfer.")
        if (user := cleaned.get("user")) is not None and not user.is_active:
            self.add_error("user", "This account is switched off. Choose another one.")
        return cleaned


class ActForm(forms.Form):
    """Why; and for an extension until when."""

    until = MomentField(
        label="Until",
        required=False,
        help_text="In the newsroom's time. Empty: without an end, for complimentary ones only.",
    )
    reason = forms.CharField(label="Why, for the desk", max_length=300, help_text=IN_THE_LOG)

    def __init__(self, *args: Any, asks_until: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if not asks_until:
            del self.fields["until"]


_ACTS = {
    "extend": ("Extend this subscription", "Extend", "Extended."),
    "cancel": ("Cancel this subscription at its end?", "Cancel at its end", "Cancelled."),
    "end": ("End this subscription now?", "End it now", "Ended. Access stops at once."),
}


@admin.register(Subscription)
class SubscriptionAdmin(DeskModelAdmin):
    menu = (71, "Subscriptions")
    audited = False
    form = GiveForm
    list_display = ["user", "plan", "kind", "state", "starts_at", "ends_at"]
    list_filter = [SubscriptionState, OpenEnded, "kind", "plan"]
    list_select_related = ["user", "plan"]
    search_fields = ["user__email", "user__name"]
    search_help_text = "Address or name of the reader"
    autocomplete_fields = ["user"]
    fields = ["user", "plan", "kind", "starts_at", "ends_at", "reference", "reason"]
    change_form_template = "accounts/desk/subscription.html"

    @admin.display(description="State")
    def state(self, obj: Subscription) -> str:
        return entitlements.state_of(obj, timezone.now()).capitalize()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fields(request, obj)
        return [*self.fields, "state", "cancelled_at", "ended_at", "given_by", "created_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # What was given is a fact; only the acts below change it.
        return () if obj is None else self.get_fields(request, obj)

    def audit_target(self, obj: Any) -> dict[str, Any]:
        # What is given is given to a reader: one log for all of it.
        return {"target_kind": "reader", "target_id": obj.user.public_id}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        now = timezone.localtime().replace(second=0, microsecond=0)
        return {"starts_at": now, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if change:
            return
        given = subscriptions.give(
            obj.user,
            obj.plan,
            kind=obj.kind,
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
            reference=obj.reference,
            reason=obj.reason,
            by=request.user,  # type: ignore[arg-type]
        )
        obj.pk = given.pk

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().add_view(request, form_url, extra_context)
        except subscriptions.SubscriptionRefused as refusal:
            # The account was closed between the look at it and the giving.
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:accounts_subscription_changelist"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # It is ended, not erased: the desk must be able to say who read what and why.
        return False

    def get_urls(self) -> list[URLPattern]:
        view: Callable[..., HttpResponse] = self.act_view
        return [
            *(
                path(
                    f"<int:pk>/{act}/",
                    self.admin_site.admin_view(view),
                    {"act": act},
                    name=f"accounts_subscription_{act}",
                )
                for act in _ACTS
            ),
            *super().get_urls(),
        ]

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Ask for the reason on GET, act on POST."""
        subscription = get_object_or_404(Subscription.objects.select_related("user"), pk=pk)
        if not self.has_change_permission(request, subscription):
            raise PermissionDenied
        title, button, done = _ACTS[act]
        form = ActForm(request.POST or None, asks_until=act == "extend")
        if request.method == "POST" and form.is_valid():
            try:
                _do(act, subscription, form.cleaned_data, request)
            except subscriptions.SubscriptionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, done)
                name = "admin:accounts_subscription_change"
                return HttpResponseRedirect(reverse(name, args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "button": button,
            "form": form,
            "subscription": subscription,
        }
        return TemplateResponse(request, "accounts/desk/act.html", context)


def _do(act: str, subscription: Subscription, fields: dict[str, Any], request: HttpRequest) -> None:
    by: Any = request.user
    if act == "extend":
        until, reason = fields["until"], fields["reason"]
        subscriptions.extend(subscription, until=until, reason=reason, by=by)
    elif act == "cancel":
        subscriptions.cancel(subscription, reason=fields["reason"], by=by)
    else:
        subscriptions.end(subscription, reason=fields["reason"], by=by)
