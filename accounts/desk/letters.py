"""What readers are told by mail of what the subscriptions desk did.

The words stand in one text for each letter; its paragraphs are the HTML mail, too.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from accounts import account_mail, devices, entitlements, times
from accounts.models import DeviceOverride, Merger, Subscription, User
from accounts.publication import publication


def tell_of_plan(subscription: Subscription, act: str) -> None:
    """Have the worker say that a plan was ``act``: given, extended, cancelled or ended."""
    send_of_plan.enqueue(subscription.pk, act)


def tell_of_devices(reader: User) -> None:
    """Have the worker say how many devices may be signed in now."""
    send_of_devices.enqueue(reader.pk)


def tell_of_merger(merger: Merger) -> None:
    """Have the worker write to both addresses, in a mail each."""
    send_of_merger.enqueue(merger.pk, "kept")
    send_of_merger.enqueue(merger.pk, "emptied")


@task()
def send_of_plan(subscription_id: int, act: str) -> None:
    """Send one letter about a plan, as it stands now."""
    found = Subscription.objects.select_related("user", "plan").filter(pk=subscription_id)
    subscription = found.first()
    if subscription is None or not subscription.user.is_active:
        return
    zone, end = publication().zone_info, entitlements.end_of(subscription)
    facts = {
        "act": act,
        "plan": subscription.plan.name,
        "begins": times.day(subscription.starts_at, zone)
        if subscription.starts_at > timezone.now()
        else "",
        "until": times.day(end, zone) if end else "",
    }
    write("plan_by_desk", to=subscription.user.email, reader=subscription.user, **facts).send()


@task()
def send_of_devices(reader_id: int) -> None:
    """Send the number of devices as it is now, and until when, if it is another than the plan's."""
    reader = User.objects.filter(pk=reader_id, is_active=True).first()
    if reader is None:
        return
    now = timezone.now()
    override = DeviceOverride.objects.filter(user=reader, until__gt=now).first()
    facts = {
        "limit": devices.limit_of(reader, now),
        "until": times.day(override.until, publication().zone_info) if override else "",
    }
    write("devices_by_desk", to=reader.email, reader=reader, **facts).send()


@task()
def send_of_merger(merger_id: int, to: str) -> None:
    """Send the letter to the address that is ``kept``, or to the ``emptied`` one."""
    merger = Merger.objects.select_related("kept", "emptied").filter(pk=merger_id).first()
    if merger is None:
        return
    reader, other = merger.kept, merger.emptied
    if to == "emptied":
        reader, other = other, reader
    facts = {"is_kept": to == "kept", "other": account_mail.masked(other.email)}
    write("accounts_merged", to=reader.email, reader=reader, **facts).send()


def write(name: str, *, to: str, reader: User | None, **facts: Any) -> EmailMultiAlternatives:
    """The mail ``name`` to an address, ready to be sent."""
    ours = publication()
    context = {
        "publication": ours,
        "user": reader,
        "account_url": settings.SITE_URL + reverse("accounts:overview"),
        **facts,
    }
    subject = render_to_string(f"accounts/mail/{name}_subject.txt", context)
    body = render_to_string(f"accounts/mail/{name}.txt", context).strip()
    paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
    html = render_to_string("accounts/mail/letter.html", {**context, "paragraphs": paragraphs[:-1]})
    return account_mail.composed(
        subject=subject, text="\n\n".join(paragraphs) + "\n", html=html, to=to
    )
