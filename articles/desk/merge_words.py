"""A merge in the words of the desk: what is in, and whose it is."""

from collections import defaultdict

from articles.desk.ancestry import Savers
from articles.desk.merging import Merged, Place
from articles.models import Article

_ROWS = {"takeaways": "Takeaway", "sources": "Source", "bylines": "Byline"}
_PARTS = {"url": "address", "added": "new", "removed": "taken out"}
_MOST_NAMED = 6


def label(place: Place) -> str:
    """The name of a place, as "Takeaway 3, text"."""
    if place.part == "cut":
        return "End of the free part"
    if place.part == "order":
        return f"Order of the {place.field}"
    if place.field in _ROWS:
        name = f"{_ROWS[place.field]} {place.number}"
    elif place.number is not None:
        name = f"Body, paragraph {place.number}"
    else:
        name = str(getattr(Article._meta.get_field(place.field), "verbose_name", place.field))
        name = name[:1].upper() + name[1:]
    part = _PARTS.get(place.part, place.part)
    return f"{name}, {part}" if part else name


def taken(merged: Merged, savers: Savers) -> list[tuple[str, str]]:
    """The changes that are in, as ("Takeaway 3", "yours"); a row of one hand in one line."""
    hands: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for each in merged.taken:
        hands[each.place.field, each.place.number].add(each.whose)
    lines: dict[tuple[str, str], None] = {}
    for each in merged.taken:
        place = each.place
        if place.field in _ROWS and place.number and len(hands[place.field, place.number]) == 1:
            whole = place.part in ("added", "removed")
            place = place if whole else Place(place.field, place.number)
        lines[label(place), whose(each.whose, savers)] = None
    return list(lines)


def whose(side: str, savers: Savers) -> str:
    """The words for a side: "yours" and "Tom’s", or the two windows of one person."""
    if side == "theirs":
        return savers.whose
    return "this window’s" if savers.is_me else "yours"


def sentence(merged: Merged, savers: Savers) -> str:
    """What was merged, for the message after the save."""
    lines = [f"{what[:1].lower()}{what[1:]} {whose}" for what, whose in taken(merged, savers)]
    more = len(lines) - _MOST_NAMED
    named = ", ".join(lines[:_MOST_NAMED]) + (f", and {more} more" if more > 0 else "")
    return f"{savers.name} saved {savers.when} while you were writing. Both are in: {named}."


def note(savers: Savers) -> str:
    """Why there is a merged revision, for the list of revisions."""
    who = "another window of the same person" if savers.is_me else savers.name
    return f"Merged with what {who} saved {savers.when}"[:300]
