"""Short mails about an account: a new device, a device signed out."""

from django.conf import settings
from django.urls import reverse
from django_tasks import task

from accounts import account_mail, times
from accounts.models import Device
from accounts.publication import publication

# Endings that the reader did not just choose on that very device.
_TOLD = {
    Device.Ending.REPLACED,
    Device.Ending.SIGNED_OUT_ELSEWHERE,
    Device.Ending.BY_THE_DESK,
    Device.Ending.PASSWORD_CHANGED,
}


def tell_new_device(device: Device) -> None:
    """Have the worker say that ``device`` signed in, with its name, place and time."""
    send.enqueue("new_device", device.pk)


def tell_signed_out(device: Device) -> None:
    """Have the worker say that ``device`` was signed out, and ask whether that was them."""
    if device.ending in _TOLD:
        send.enqueue("device_signed_out", device.pk)


@task()
def send(name: str, device_id: int) -> None:
    """Send one notice about a device to its owner; the worker tries again when that fails."""
    device = (
        Device.objects.select_related("user").filter(pk=device_id, user__is_active=True).first()
    )
    if device is None:
        return
    account_mail.send(name, to=device.user.email, context=_facts(name, device))


def _facts(name: str, device: Device) -> dict[str, object]:
    ended_at = device.ended_at if name == "device_signed_out" else None
    return {
        "user": device.user,
        "device": device,
        "at": times.stamp(ended_at or device.created_at, publication().zone_info),
        "devices_url": settings.SITE_URL + reverse("accounts:devices"),
        "password_url": settings.SITE_URL + reverse("account_change_password"),
    }
