"""What a form says, read from the post itself, and a content put into words for a form.

Nothing here binds a form or a formset: these look up rows by number, and another editor may have
removed or moved them meanwhile (rules §3).
"""

import re
from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from articles import body
from articles.desk import revisions
from articles.desk.row_forms import MOST_ROWS, row_uid
from articles.models import Article

ROWS = {
    "bylines": ("author", "role"),
    "takeaways": ("label", "text"),
    "sources": ("title", "publisher", "url"),
}
_NUMBERS = {"author"}
# The boxes of these make a space of a line end.
_ONE_LINE = {
    *("headline", "short_headline", "standfirst", "lead_caption", "lead_alt"),
    *("label", "title"),
}
_ROW_KEY = re.compile(rf"({'|'.join(ROWS)})-(\d+)-(\w+)")
_FORMSET_KEY = re.compile(rf"({'|'.join(ROWS)})-.+")
# What the post says besides the story's words.
_NOT_WORDS = {
    *("csrfmiddlewaretoken", "base", "beginning", "kept", "tell_readers"),
    *("note_to_desk", "note_to_writers"),
}
_SAVES = {"_continue", "_save", "_addanother"}


def is_outdated(article: Article, data: QueryDict) -> bool:
    """Whether the form began from another revision than the newest. Call it under the lock."""
    return bool(data.get("base", "") != str(article.head))


def asks_for_more(data: QueryDict) -> bool:
    """Whether a button was pressed that does more than save, as "Publish"."""
    return any(name.startswith("_") and name not in _SAVES for name in data)


def posted_content(data: QueryDict) -> dict[str, Any]:
    """All that was typed, in the shape of ``revisions.snapshot``, nothing refused or cut.

    Line ends and edges are as a form would leave them. A row keeps the uid it was posted with; one
    without a valid uid of its own has none.
    """
    content: dict[str, Any] = {n: _text(n, data.get(n, "")) for n in revisions.FIELDS}
    content["takeaways_open"] = "takeaways_open" in data
    content["section"] = _number(data.get("section", ""))
    content["lead_image"] = _number(data.get("lead_image", ""))
    # As in a snapshot: by number. What is no number is kept, last.
    topics = filter(None, map(_number, data.getlist("topics")))
    content["topics"] = sorted(topics, key=lambda topic: (isinstance(topic, str), topic))
    for kind in ROWS:
        content[kind] = _with_own_uids(
            {n: _number(v) if n in _NUMBERS else _text(n, v) for n, v in row.items()}
            for row in _posted_rows(data, kind)
        )
    return content


def is_the_same(article: Article, content: dict[str, Any]) -> bool:
    """Whether the story already says what was posted, as after a second click on "Save"."""
    return says_the_same(revisions.snapshot(article), content)


def says_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two contents differ in nothing but what forms change on their own."""
    return bool(_plain(one) == _plain(other))


def as_posted(content: dict[str, Any], *, base: int, besides: QueryDict | None = None) -> QueryDict:
    """A content as a form would post it, to be saved over the story as it stands at ``base``.

    Rows go without numbers: they become the story's rows as a whole, each with its uid. What else
    ``besides`` says goes along, but for the buttons.
    """
    data = QueryDict(mutable=True)
    for name, values in (besides or QueryDict()).lists():
        if not (name in _NOT_WORDS or name.startswith("_") or _FORMSET_KEY.fullmatch(name)):
            data.setlist(name, list(values))
    for name in (*revisions.FIELDS, "section", "lead_image"):
        data[name] = _as_text(content.get(name))
    data.pop("takeaways_open", None)
    if content.get("takeaways_open"):
        data["takeaways_open"] = "on"
    data.setlist("topics", [str(topic) for topic in content.get("topics", ())])
    data["base"] = str(base)
    for kind in ROWS:
        _post_rows(data, kind, content.get(kind, []))
    return data


def _post_rows(data: QueryDict, kind: str, rows: list[dict[str, Any]]) -> None:
    data[f"{kind}-TOTAL_FORMS"], data[f"{kind}-INITIAL_FORMS"] = str(len(rows)), "0"
    data[f"{kind}-WHOLE"] = "1"
    for number, row in enumerate(rows):
        for name in ("uid", *ROWS[kind]):
            data[f"{kind}-{number}-{name}"] = _as_text(row.get(name))
        data[f"{kind}-{number}-position"] = str(number)


def _posted_rows(data: QueryDict, kind: str) -> Iterator[dict[str, str]]:
    """The rows of a kind in their posted order, without removed and empty ones."""
    rows: dict[int, dict[str, str]] = {}
    for key in data:
        found = _ROW_KEY.fullmatch(key)
        if found and found[1] == kind:
            rows.setdefault(int(found[2]), {})[found[3]] = str(data[key])
    for _, row in sorted(rows.items(), key=lambda item: (_place(item[1]), item[0])):
        words = {name: row.get(name, "") for name in ROWS[kind]}
        if "DELETE" not in row and any(value.strip() for value in words.values()):
            yield {"uid": row.get("uid", ""), **words}


def _with_own_uids(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: set[str | None] = set()
    own = []
    for row in rows:
        uid = row_uid(row.pop("uid"))
        own.append(row if uid is None or uid in seen else {"uid": uid, **row})
        seen.add(uid)
    return own


def _place(row: dict[str, str]) -> int:
    place = _number(row.get("position", ""))
    # A row without a place stands last, as in the formset.
    return place if isinstance(place, int) else MOST_ROWS


def _number(value: str) -> int | str | None:
    """The number of a thing; what is no number stays as it was typed, nothing is None."""
    value = value.strip()
    if not value:
        return None
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else value


def _text(name: str, value: str) -> str:
    lines = value.splitlines() if name in _ONE_LINE else re.split(r"\r\n?|\n", value)
    return (" " if name in _ONE_LINE else "\n").join(lines).strip()


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _plain(content: dict[str, Any]) -> Any:
    """A content without what forms change on their own: line ends, edges, markup of the editor."""
    if "body" in content:
        content = {**content, "body": body.sanitise(str(content["body"]))}
    return _trimmed(content)


def _trimmed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _trimmed(each) for name, each in value.items() if name != "uid"}
    if isinstance(value, list):
        return [_trimmed(each) for each in value]
    return " ".join(value.split()) if isinstance(value, str) else value
