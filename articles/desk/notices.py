"""Mails to the desk about a story: it was sent in, approved, or changes were asked for.

Whoever gets one can switch them off (``DeskPreference``); every mail leads to the switch.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from articles.desk import rights
from articles.desk.newsroom_time import when
from articles.models import Article, DeskPreference, Event, Publication

# What is said of each act, and the switch that ends it.
_SAID = {
    Event.Kind.SUBMITTED: "sent it to the desk",
    Event.Kind.APPROVED: "approved it",
    Event.Kind.CHANGES_REQUESTED: "asked for changes",
}
_SWITCH = {
    Event.Kind.SUBMITTED: "mail_on_submitted",
    Event.Kind.APPROVED: "mail_on_answer",
    Event.Kind.CHANGES_REQUESTED: "mail_on_answer",
}


def tell(event: Event) -> None:
    """Have the worker tell those whom ``event`` concerns. Call it in the act's transaction."""
    if event.kind in _SAID:
        hand_out.enqueue(event.pk)


@task()
def hand_out(event_id: int) -> None:
    """Make a task of each mail about an event: all of them, or none."""
    event = Event.objects.filter(pk=event_id).first()
    article = _story(event) if event else None
    if event is None or article is None:
        return
    with transaction.atomic():
        for person in _concerned(event, article):
            send.enqueue(event_id, person.pk)


@task()
def send(event_id: int, user_id: int) -> None:
    """Send one notice to one person, unless they do not want it; a failure is tried again."""
    event = Event.objects.filter(pk=event_id).first()
    person = reachable().filter(pk=user_id).first()
    article = _story(event) if event else None
    if event is None or person is None or article is None:
        return
    if rights.may_see(person) and _wants(person, event):
        _message(event, article, person).send()


def preference_of(user: Any) -> DeskPreference:
    """What this person chose; the defaults, not yet saved, while they chose nothing."""
    return DeskPreference.objects.filter(user=user).first() or DeskPreference(user=user)


def _story(event: Event) -> Article | None:
    return Article.objects.filter(pk=event.target_id, binned_at=None).first()


def _wants(person: Any, event: Event) -> bool:
    wanted: bool = getattr(preference_of(person), _SWITCH[Event.Kind(event.kind)])
    return wanted


def reachable() -> QuerySet[Any]:
    """Those of the staff who work here, at an address that they confirmed."""
    return get_user_model()._default_manager.filter(
        is_active=True,
        is_staff=True,
        emailaddress__verified=True,
        emailaddress__email__iexact=F("email"),
    )


def _concerned(event: Event, article: Article) -> QuerySet[Any]:
    """Whom an event concerns, without the one who did it."""
    whom = (
        holders("approve_article")
        if event.kind == Event.Kind.SUBMITTED
        else _writers(event, article)
    )
    people = get_user_model()._default_manager.filter(whom).values("pk")
    return reachable().filter(pk__in=people).exclude(pk=event.actor_id).order_by("pk").distinct()


def holders(codename: str) -> Q:
    """The people who have a right of the stories' app, of their own or by a group."""
    right = {"codename": codename, "content_type__app_label": "articles"}
    of_group = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    of_person = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    return Q(is_superuser=True) | of_group | of_person


def _writers(event: Event, article: Article) -> Q:
    """Who began the story, who stands in its byline, and who sent it to the desk last."""
    sent = Event.objects.filter(
        kind=Event.Kind.SUBMITTED, target_kind="article", target_id=event.target_id
    )
    submitter = sent.order_by("-at", "-id").values_list("actor_id", flat=True).first()
    bylines = article.bylines.exclude(author__user=None).values("author__user")
    return Q(pk__in=[article.created_by_id or 0, submitter or 0]) | Q(pk__in=bylines)


def _message(event: Event, article: Article, person: Any) -> EmailMultiAlternatives:
    publication = Publication.objects.first() or Publication()
    who = event.actor_name or "Someone"
    with timezone.override(publication.zone_info):
        said = f"{who} {_SAID[Event.Kind(event.kind)]} {when(event.at)}"
    context = {
        "publication": publication,
        "site_url": settings.SITE_URL,
        "title": str(article),
        "said": said.removesuffix("."),
        "act": f"{who} {_SAID[Event.Kind(event.kind)]}",
        "note": event.note,
        "story_url": address("admin:articles_article_change", article.pk),
        "notices_url": address("admin:notices"),
    }
    subject = render_to_string("emails/desk/subject.txt", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string("emails/desk/body.txt", context),
        to=[person.email],
    )
    message.attach_alternative(render_to_string("emails/desk/body.html", context), "text/html")
    return message


def address(name: str, *args: int) -> str:
    """A page of the desk as a whole address."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
