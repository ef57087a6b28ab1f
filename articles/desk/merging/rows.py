"""Merging ordered rows, matched by their uid."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from merge3 import Merge3

from articles.desk.merging.result import (
    UNKNOWN,
    Conflict,
    Place,
    Rows,
    Taken,
    Unknown,
    Whose,
    pick,
)

Row = dict[str, Any]
# Names the rows of texts older than uids: the same row gets the same name each time.
_NAMES = uuid.UUID("6f0c2a52-5a1e-4a58-9d0e-0f6f6b1f7d11")
# A person stands in a byline once, so two rows of one author are the same row.
_ONCE = {"bylines": "author"}


@dataclass(slots=True)
class RowsMerged:
    """The rows, what is in, and what to choose for."""

    rows: Rows
    taken: list[Taken] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(kind: str, base: list[Row] | Unknown, mine: list[Row], theirs: list[Row]) -> RowsMerged:
    """Merge the rows of a kind, as "takeaways"."""
    frame = _named([] if isinstance(base, Unknown) else base, [*theirs, *mine], kind)
    right = _named(theirs, frame, kind)
    left = _with_twins(_named(mine, frame or right, kind), right, frame, kind)
    base_by, mine_by, theirs_by = (
        {row["uid"]: row for row in rows} for rows in (frame, left, right)
    )
    order, moved_by = _order([*base_by], [*mine_by], [*theirs_by])
    merged = RowsMerged(Rows([]))
    for uid in order:
        was = UNKNOWN if isinstance(base, Unknown) else base_by.get(uid)
        _merge_one(merged, kind, uid, was, mine_by.get(uid), theirs_by.get(uid))
    if moved_by:
        merged.taken.append(Taken(Place(kind, None, "order"), moved_by))
    return merged


def _merge_one(
    merged: RowsMerged,
    kind: str,
    uid: str,
    base: Row | Unknown | None,
    mine: Row | None,
    theirs: Row | None,
) -> None:
    number = len(merged.rows.rows) + 1
    if mine is not None and theirs is not None:
        merged.rows.rows.append(_field_by_field(merged, kind, number, base, mine, theirs))
        return
    whose = pick(base, mine, theirs)
    if whose is None:
        conflict = Conflict(f"{kind}-{uid}", Place(kind, number, "removed"), base, mine, theirs)
        merged.conflicts.append(conflict)
        merged.rows.rows.append(conflict)
    elif whose != "same":
        row = mine if whose == "mine" else theirs
        merged.taken.append(Taken(Place(kind, number, "added" if row else "removed"), whose))
        if row:
            merged.rows.rows.append(row)


def _field_by_field(
    merged: RowsMerged, kind: str, number: int, base: Row | Unknown | None, mine: Row, theirs: Row
) -> Row:
    row: Row = {"uid": theirs["uid"]}
    was = base if isinstance(base, dict) else {}
    for name in dict.fromkeys([*theirs, *mine]):
        if name == "uid":
            continue
        before = was.get(name, UNKNOWN)
        left, right = mine.get(name, before), theirs.get(name, before)
        whose = pick(before, left, right)
        place = Place(kind, number, name)
        if whose is None:
            row[name] = Conflict(f"{kind}-{row['uid']}-{name}", place, before, left, right)
            merged.conflicts.append(row[name])
        else:
            row[name] = left if whose == "mine" else right
            if whose != "same":
                merged.taken.append(Taken(place, whose))
    return row


# --- Which row is which -------------------------------------------------------------------------


def _named(rows: list[Row], known: list[Row], kind: str) -> list[Row]:
    """The rows, each with a uid of its own; one without it is the known row that says the same.

    In a text in which no row has a uid, what is left is matched by its place.
    """
    is_old = not any(row.get("uid") for row in rows)
    uids = _own_uids(rows)
    for number, row in enumerate(rows):
        uids[number] = uids[number] or _uid_of_the_same(row, known, uids)
    for number, row in enumerate(rows):
        if uids[number] is None and is_old and number < len(known):
            at_its_place = known[number].get("uid")
            uids[number] = None if at_its_place in uids else at_its_place
        uids[number] = uids[number] or _new_uid(f"{kind} {number} {_words(row)}", uids)
    return [{**row, "uid": uid} for row, uid in zip(rows, uids, strict=True)]


def _own_uids(rows: list[Row]) -> list[str | None]:
    uids: list[str | None] = []
    for row in rows:
        uid = row.get("uid") or None
        uids.append(None if uid in uids else uid)
    return uids


def _uid_of_the_same(row: Row, known: list[Row], taken: list[str | None]) -> str | None:
    words = _words(row)
    same = (each.get("uid") for each in known if _words(each) == words)
    return next((uid for uid in same if uid and uid not in taken), None)


def _new_uid(seed: str, taken: list[str | None]) -> str:
    uid = str(uuid.uuid5(_NAMES, seed))
    return _new_uid(f"{seed} again", taken) if uid in taken else uid


def _words(row: Row) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in row.items() if name != "uid")


def _with_twins(mine: list[Row], theirs: list[Row], base: list[Row], kind: str) -> list[Row]:
    """My rows; one that both added in the same words, or for one author, is one row."""
    before, my_uids = {row["uid"] for row in base}, {row["uid"] for row in mine}
    added = [row for row in theirs if row["uid"] not in before | my_uids]
    their_uids = {row["uid"] for row in theirs}
    rows = []
    for row in mine:
        is_added = row["uid"] not in before | their_uids
        twin = next((each for each in added if is_added and _is_twin(kind, each, row)), None)
        if twin:
            added.remove(twin)
        rows.append({**row, "uid": twin["uid"]} if twin else row)
    return rows


def _is_twin(kind: str, one: Row, other: Row) -> bool:
    once = _ONCE.get(kind)
    return bool(one[once] == other[once]) if once else _words(one) == _words(other)


# --- Their order --------------------------------------------------------------------------------


def _order(base: list[str], mine: list[str], theirs: list[str]) -> tuple[list[str], Whose | None]:
    """All uids of both in one order, and who moved rows, if that is one of the two."""
    both = set(mine) & set(theirs)
    before, left, right = ([u for u in uids if u in both] for uids in (base, mine, theirs))
    # Rows that only both of them added have no order before.
    was = [uid for uid in before if uid in both]
    i_moved = [u for u in left if u in was] != was
    they_moved = [u for u in right if u in was] != was
    if they_moved and not i_moved:
        return _with_others(theirs, mine), "theirs"
    if not they_moved:
        return _with_others(mine, theirs), "mine" if i_moved else None
    if left == right:
        return _with_others(theirs, mine), None
    found = _merged_order(was, left, right)
    return _with_others(_with_others(found or mine, mine), theirs), None if found else "mine"


def _merged_order(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    """Both orders in one, where merge3 finds it and no row stands twice."""
    found: list[str] = []
    for kind, *uids in Merge3(base, mine, theirs).merge_groups():
        if kind == "conflict":
            return None
        found += uids[0]
    return found if sorted(found) == sorted(mine) else None


def _with_others(frame: list[str], others: list[str]) -> list[str]:
    """``frame``, and what only ``others`` has: after the row it follows there, at an end at it."""
    order = list(frame)
    for place, uid in enumerate(others):
        if uid in order:
            continue
        if place == len(others) - 1 or not set(others[place:]) & set(frame):
            order.append(uid)
        else:
            order.insert(order.index(others[place - 1]) + 1 if place else 0, uid)
    return order
