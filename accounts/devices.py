"""The limit of devices, as plain functions (rules §7).

Every change of a reader's devices locks the reader's row first. Counting and then inserting without
the lock admitted up to 30 of 30 parallel sign-ins; with it, the count and the slot, none too many.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts import entitlements
from accounts.models import Device, DeviceOverride, User
from accounts.models.plans import DEFAULT_DEVICE_LIMIT

TOUCH_EVERY = dt.timedelta(minutes=5)
STAFF_IDLE = dt.timedelta(hours=12)
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Browser:
    """What asks for a slot: the random key of its cookie and its name."""

    key: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer: a device, or None when there are too many; ``is_new`` for a browser not seen."""

    device: Device | None
    is_new: bool = False
    ended: tuple[Device, ...] = ()


def new_key() -> str:
    """A random 128-bit key for a browser's cookie."""
    return secrets.token_hex(16)


def is_key(value: str) -> bool:
    return _KEY.fullmatch(value) is not None


def hash_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def live(user: User) -> QuerySet[Device]:
    """The devices that hold a slot, last seen first."""
    return Device.objects.filter(user=user, ended_at=None).order_by("-last_seen_at", "-id")


def limit_of(user: User, at: dt.datetime) -> int | None:
    """How many devices ``user`` may have at once at ``at``; None for staff, who have no limit."""
    if user.is_staff:
        return None
    override = DeviceOverride.objects.filter(user=user, until__gt=at).first()
    if override is not None:
        return override.limit
    plans = entitlements.running_plans(user, at)
    return max((plan.device_limit for plan in plans), default=DEFAULT_DEVICE_LIMIT)


def claim(user: User, browser: Browser, *, at: dt.datetime) -> Claim:
    """Give ``browser`` a slot, its own again if it has one, unless all are taken."""
    return replace(user, browser, ending=(), at=at)


def replace(user: User, browser: Browser, *, ending: Iterable[int], at: dt.datetime) -> Claim:
    """End the chosen devices and admit ``browser``, both or neither; never of a closed account."""
    wanted = set(ending)
    with transaction.atomic():
        if not _lock(user).is_active:
            return Claim(None)
        mine = list(live(user))
        known = _by_key(mine, browser.key)
        if known is not None:
            return Claim(_welcome_back(known, browser, at))
        limit = limit_of(user, at)
        chosen = [device for device in mine if device.pk in wanted]
        rest = [device for device in mine if device.pk not in wanted]
        unseen = _end_unseen(rest, limit, browser, at)
        kept = [device for device in rest if device not in unseen]
        if limit is not None and len(kept) >= limit:
            # Nobody is put out for a sign-in that is refused.
            transaction.set_rollback(True)
            return Claim(None)
        for device in chosen:
            _end(device, Device.Ending.REPLACED, browser.name, at)
        return _admit(user, browser, slot=_lowest_free(kept), at=at, ended=(*chosen, *unseen))


def held(user: User, *, at: dt.datetime) -> list[Device]:
    """The live devices whose slot nobody may take, last seen first."""
    return [device for device in live(user) if not is_unseen(device, at)]


def too_many(user: User, *, at: dt.datetime) -> int:
    """How many devices must go before one more may come; 0 when there is room."""
    limit = limit_of(user, at)
    if limit is None:
        return 0
    return max(0, len(held(user, at=at)) - limit + 1)


def end_one(
    user: User, device_id: int, *, ending: Device.Ending, by: str, at: dt.datetime
) -> Device | None:
    """End one live device of ``user``; the device, or None when it had ended already."""
    ended = _end_all(live(user).filter(pk=device_id), user, ending, by, at)
    return ended[0] if ended else None


def end_others(
    user: User, keep: int | None, *, ending: Device.Ending, by: str, at: dt.datetime
) -> list[Device]:
    """End all live devices of ``user`` except ``keep`` (an id, or None to keep none)."""
    others = live(user) if keep is None else live(user).exclude(pk=keep)
    return _end_all(others, user, ending, by, at)


def touch(device: Device, *, at: dt.datetime) -> bool:
    """Note that ``device`` was seen, at most every five minutes; whether it was written."""
    if at - device.last_seen_at < TOUCH_EVERY:
        return False
    live_row = Device.objects.filter(pk=device.pk, ended_at=None, last_seen_at=device.last_seen_at)
    return live_row.update(last_seen_at=at) == 1


def is_unseen(device: Device, at: dt.datetime) -> bool:
    """Whether the device has not been seen for so long that another may take its slot."""
    return device.last_seen_at < at - dt.timedelta(days=settings.DEVICE_IDLE_DAYS)


def _lock(user: User) -> User:
    """Hold off every other change of this reader's devices until the transaction ends.

    PostgreSQL locks the row; on SQLite the IMMEDIATE transaction has locked the file already.
    """
    return User.objects.select_for_update().only("pk", "is_active").get(pk=user.pk)


def _end_all(
    devices: QuerySet[Device], user: User, ending: Device.Ending, by: str, at: dt.datetime
) -> list[Device]:
    with transaction.atomic():
        _lock(user)
        ended = list(devices)
        for device in ended:
            _end(device, ending, by, at)
    return ended


def _end(device: Device, ending: Device.Ending, by: str, at: dt.datetime) -> None:
    device.ended_at = at
    device.ending = ending
    device.ended_from = by
    device.save(update_fields=["ended_at", "ending", "ended_from"])


def _by_key(devices: list[Device], key: str) -> Device | None:
    wanted = hash_key(key)
    return next((device for device in devices if device.key_hash == wanted), None)


def _welcome_back(device: Device, browser: Browser, at: dt.datetime) -> Device:
    device.name = browser.name
    device.place = browser.place
    device.last_seen_at = at
    device.save(update_fields=["name", "place", "last_seen_at"])
    return device


def _end_unseen(
    devices: list[Device], limit: int | None, browser: Browser, at: dt.datetime
) -> list[Device]:
    """Take the slots of the longest unseen, as many as one more device needs.

    A device seen again this moment keeps its slot: the update asks once more.
    """
    unseen = sorted(
        (device for device in devices if is_unseen(device, at)), key=lambda d: d.last_seen_at
    )
    needed = len(unseen) if limit is None else max(0, len(devices) - limit + 1)
    ended = []
    for device in unseen[:needed]:
        still_unseen = Device.objects.filter(
            pk=device.pk, ended_at=None, last_seen_at=device.last_seen_at
        )
        if still_unseen.update(ended_at=at, ending=Device.Ending.UNSEEN, ended_from=browser.name):
            ended.append(device)
    return ended


def _admit(
    user: User, browser: Browser, *, slot: int, at: dt.datetime, ended: tuple[Device, ...]
) -> Claim:
    key_hash = hash_key(browser.key)
    was_here = Device.objects.filter(user=user, key_hash=key_hash).exists()
    device = Device.objects.create(
        user=user,
        key_hash=key_hash,
        slot=slot,
        name=browser.name,
        place=browser.place,
        created_at=at,
        last_seen_at=at,
    )
    return Claim(device, is_new=not was_here, ended=ended)


def _lowest_free(devices: list[Device]) -> int:
    taken = {device.slot for device in devices}
    return next(slot for slot in range(1, len(taken) + 2) if slot not in taken)
