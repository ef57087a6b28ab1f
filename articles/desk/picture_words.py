"""Saying the same of many pictures at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from articles.models import Image
from articles.photos import library

# What a set of pictures often has in common.
SHARED = (
    "credit",
    "creator",
    "source",
    "copyright_notice",
    "licence",
    "cc_licence",
    "licence_terms",
    "licence_ends",
    "caption",
    "section",
)


@dataclass(slots=True)
class Outcome:
    """What became of each picture: changed, left as it was, or refused with the reason."""

    changed: list[Image] = field(default_factory=list)
    same: list[Image] = field(default_factory=list)
    refused: list[tuple[Image, str]] = field(default_factory=list)


def set_together(
    pictures: Iterable[Image], words: Mapping[str, Any], *, replaces: bool, by: Any
) -> Outcome:
    """Say ``words`` (of the fields ``SHARED``, none of them empty) of all ``pictures``.

    Without ``replaces`` only where a picture says nothing yet. Each is saved by itself, with its
    Event: one that is refused stops no other.
    """
    outcome = Outcome()
    for picture in pictures:
        try:
            is_changed = _set(picture.pk, words, replaces=replaces, by=by)
        except ValidationError as refusal:
            outcome.refused.append((picture, " ".join(refusal.messages)))
        except Image.DoesNotExist:
            outcome.refused.append((picture, "It was taken out of the library meanwhile."))
        else:
            (outcome.changed if is_changed else outcome.same).append(picture)
    return outcome


@transaction.atomic
def _set(pk: int, words: Mapping[str, Any], *, replaces: bool, by: Any) -> bool:
    # As it stands now: what somebody else corrected meanwhile stays.
    picture = Image.objects.select_for_update().get(pk=pk)
    for name, value in _fitting(picture, words, replaces=replaces).items():
        setattr(picture, name, value)
    picture.validate_constraints()
    return bool(library.correct(picture, by=by))


def _fitting(picture: Image, words: Mapping[str, Any], *, replaces: bool) -> dict[str, Any]:
    """What of ``words`` this picture takes. Which of the CC licences goes with the licence."""
    if replaces:
        fitting = dict(words)
    else:
        fitting = {name: value for name, value in words.items() if not getattr(picture, name)}
    fitting.pop("cc_licence", None)
    if "licence" in fitting:
        fitting["cc_licence"] = words.get("cc_licence", "")
    return fitting
