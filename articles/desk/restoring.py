"""Bringing an earlier revision of a story back, as a new one. Nothing is overwritten unseen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from articles import body, events
from articles.desk import revisions, saving, working_copy
from articles.desk.diff.labels import label
from articles.desk.diff.rows import LABELS
from articles.models import Article, Event, Image, Revision

_KINDS = {
    "section": "the section",
    "lead_image": "the lead picture",
    "topics": "a topic",
    "author": "an author",
    "figures": "a picture in the text",
}


class SavedMeanwhile(Exception):
    """Somebody saved the story after the page was opened. Nothing was written."""


class DoesNotFit(Exception):
    """The revision holds what the story's fields do not take. ``problems`` says what, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: the new revision, or None if the story said so already.

    ``gone`` names what the old revision points at and is no longer there.
    """

    revision: Revision | None
    gone: list[str]


@transaction.atomic
def bring_back(article: Article, *, number: int, base: str, editor: Any) -> Restored:
    """Write revision ``number`` into the working copy and keep it as the newest revision.

    ``base`` is the head that the page was opened with, as it was posted. Raises
    ``Revision.DoesNotExist``, ``SavedMeanwhile`` and ``DoesNotFit``; then nothing has changed.
    """
    locked = saving.lock(article.pk)
    if locked is None:
        raise Revision.DoesNotExist
    if base != str(locked.head):
        raise SavedMeanwhile
    earlier = locked.revisions.get(number=number)
    before = _said(revisions.snapshot(locked))
    with transaction.atomic():
        gone = _write(locked, earlier.content)
        if _said(revisions.snapshot(locked)) == before:
            # The rows were written anew, and go back to what they were.
            transaction.set_rollback(True)
            return Restored(None, gone)
    kept = revisions.keep(
        locked, editor=editor, reason=Revision.Reason.RESTORE, note=f"Revision {number}"
    )
    events.record(
        Event.Kind.RESTORED,
        actor=editor,
        target_kind="article",
        target_id=locked.pk,
        target_name=locked.headline,
        note=kept.note,
        details={"from": number, "revision": kept.number},
    )
    return Restored(kept, gone)


def _write(article: Article, content: dict[str, Any]) -> list[str]:
    try:
        with transaction.atomic():
            missing = working_copy.write(article, content)
    except ValidationError as error:
        raise DoesNotFit(list(_problems(error))) from error
    except IntegrityError as error:
        raise DoesNotFit(
            ["One of its rows stands in it twice, as an author in the byline."]
        ) from error
    places = [(gone.kind, gone.number) for gone in missing] + _lost_figures(article)
    return [f"{_KINDS.get(kind, kind)} (No. {number})" for kind, number in places]


def _problems(error: ValidationError) -> Iterator[str]:
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    for name, messages in error.message_dict.items():
        name = "" if name == NON_FIELD_ERRORS else f"{LABELS.get(name) or label(name)}: "
        yield from (f"{name}{message}" for message in messages)


def _lost_figures(article: Article) -> list[tuple[str, Any]]:
    placed = list(dict.fromkeys(body.image_ids(body.sanitise(article.body))))
    there = set(Image.objects.filter(pk__in=placed).values_list("pk", flat=True))
    return [("figures", number) for number in placed if number not in there]


def _said(content: dict[str, Any]) -> dict[str, Any]:
    """A content without the ids of its rows: what a reader of it would see."""
    return {
        name: [{k: v for k, v in row.items() if k != "uid"} for row in value]
        if name in LABELS
        else value
        for name, value in content.items()
    }
