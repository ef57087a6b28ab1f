"""The mails about stories: what became of each, and sending again where a person must decide."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.alerts import again
from accounts.models import Delivery
from articles.desk.admin.base import DeskModelAdmin
from articles.desk.states import clock

# The badge's shape, as for stories: hollow for what is not done, full for what is.
_SHAPES = {
    Delivery.State.QUEUED: "draft",
    Delivery.State.SENDING: "draft",
    Delivery.State.SENT: "live",
    Delivery.State.UNKNOWN: "changed",
    Delivery.State.FAILED: "unpublished",
    Delivery.State.SKIPPED: "unpublished",
}
_FIELDS = ("story", "reader", "badge", "attempts", "at", "not_before", "error")


@admin.register(Delivery)
class DeliveryAdmin(DeskModelAdmin):
    """Read only, but for one button."""

    menu = (110, "Mails")
    audited = False  # Sending again writes an event of its own.

    list_display = ["story", "reader", "badge", "attempts", "at", "error"]
    list_filter = ["state"]
    list_select_related = ["announcement__article", "reader"]
    search_fields = ["reader__email", "announcement__article__headline"]
    search_help_text = "Reader's address or headline"
    ordering = ["-id"]
    actions = ["send_again"]
    fields = _FIELDS
    readonly_fields = _FIELDS

    def audit_target(self, obj: Any) -> dict[str, Any]:
        return {"target_kind": "reader", "target_id": obj.reader.public_id}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Story", ordering="announcement__article__headline")
    def story(self, delivery: Delivery) -> str:
        return delivery.announcement.article.headline

    @admin.display(description="State", ordering="state")
    def badge(self, delivery: Delivery) -> SafeString:
        state = Delivery.State(delivery.state)
        return format_html(
            '<span class="badge" data-state="{}">{}</span>', _SHAPES[state], state.label
        )

    @admin.display(description="When", ordering="id")
    def at(self, delivery: Delivery) -> str:
        if delivery.sent_at:
            return f"Sent {clock(delivery.sent_at)}"
        if delivery.claimed_at:
            return f"Begun {clock(delivery.claimed_at)}"
        return f"Queued {clock(delivery.created_at)}"

    @admin.action(description="Send again", permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Queue the chosen mails once more, as far as there is something to decide."""
        chosen = queryset.select_related("announcement", "reader")
        done = sum(self._again(request, delivery) for delivery in chosen)
        left = len(chosen) - done
        if done:
            messages.success(request, _mails(done, "will be sent again in a moment."))
        if left:
            messages.warning(
                request,
                _mails(left, "left as it was: only what is unknown or refused is sent again."),
            )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        if delivery is not None and request.method == "POST":
            return self._answer_button(request, delivery)
        may = delivery is not None and delivery.state in again.SENDABLE_AGAIN
        context = {"may_send_again": may and self.has_change_permission(request, delivery)}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def _answer_button(self, request: HttpRequest, delivery: Delivery) -> HttpResponse:
        if not self.has_change_permission(request, delivery):
            raise PermissionDenied
        if "_again" in request.POST and self._again(request, delivery):
            messages.success(request, "The mail will be sent again in a moment.")
        else:
            messages.warning(request, "Nothing was done: the mail is no longer unknown or refused.")
        return HttpResponseRedirect(request.path)

    def _again(self, request: HttpRequest, delivery: Delivery) -> bool:
        try:
            again.send_again(delivery, actor=request.user)
        except again.NotAgain:
            return False
        return True


def _mails(count: int, words: str) -> str:
    return f"{count} {'mail' if count == 1 else 'mails'} {words}"
