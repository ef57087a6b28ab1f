"""The mails around a change of address, written by the worker: tasks carry no address."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django_tasks import task

from accounts import account_mail, links, times
from accounts.models import EmailChange, User
from accounts.publication import publication


@task()
def ask_new(change_id: int) -> None:
    """Send the new address its link; an address of another account learns only that it is one."""
    change = _waiting(change_id)
    if change is None:
        return
    uses_it = Q(email=change.new_email) | Q(emailaddress__email=change.new_email)
    if User.objects.filter(uses_it).exclude(pk=change.user_id).exists():
        account_mail.send("email_taken", to=change.new_email, context={})
        return
    page = "accounts:email-confirm"
    url = links.address(links.Purpose.CONFIRM_ADDRESS, change.pk, page=page)
    account_mail.send("email_confirm", to=change.new_email, context={"confirm_url": url})


@task()
def warn_old(change_id: int) -> None:
    """Tell the old address at once, with a link that stops the change."""
    change = _waiting(change_id)
    if change is not None:
        account_mail.send("email_asked", to=change.old_email, context=_to_stop(change))


@task()
def tell_old(change_id: int) -> None:
    """Tell the old address that it was replaced, with a link that puts it back."""
    change = EmailChange.objects.filter(pk=change_id, stopped_at=None).first()
    if change is not None:
        account_mail.send("email_changed", to=change.old_email, context=_to_stop(change))


@task()
def tell_put_back(change_id: int) -> None:
    """Tell the address that counts again what to do now."""
    change = EmailChange.objects.select_related("user").filter(pk=change_id).first()
    if change is not None and change.user.email == change.old_email:
        context = {"password_url": settings.SITE_URL + reverse("account_reset_password")}
        account_mail.send("email_put_back", to=change.old_email, context=context)


def _waiting(change_id: int) -> EmailChange | None:
    """The change, unless it was stopped or confirmed while its mails waited."""
    open_ones = EmailChange.objects.filter(confirmed_at=None, stopped_at=None)
    return open_ones.filter(pk=change_id).first()


def _to_stop(change: EmailChange) -> dict[str, object]:
    page = "accounts:email-stop"
    return {
        "masked": account_mail.masked(change.new_email),
        "at": times.stamp(change.confirmed_at or change.asked_at, publication().zone_info),
        "stop_url": links.address(links.Purpose.STOP_ADDRESS, change.pk, page=page),
    }
