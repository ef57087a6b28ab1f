"""Once a day the end of the chain leaves the database: into a file, and by mail to the chief."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from articles.models import ProofHead, ProofLink, Publication
from articles.proof import files

CHIEF = "Chief editor"


def keep_head() -> None:
    """Write down and mail where the chain ends. Nothing if nothing was ever published.

    Twice on a day is once, unless more was published in between.
    """
    newest = ProofLink.objects.order_by("-number").first()
    if newest is None:
        return
    head, at = ProofHead(number=newest.number, mark=newest.mark), timezone.now()
    if files.is_kept(head, at=at):
        return
    # The mail first: it still goes out when the disk is full.
    for chief in _chiefs():
        send.enqueue(chief, head.number, head.mark, at.isoformat())
    files.keep(head, at=at)


@task()
def send(chief: int, number: int, mark: str, at: str) -> None:
    """Mail the end of the chain to one chief editor, who may have left meanwhile."""
    address = _chiefs().get(chief)
    if address is None:
        return
    context = {
        "publication": Publication.objects.first() or Publication(),
        "number": number,
        "mark": mark,
        "site": settings.SITE_URL,
        "at": dt.datetime.fromisoformat(at).astimezone(dt.UTC),
    }
    with timezone.override(dt.UTC):
        subject = render_to_string("desk/mail/proof_subject.txt", context)
        text = render_to_string("desk/mail/proof.txt", context)
    EmailMessage(subject=" ".join(subject.split()), body=text, to=[address]).send()


def _chiefs() -> dict[int, str]:
    """The addresses of those who run the desk, by account: confirmed ones only."""
    accounts = get_user_model()._default_manager.filter(
        is_active=True,
        is_staff=True,
        groups__name=CHIEF,
        emailaddress__verified=True,
        emailaddress__email=F("email"),
    )
    return dict(accounts.values_list("pk", "email"))
