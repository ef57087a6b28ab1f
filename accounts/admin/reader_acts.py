"""The acts on a reader's page: each a small page of its own that asks, then does, and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts import devices, notices, trail
from accounts.admin import reader_forms
from accounts.desk import corrections, letters, notes, overrides
from accounts.limits import TooMany
from accounts.models import Device, DeviceOverride, User
from articles.models import Event

_REFUSALS = (corrections.CorrectionRefused, overrides.OverrideRefused)


@dataclass(frozen=True, slots=True)
class Act:
    """``right`` is asked for on GET and POST; ``do`` returns what to say when it is done."""

    name: str
    right: str
    title: str
    button: str
    form: type[forms.Form]
    do: Callable[[HttpRequest, User, dict[str, Any]], str]
    initial: Callable[[User], dict[str, Any]] = lambda reader: {}


def urls(model_admin: admin.ModelAdmin[Any]) -> list[URLPattern]:
    """The addresses of all acts, below the reader's page."""
    return [
        path(
            f"<int:pk>/{act.name}/",
            model_admin.admin_site.admin_view(_page(model_admin, act)),
            name=f"accounts_user_{act.name.replace('-', '_')}",
        )
        for act in ACTS
    ]


def rights(request: HttpRequest) -> dict[str, bool]:
    """For the template: ``may_note`` and its like for each act this person may do."""
    return {f"may_{act.name.replace('-', '_')}": request.user.has_perm(act.right) for act in ACTS}


def checked(model_admin: admin.ModelAdmin[Any], request: HttpRequest, pk: int, right: str) -> User:
    """The reader, for who has ``right`` and may change this very account."""
    reader = get_object_or_404(User, pk=pk)
    if not (request.user.has_perm(right) and model_admin.has_change_permission(request, reader)):
        raise PermissionDenied
    return reader


def back_to(reader: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[reader.pk]))


def _page(model_admin: admin.ModelAdmin[Any], act: Act) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        reader = checked(model_admin, request, pk, act.right)
        form = act.form(
            request.POST if request.method == "POST" else None, initial=act.initial(reader)
        )
        if request.method == "POST" and _is_done(request, reader, act, form):
            return back_to(reader)
        context = {
            **model_admin.admin_site.each_context(request),
            "title": act.title,
            "button": act.button,
            "form": form,
            "reader": reader,
        }
        return TemplateResponse(request, "accounts/desk/act.html", context)

    return page


def _is_done(request: HttpRequest, reader: User, act: Act, form: forms.Form) -> bool:
    if not form.is_valid():
        return False
    try:
        done = act.do(request, reader, form.cleaned_data)
    except _REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return False
    except TooMany as refusal:
        form.add_error(None, f"One was sent just now. {refusal}")
        return False
    messages.success(request, done)
    return True


def _sign_out(request: HttpRequest, reader: User, fields: dict[str, Any]) -> str:
    with transaction.atomic():
        ended = devices.end_others(
            reader, None, ending=Device.Ending.BY_THE_DESK, by="", at=timezone.now()
        )
        trail.record(
            Event.Kind.CHANGED,
            reader,
            by=request.user,
            note=f"Signed out everywhere: {fields['reason']}",
        )
        for device in ended:
            notices.tell_signed_out(device)
    return f"Signed out on {len(ended)} device{'' if len(ended) == 1 else 's'}."


def _allow(request: HttpRequest, reader: User, fields: dict[str, Any]) -> str:
    overrides.allow(
        reader, fields["limit"], until=fields["until"], reason=fields["reason"], by=_who(request)
    )
    letters.tell_of_devices(reader)
    return "Another number of devices holds now. The reader is told."


def _lift(request: HttpRequest, reader: User, fields: dict[str, Any]) -> str:
    overrides.lift(reader, reason=fields["reason"], by=_who(request))
    letters.tell_of_devices(reader)
    return "The number of the plan holds again. The reader is told."


def _correct(request: HttpRequest, reader: User, fields: dict[str, Any]) -> str:
    return corrections.correct(
        request, reader, fields["address"], reason=fields["reason"], by=_who(request)
    )


def _confirm(request: HttpRequest, reader: User, fields: dict[str, Any]) -> str:
    corrections.send_confirmation(request, reader, by=_who(request))
    return "The confirmation is sent again."


def _note(request: HttpRequest, reader: User, fields: dict[str, Any]) -> str:
    notes.leave(reader, fields["text"], by=_who(request))
    return "The note is kept."


def _override(reader: User) -> dict[str, Any]:
    override = DeviceOverride.objects.filter(user=reader).first()
    return {} if override is None else {"limit": override.limit, "until": override.until}


def _who(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the desk asks for a sign-in first
    return user


ACTS = (
    Act(
        "sign-out",
        "accounts.change_device",
        "Sign this reader out everywhere?",
        "Sign out everywhere",
        reader_forms.ReasonForm,
        _sign_out,
    ),
    Act(
        "devices",
        "accounts.add_deviceoverride",
        "Allow another number of devices",
        "Allow this number",
        reader_forms.DevicesForm,
        _allow,
        _override,
    ),
    Act(
        "devices-again",
        "accounts.delete_deviceoverride",
        "Back to the number of the plan?",
        "Back to the plan’s number",
        reader_forms.ReasonForm,
        _lift,
    ),
    Act(
        "address",
        "accounts.correct_address",
        "Correct the address",
        "Correct the address",
        reader_forms.AddressForm,
        _correct,
    ),
    Act(
        "confirmation",
        "accounts.correct_address",
        "Send the confirmation again?",
        "Send it again",
        forms.Form,
        _confirm,
    ),
    Act(
        "note",
        "accounts.add_note",
        "Leave a note",
        "Keep the note",
        reader_forms.NoteForm,
        _note,
    ),
)
