"""The list of devices, and the page that says: one too many (rules §7)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from allauth.account.internal.decorators import login_stage_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import devices, notices, sign_in, times
from accounts.models import Device, User
from accounts.models.plans import MOST_DEVICES
from accounts.publication import publication
from accounts.readers import DEVICE_SESSION_KEY, DEVICE_STAGE
from accounts.views.signed_in import reader_of


@dataclass(frozen=True, slots=True)
class Row:
    """A device as the pages print it."""

    id: int
    name: str
    place: str
    seen: str
    is_this: bool = False
    is_chosen: bool = False

    @property
    def is_phone(self) -> bool:
        return self.name.endswith(("iPhone", "Android"))

    @property
    def is_tablet(self) -> bool:
        return self.name.endswith("iPad")


@require_GET
@login_required
def device_list(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in, with a way to end each."""
    user, now = reader_of(request), timezone.now()
    limit = devices.limit_of(user, now)
    rows = _rows(list(devices.live(user)), now, this=request.session.get(DEVICE_SESSION_KEY))
    bar = [number < len(rows) for number in range(max(limit or 0, len(rows)))]
    context = {"rows": rows, "limit": limit, "bar": bar, "others": len(rows) > 1}
    return render(request, "accounts/devices.html", context)


@require_POST
@login_required
def sign_out_device(request: HttpRequest) -> HttpResponse:
    """End one device of this account; ending the one in hand is signing out."""
    user = reader_of(request)
    device_id = _number(request.POST.get("device", ""))
    if device_id is not None and device_id == request.session.get(DEVICE_SESSION_KEY):
        sign_in.Adapter(request).logout(request)
        return redirect("accounts:signed-out")
    ended = None
    if device_id is not None:
        ended = devices.end_one(
            user,
            device_id,
            ending=Device.Ending.SIGNED_OUT_ELSEWHERE,
            by=sign_in.browser_of(request).name,
            at=timezone.now(),
        )
    if ended is None:
        messages.info(request, "That device was signed out already.")
    else:
        notices.tell_signed_out(ended)
        messages.success(request, f"{ended.name} is signed out.")
    return redirect("accounts:devices")


@require_POST
@login_required
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End every device but this one."""
    user = reader_of(request)
    ended = devices.end_others(
        user,
        request.session.get(DEVICE_SESSION_KEY),
        ending=Device.Ending.SIGNED_OUT_ELSEWHERE,
        by=sign_in.browser_of(request).name,
        at=timezone.now(),
    )
    for device in ended:
        notices.tell_signed_out(device)
    messages.success(request, "All other devices are signed out.")
    return redirect("accounts:devices")


@require_http_methods(["GET", "POST"])
@login_stage_required(stage=DEVICE_STAGE, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def choose(request: HttpRequest) -> HttpResponseBase:
    """One device too many: choose which to end, or leave all as it was."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user = stage.login.user
    if not sign_in.is_still_good(stage.login):
        stage.abort()
        messages.info(request, "Your account changed meanwhile. Please sign in again.")
        return redirect("account_login")
    if request.method == "GET":
        return _choice_page(request, user)
    numbers = (_number(value) for value in request.POST.getlist("device")[:MOST_DEVICES])
    chosen = [number for number in numbers if number is not None]
    now = timezone.now()
    claim = devices.replace(user, sign_in.browser_of(request), ending=chosen, at=now)
    if claim.device is None:
        return _choice_page(request, user, refused=_refusal(chosen))
    sign_in.admit(request, claim)
    answer: HttpResponseBase = stage.exit()
    return answer


def _choice_page(request: HttpRequest, user: User, *, refused: str = "") -> HttpResponse:
    now = timezone.now()
    held = devices.held(user, at=now)
    needed = devices.too_many(user, at=now)
    preselected = {device.pk for device in held[-needed:]} if needed else set()
    context = {
        "rows": _rows(held, now, chosen=preselected),
        "needed": needed,
        "limit": devices.limit_of(user, now),
        "refused": refused,
    }
    return render(request, "accounts/device_choice.html", context, status=409 if refused else 200)


def _refusal(chosen: list[int]) -> str:
    if chosen:
        return (
            "Things changed meanwhile, or that was not enough. Choose from the list as it is now."
        )
    return "Choose the device to sign out."


def _rows(
    found: list[Device],
    now: dt.datetime,
    *,
    this: int | None = None,
    chosen: Collection[int] = (),
) -> list[Row]:
    zone = publication().zone_info
    return [
        Row(
            id=device.pk,
            name=device.name,
            place=device.place,
            seen=times.seen(device.last_seen_at, now=now, zone=zone),
            is_this=device.pk == this,
            is_chosen=device.pk in chosen,
        )
        for device in found
    ]


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
