"""Short mails about an account: a new device, a device signed out."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from accounts.models import Device
from articles.models import Publication

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
    _message(name, device).send()


def publication() -> Publication:
    """The site's own facts; the defaults while nobody has filled them in."""
    return Publication.objects.first() or Publication()


def _message(name: str, device: Device) -> EmailMultiAlternatives:
    ours = publication()
    ended_at = device.ended_at if name == "device_signed_out" else None
    at = ended_at or device.created_at
    context = {
        "user": device.user,
        "device": device,
        "at": at.astimezone(ours.zone_info),
        "publication": ours,
        "devices_url": settings.SITE_URL + reverse("accounts:devices"),
        "password_url": settings.SITE_URL + reverse("account_change_password"),
    }
    subject = render_to_string(f"accounts/mail/{name}_subject.txt", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"accounts/mail/{name}.txt", context),
        to=[device.user.email],
    )
    message.attach_alternative(render_to_string(f"accounts/mail/{name}.html", context), "text/html")
    return message
