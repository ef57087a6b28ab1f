"""Making two accounts one, from the page of the one to keep: whom, then what moves, then done."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.admin import reader_acts
from accounts.admin.reader_forms import MergeForm, OtherAccountForm
from accounts.desk import finding, merging
from accounts.models import User

RIGHT = "accounts.merge_readers"


def url(model_admin: admin.ModelAdmin[Any]) -> URLPattern:
    return path(
        "<int:pk>/merge/",
        model_admin.admin_site.admin_view(partial(_merge_page, model_admin)),
        name="accounts_user_merge",
    )


def _merge_page(model_admin: admin.ModelAdmin[Any], request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the other account, POST shows what would move; with ``sure`` it is done."""
    kept = reader_acts.checked(model_admin, request, pk, RIGHT)
    if request.method != "POST":
        return _show(model_admin, request, kept, OtherAccountForm())
    if "sure" in request.POST:
        return _merge(model_admin, request, kept)
    form = OtherAccountForm(request.POST)
    other = _other(form) if form.is_valid() else None
    if other is None:
        return _show(model_admin, request, kept, form)
    return _ask(model_admin, request, kept, other, form)


def _ask(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    kept: User,
    other: User,
    form: OtherAccountForm,
) -> HttpResponse:
    """What would move, if they can be merged at all."""
    try:
        preview = merging.preview(kept, other)
    except merging.MergeRefused as refusal:
        form.add_error("other", str(refusal))
        return _show(model_admin, request, kept, form)
    sure = MergeForm(initial={"other": other.public_id})
    return _show(model_admin, request, kept, sure, preview=preview, other=other)


def _merge(model_admin: admin.ModelAdmin[Any], request: HttpRequest, kept: User) -> HttpResponse:
    form = MergeForm(request.POST)
    is_valid = form.is_valid()
    public_id: Any = form.cleaned_data.get("other")
    other = User.objects.filter(public_id=public_id).first()
    if other is None:
        return _show(model_admin, request, kept, OtherAccountForm())
    by: Any = request.user
    try:
        if is_valid:
            merging.merge(kept, other, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, "The two accounts are one now. Both addresses are told.")
            return reader_acts.back_to(kept)
        preview = merging.preview(kept, other)
    except merging.MergeRefused as refusal:
        messages.error(request, str(refusal))
        return reader_acts.back_to(kept)
    return _show(model_admin, request, kept, form, preview=preview, other=other)


def _other(form: OtherAccountForm) -> User | None:
    """The one account that was meant; None, and the reason in ``form``, if it is not just one."""
    found = list(finding.exactly(User.objects.all(), form.cleaned_data["other"])[:2])
    if len(found) == 1:
        return found[0]
    form.add_error("other", "There is no account with that address or id.")
    return None


def _show(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    kept: User,
    form: OtherAccountForm | MergeForm,
    *,
    preview: merging.Preview | None = None,
    other: User | None = None,
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Merge another account into this one",
        "button": "Merge them now" if preview else "Show what would move",
        "form": form,
        "reader": kept,
        "preview": preview,
        "other": other,
    }
    return TemplateResponse(request, "accounts/desk/merge.html", context)
