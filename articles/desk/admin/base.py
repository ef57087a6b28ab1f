"""What every page of the desk shares. Build your admin classes on ``DeskModelAdmin``."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.deletion import ProtectedError
from django.forms.models import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from js_asset.media import Media

from articles import events
from articles.desk import log
from articles.desk.autocomplete import OneByName, SomeByName, SomeThings
from articles.desk.capped_pages import CappedPages
from articles.desk.moment_field import MomentField, MomentInput
from articles.models import Event

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    StackedInline = admin.StackedInline

LONGEST_SEARCH = 500
"""Letters."""

# The browser's own date, time and address fields: labelled, and usable without scripts. The
# admin's calendars have inputs without labels.
NATIVE_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
    models.URLField: {
        "form_class": forms.URLField,
        "widget": forms.URLInput,
        "assume_scheme": "https",
    },
}


class DeskForm(ModelForm[Any]):
    """A form whose labels end without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A browser would cut a longer paste without a word; the server says what is too long.
            field.widget.attrs.pop("maxlength", None)


class _PlainFields:
    """Fields without the pencil, plus and eye that lead away from what one is writing."""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest | None, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            widget = SomeByName if db_field.many_to_many else OneByName
            if db_field.many_to_many:
                kwargs["form_class"] = SomeThings
            kwargs["widget"] = widget(db_field, self.admin_site)  # type: ignore[attr-defined]
        field: forms.Field | None = super().formfield_for_dbfield(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class DeskModelAdmin(_PlainFields, ModelAdmin):
    """A model of the desk.

    ``menu`` puts it into the desk's menu: (order, name), or None to keep it out. Each addition,
    change and deletion leaves an audit event in its own transaction, unless ``audited`` is off.
    ``target_kind`` is what events call such a thing; empty: the model's name.
    """

    menu: ClassVar[tuple[int, str] | None] = None
    audited: ClassVar[bool] = True
    target_kind: ClassVar[str] = ""

    form = DeskForm
    formfield_overrides = NATIVE_FIELDS
    show_full_result_count = False
    paginator = CappedPages
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions: Any = None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # The editor's import map is an inline script: it runs only with the page's nonce.
        context["media"] = Media.from_media(  # type: ignore[no-untyped-call]
            context["media"], nonce=getattr(request, "csp_nonce", "")
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """As Django, for a term of bounded length: databases refuse to look for very long ones."""
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def audit_target(self, obj: Any) -> dict[str, Any]:
        """What the audit trail calls ``obj``. Readers go by their random id and no name."""
        return {
            "target_kind": self.target_kind or self.opts.model_name,
            "target_id": obj.pk,
            "target_name": str(obj),
        }

    def audit_url(self, target_id: str) -> str:
        """The page of the thing that an event names."""
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[target_id]
        )

    # Django's own log of the admin would name readers by their address; ours takes its place.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._audit(request, obj, "Added")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:
            self._audit(request, obj, "Changed", details={"changes": message})

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._audit(request, obj, "Deleted")

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The events of one thing, newest first, for those who may see the thing."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        target = self.audit_target(obj)
        page = log.page_of(
            target["target_kind"], target["target_id"], before=request.GET.get("before", "")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": "Log",
            "object": obj,
            "opts": self.opts,
            "log": page,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "desk/log.html", context)

    def _audit(
        self, request: HttpRequest, obj: Any, note: str, details: dict[str, Any] | None = None
    ) -> None:
        # Django calls the log methods inside the transaction of the change.
        if self.audited:
            events.record(
                Event.Kind.CHANGED,
                actor=request.user,
                note=note,
                details=details,
                **self.audit_target(obj),
            )

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            # It came into use between the question and the answer.
            messages.error(request, "It is in use and stays. Nothing was deleted.")
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))


class OrderedRows(_PlainFields, StackedInline):
    """Rows that are dragged into order; without scripts the order is a number.

    ``panel`` "side" puts them beside the text; ``intro`` is a sentence above them.
    """

    panel: ClassVar[str] = ""
    intro: ClassVar[str] = ""

    form = DeskForm
    formfield_overrides = NATIVE_FIELDS
    template = "desk/rows.html"
    extra = 0

    class Media:
        js = [forms.Script("desk/rows.js", defer=True)]
