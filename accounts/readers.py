"""Who is reading: from an account, or from a request, to the plain value the stories ask."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from accounts import devices, entitlements, meter, openings_cookie, times
from accounts.models import Device, User
from articles.models import Publication
from articles.site.reader import ANONYMOUS, Meter, Reader

DEVICE_SESSION_KEY = "device"
DEVICE_STAGE = "device"


def reader_of(user: User, at: dt.datetime) -> Reader:
    """The reader behind an account at ``at`` (aware), for pages and mails alike."""
    if not user.is_active:
        return ANONYMOUS
    return Reader(
        user_id=user.pk,
        is_staff=user.is_staff,
        # By the relation: whoever writes to many readers has fetched it for all of them.
        grants=entitlements.grants_of(user.subscriptions.all()),
        name=user.get_short_name(),
    )


def meter_of(request: HttpRequest) -> Meter:
    """What this visitor has of the metered stories now: two queries signed in, else one."""
    at, ours = timezone.now(), Publication.objects.first() or Publication()
    in_cookie = openings_cookie.read(request, period=meter.period_of(at, ours.zone_info))
    user = request.user if isinstance(request.user, User) else None
    return meter.peek(user, in_cookie=in_cookie, publication=ours, at=at)


@dataclass(frozen=True, slots=True)
class SignedOut:
    """What to tell whoever holds an ended device: from where, when (in words) and why."""

    by: str
    at: str
    why: str


_WHY = {
    Device.Ending.REPLACED: "It made room for that device.",
    Device.Ending.SIGNED_OUT_ELSEWHERE: "",
    Device.Ending.UNSEEN: "It had not been used for a while.",
    Device.Ending.BY_THE_DESK: "Our subscriptions desk did this.",
    Device.Ending.PASSWORD_CHANGED: "The password was changed.",
    Device.Ending.ADDRESS_PUT_BACK: "The former e-mail address was put back.",
    Device.Ending.CLOSED: "The account was closed.",
}


class Visit:
    """One request with a session cookie: worked out when first asked, at four queries at most."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.at = timezone.now()
        self.was_asked = False

    @cached_property
    def user(self) -> User | AnonymousUser:
        """The account signed in on a device that still holds its slot, else nobody."""
        if self.signed_out_device is not None or self._is_orphan or self._owner is None:
            return AnonymousUser()
        return self._owner

    @cached_property
    def device(self) -> Device | None:
        """The device this session was opened on, live or ended."""
        self.was_asked = True
        pk = self.request.session.get(DEVICE_SESSION_KEY)
        return None if pk is None else Device.objects.filter(pk=pk).first()

    @cached_property
    def signed_out_device(self) -> Device | None:
        """This session's device if it was ended: whoever holds it must be told."""
        device = self.device
        if device is None or device.ended_at is not None:
            return device
        is_idle = self.at - device.last_seen_at >= devices.STAFF_IDLE
        if not is_idle or self._owner is None or not self._owner.is_staff:
            return None
        # Staff sessions end after twelve idle hours (rules §7).
        devices.end_one(self._owner, device.pk, ending=Device.Ending.UNSEEN, by="", at=self.at)
        device.refresh_from_db()
        return device

    @cached_property
    def notice(self) -> SignedOut | None:
        """The words for ``signed_out_device``; none for who signed out here on their own."""
        device = self.signed_out_device
        if device is None or device.ended_at is None or device.ending not in _WHY:
            return None
        zone = (Publication.objects.first() or Publication()).zone_info
        return SignedOut(
            by=device.ended_from,
            at=times.moment(device.ended_at, now=self.at, zone=zone),
            why=_WHY[Device.Ending(device.ending)],
        )

    @cached_property
    def reader(self) -> Reader:
        user = self.user
        if not isinstance(user, User):
            return Reader(is_pending=True) if self._is_pending else ANONYMOUS
        reader = reader_of(user, self.at)
        if self.device is None and not user.is_staff:
            # No sign-in of ours leaves a reader without a device: such a session gets nothing.
            return Reader(is_pending=True)
        return reader

    @property
    def _is_pending(self) -> bool:
        """Whether the right password was given, and no slot was free."""
        if self.signed_out_device is not None:
            return False
        login = self.request.session.get(LOGIN_SESSION_KEY) or {}
        if self.at.timestamp() - login.get("initiated_at", 0) > settings.ACCOUNT_LOGIN_TIMEOUT:
            return False
        stages = login.get("state", {}).get("stages", {})
        return bool(stages.get("current") == DEVICE_STAGE)

    @property
    def _is_orphan(self) -> bool:
        """Whether the session's device ended so long ago that its row is gone."""
        return self.device is None and DEVICE_SESSION_KEY in self.request.session

    @cached_property
    def _owner(self) -> User | None:
        found = get_user(self.request)
        return found if isinstance(found, User) else None
