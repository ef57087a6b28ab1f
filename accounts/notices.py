"""Short mails about an account: a new device, a device signed out."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Device, User
from articles.models import Publication

logger = logging.getLogger(__name__)

# Endings that the reader did not just choose on that very device.
_TOLD = {
    Device.Ending.REPLACED,
    Device.Ending.SIGNED_OUT_ELSEWHERE,
    Device.Ending.BY_THE_DESK,
    Device.Ending.PASSWORD_CHANGED,
}


def tell_new_device(user: User, device: Device) -> None:
    """Say that ``device`` signed in, with its name, place and time."""
    _send("new_device", user, device, device.created_at)


def tell_signed_out(user: User, device: Device) -> None:
    """Say that ``device`` was signed out, and ask whether that was them."""
    if device.ended_at is not None and device.ending in _TOLD:
        _send("device_signed_out", user, device, device.ended_at)


def publication() -> Publication:
    """The site's own facts; the defaults while nobody has filled them in."""
    return Publication.objects.first() or Publication()


def _send(name: str, user: User, device: Device, at: dt.datetime) -> None:
    """Send one mail; a mail server that is down stops nobody from signing in."""
    ours = publication()
    context = {
        "user": user,
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
        to=[user.email],
    )
    message.attach_alternative(render_to_string(f"accounts/mail/{name}.html", context), "text/html")
    try:
        message.send()
    except OSError:
        # smtplib's errors are OSErrors too.
        logger.exception("The mail %s to reader %s was not sent.", name, user.public_id)
