"""What the worker does once a licence has ended or a picture is blocked, and before an end.

Pages leave such a picture out by the time alone. This takes its public files away, so that a web
server that asks nobody has none to hand out, and writes down that it happened.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from articles.models import Event, Image
from articles.photos import log, making
from articles.photos.rights import may_be_served
from articles.photos.tasks import make_renditions
from articles.photos.uses import stories_with

logger = logging.getLogger(__name__)

WARNED_BEFORE = dt.timedelta(days=7)
"""How long before the end of a licence the desk is told of it."""
AT_ONCE = 200
"""Pictures one run sees to at most; the next goes on."""

Tell = Callable[[Event], None]


def withdraw_due(at: dt.datetime, *, tell: Tell) -> int:
    """Remove the files of all pictures that are blocked or whose licence has ended at ``at``.

    Each is claimed and written down once, however many workers there are. ``tell`` gets the Event
    in its transaction. Out: how many were withdrawn here.
    """
    blocked = Image.objects.filter(blocked_at__isnull=False, withdrawn_at=None)
    ended = Image.objects.filter(licence_ends__lte=at, withdrawn_at=None)
    # Two queries, each by its own index: the licences of most pictures never end.
    pictures = {image.pk: image for rows in (blocked, ended) for image in _some(rows)}
    return _each(partial(_withdraw, at=at, tell=tell), pictures.values())


def warn_of_ends(at: dt.datetime, *, tell: Tell) -> int:
    """Have ``tell`` say which licences end within seven days of ``at``; once for each end.

    Out: how many.
    """
    ending = Image.objects.filter(
        licence_ends__gt=at, licence_ends__lte=at + WARNED_BEFORE, blocked_at=None
    ).filter(_not_warned())
    return _each(partial(_warn, tell=tell), _some(ending))


def bring_back(image: Image) -> None:
    """Have the files of ``image`` made again, if it is neither blocked nor ended any more.

    Call it in the transaction of the act that changed its rights.
    """
    now = timezone.now()
    gone = Q(blocked_at__isnull=False) | Q(licence_ends__isnull=False, licence_ends__lte=now)
    Image.objects.filter(pk=image.pk).exclude(gone).update(withdrawn_at=None)
    image.refresh_from_db(fields=["withdrawn_at"])
    if may_be_served(image, now):
        transaction.on_commit(partial(make_renditions.enqueue, image.pk))
    else:
        transaction.on_commit(partial(making.remove, image.rendition_name))


def _withdraw(image: Image, *, at: dt.datetime, tell: Tell) -> bool:
    # Before the row says that they are gone: a worker killed in between begins anew.
    making.remove(image.rendition_name)
    with transaction.atomic():
        still = Q(blocked_at__isnull=False) | Q(licence_ends__isnull=False, licence_ends__lte=at)
        rows = Image.objects.filter(still, pk=image.pk, withdrawn_at=None)
        if not rows.filter(rendition_name=image.rendition_name).update(withdrawn_at=at):
            return False
        image.refresh_from_db()
        why = "It is blocked." if image.blocked_at else "Its licence has ended."
        tell(_record(image, Event.Kind.PICTURE_WITHDRAWN, note=why))
    return True


def _warn(image: Image, *, tell: Tell) -> bool:
    with transaction.atomic():
        rows = Image.objects.filter(_not_warned(), pk=image.pk, licence_ends=image.licence_ends)
        if not rows.update(warned_of_end=image.licence_ends):
            return False
        tell(_record(image, Event.Kind.PICTURE_ENDING))
    return True


def _not_warned() -> Q:
    return Q(warned_of_end=None) | ~Q(warned_of_end=F("licence_ends"))


def _some(rows: QuerySet[Image]) -> QuerySet[Image]:
    return rows.order_by("pk")[:AT_ONCE]


def _each(step: Callable[[Image], bool], pictures: Iterable[Image]) -> int:
    done = 0
    for image in pictures:
        try:
            done += step(image)
        except Exception:
            # One picture that cannot be seen to must not keep the others waiting.
            logger.exception("The rights of picture %s could not be seen to", image.pk)
    return done


def _record(image: Image, kind: Event.Kind, *, note: str = "") -> Event:
    details = {"stories": stories_with(image), "is_blocked": image.blocked_at is not None}
    if image.licence_ends is not None:
        details["licence_ends"] = image.licence_ends.isoformat()
    return log.record(image, kind, by=None, note=note, details=details)
