"""Mails to the desk about the rights in a picture: blocked, let go, ended, soon to end.

They go to those who work on the stories that use it and, of an end, to the photo desk. Whoever
gets one can switch them off, as all mails of the desk.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from articles.desk import rights
from articles.desk.newsroom_time import in_full, sentence, when
from articles.desk.notices import address, holders, preference_of, reachable
from articles.models import Article, Byline, Event, Publication

MOST_STORIES = 20
"""Named in one mail; of more, their number is told."""

# Who had a hand in a story at the desk.
_HANDS = (
    Event.Kind.SUBMITTED,
    Event.Kind.APPROVED,
    Event.Kind.SCHEDULED,
    Event.Kind.UPDATE_SCHEDULED,
    Event.Kind.PUBLISHED,
    Event.Kind.CHANGES_PUBLISHED,
)
_TOLD = (
    Event.Kind.PICTURE_BLOCKED,
    Event.Kind.PICTURE_UNBLOCKED,
    Event.Kind.PICTURE_WITHDRAWN,
    Event.Kind.PICTURE_ENDING,
)


def tell(event: Event) -> None:
    """Have the worker tell those whom ``event`` concerns. Call it in the act's transaction."""
    # Of a block they were told when it was made; that its files are gone is the trail's.
    is_old_news = event.kind == Event.Kind.PICTURE_WITHDRAWN and event.details["is_blocked"]
    if event.kind in _TOLD and not is_old_news:
        hand_out_picture.enqueue(event.pk)


@task()
def hand_out_picture(event_id: int) -> None:
    """Make a task of each mail about an event: all of them, or none."""
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return
    with transaction.atomic():
        for person in _concerned(event):
            send_picture.enqueue(event_id, person.pk)


@task()
def send_picture(event_id: int, user_id: int) -> None:
    """Send one notice to one person, unless they do not want it; a failure is tried again."""
    event = Event.objects.filter(pk=event_id).first()
    person = reachable().filter(pk=user_id).first()
    if event is None or person is None or not preference_of(person).mail_on_picture:
        return
    _message(event, person).send()


def _concerned(event: Event) -> QuerySet[Any]:
    """Whom an event concerns, without the one who did it."""
    stories = event.details["stories"]
    people = get_user_model()._default_manager.all()
    whom = set(people.filter(_hands(stories)).values_list("pk", flat=True)) if stories else set()
    if stories and not reachable().filter(pk__in=whom).exists():
        whom.update(people.filter(holders("approve_article")).values_list("pk", flat=True))
    if event.kind in (Event.Kind.PICTURE_ENDING, Event.Kind.PICTURE_WITHDRAWN):
        whom.update(people.filter(holders("block_image")).values_list("pk", flat=True))
    return reachable().filter(pk__in=whom).exclude(pk=event.actor_id).order_by("pk").distinct()


def _hands(stories: list[int]) -> Q:
    """Who began one of the stories, stands in its byline, sent, approved or published it."""
    acts = Event.objects.filter(
        kind__in=_HANDS, target_kind="article", target_id__in=[str(number) for number in stories]
    )
    bylines = Byline.objects.filter(article__in=stories).exclude(author__user=None)
    began = Article.objects.filter(pk__in=stories).exclude(created_by=None)
    return (
        Q(pk__in=acts.exclude(actor=None).values("actor"))
        | Q(pk__in=bylines.values("author__user"))
        | Q(pk__in=began.values("created_by"))
    )


def _message(event: Event, person: Any) -> EmailMultiAlternatives:
    publication = Publication.objects.first() or Publication()
    with timezone.override(publication.zone_info):
        title, said = _words(event)
    numbers = event.details["stories"]
    # A person of the photo desk may have no business with the stories themselves.
    links = rights.may_see(person)
    stories = Article.objects.filter(pk__in=numbers, binned_at=None).order_by("-pk")
    context = {
        "publication": publication,
        "site_url": settings.SITE_URL,
        "picture": event.target_name,
        "title": title,
        "said": said,
        "note": event.note if event.kind == Event.Kind.PICTURE_BLOCKED else "",
        "stories": [
            (str(story), address("admin:articles_article_change", story.pk) if links else "")
            for story in stories[:MOST_STORIES]
        ],
        "more": max(0, stories.count() - MOST_STORIES),
        "picture_url": address("admin:articles_image_change", int(event.target_id)),
        "notices_url": address("admin:notices"),
    }
    subject = render_to_string("emails/desk/picture_subject.txt", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string("emails/desk/picture.txt", context),
        to=[person.email],
    )
    message.attach_alternative(render_to_string("emails/desk/picture.html", context), "text/html")
    return message


def _words(event: Event) -> tuple[str, str]:
    """The act for the subject, and what it means as sentences."""
    who = event.actor_name or "Someone"
    at = when(event.at)
    if event.kind == Event.Kind.PICTURE_BLOCKED:
        said = sentence(f"{who} blocked this picture {at}")
        return "Picture blocked", f"{said} It is on no page, card, feed or mail any more."
    if event.kind == Event.Kind.PICTURE_UNBLOCKED:
        said = sentence(f"{who} let this picture go again {at}")
        return "Picture free again", f"{said} It shows where its licence allows it."
    ends = in_full(dt.datetime.fromisoformat(event.details["licence_ends"]))
    if event.kind == Event.Kind.PICTURE_ENDING:
        said = sentence(f"The licence of this picture ends on {ends}")
        return "Licence ends soon", f"{said} From then on it is shown nowhere."
    said = sentence(f"The licence of this picture ended on {ends}")
    return "Licence has ended", f"{said} It is shown nowhere any more."
