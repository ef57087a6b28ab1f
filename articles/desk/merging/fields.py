"""Merging single values, and sets of things."""

from typing import Any

from articles.desk.merging.result import UNKNOWN, Conflict, Content, Place, Taken, Unknown, pick

# The words under a picture are about that picture.
_OF_THE_PICTURE = ("lead_caption", "lead_alt")

FieldMerged = tuple[Any, list[Taken], list[Conflict]]


def value(name: str, base: Any, mine: Any, theirs: Any) -> FieldMerged:
    """Merge one value."""
    place = Place(name)
    whose = pick(base, mine, theirs)
    if whose is None:
        conflict = Conflict(name, place, base, mine, theirs)
        return conflict, [], [conflict]
    if whose == "same":
        return theirs, [], []
    return mine if whose == "mine" else theirs, [Taken(place, whose)], []


def things(name: str, base: list[Any] | Unknown, mine: list[Any], theirs: list[Any]) -> FieldMerged:
    """Merge a set of things, as topics: each is added or taken out by itself."""
    if isinstance(base, Unknown):
        return value(name, UNKNOWN, mine, theirs)
    before, left, right = set(base), set(mine), set(theirs)
    both = (left & right) | (left - before) | (right - before)
    changed = {"mine": left != before, "theirs": right != before}
    taken = [Taken(Place(name), whose) for whose in ("mine", "theirs") if changed[whose]]
    if left == right:
        taken = []
    return sorted(both, key=lambda thing: (isinstance(thing, str), thing)), taken, []


def base_of_picture_words(base: Content, mine: Content, theirs: Content) -> Content:
    """What the words under the lead picture are to be merged against: they belong to it.

    Words that one side wrote for the former picture are to be chosen for where the other side put
    a new one in.
    """
    names = [name for name in _OF_THE_PICTURE if name in base]
    image, my_image, their_image = (c.get("lead_image") for c in (base, mine, theirs))
    if my_image == their_image:
        return {}
    unsure: Content = {}
    for name in names:
        before = base[name]
        for writes, other_image in ((mine, their_image), (theirs, my_image)):
            if writes.get(name, before) != before and other_image != image:
                unsure[name] = UNKNOWN
    return unsure
