"""A save that met a newer one: what was posted, read from the post itself.

Nothing here binds a form or a formset: these look up rows by number, and another editor may have
removed or moved them meanwhile (rules §3).
"""

import re
from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from articles import body
from articles.desk import revisions
from articles.desk.row_forms import MOST_ROWS
from articles.models import Article, Revision

ROWS = {
    "bylines": ("author", "role"),
    "takeaways": ("label", "text"),
    "sources": ("title", "publisher", "url"),
}
_NUMBERS = {"author"}
_ROW_KEY = re.compile(rf"({'|'.join(ROWS)})-(\d+)-(\w+)")
_FORMSET_KEY = re.compile(rf"({'|'.join(ROWS)})-.+")
# What the post says besides the story's words.
_NOT_WORDS = {
    *("csrfmiddlewaretoken", "base", "tell_readers", "note_to_desk", "note_to_writers"),
    *("_continue", "_save", "_publish", "_submit", "_approve", "_ask", "_take_back"),
}


def is_outdated(article: Article, data: QueryDict) -> bool:
    """Whether the form began from another revision than the newest. Call it under the lock."""
    return bool(data.get("base", "") != str(article.head))


def posted_content(data: QueryDict) -> dict[str, Any]:
    """All that was typed, in the shape of ``revisions.snapshot``, nothing refused or cut."""
    content: dict[str, Any] = {name: data.get(name, "") for name in revisions.FIELDS}
    content["takeaways_open"] = "takeaways_open" in data
    content["section"] = _number(data.get("section", ""))
    content["lead_image"] = _number(data.get("lead_image", ""))
    # As in a snapshot: by number. What is no number is kept, last.
    topics = filter(None, map(_number, data.getlist("topics")))
    content["topics"] = sorted(topics, key=lambda topic: (isinstance(topic, str), topic))
    for kind in ROWS:
        content[kind] = [
            {n: _number(v) if n in _NUMBERS else v for n, v in row.items()}
            for row in _posted_rows(data, kind)
        ]
    return content


def is_the_same(article: Article, content: dict[str, Any]) -> bool:
    """Whether the story already says what was posted, as after a second click on "Save"."""
    return bool(_plain(revisions.snapshot(article)) == _plain(content))


def keep_mine(article: Article, content: dict[str, Any], *, editor: Any) -> Revision:
    """Keep what was posted as a revision, once however often it is posted."""
    kept = article.revisions.filter(
        reason=Revision.Reason.CONFLICT, created_by=editor, number__gt=article.head
    ).first()
    if kept is not None and kept.content == content:
        return kept
    return revisions.keep_refused(article, content=content, editor=editor)


def again(article: Article, data: QueryDict) -> list[tuple[str, str]]:
    """The posted names and values once more, fit to be saved over the story as it stands now.

    Rows go without their old numbers: they become the story's rows as a whole.
    """
    pairs = [
        (name, value)
        for name, values in data.lists()
        if name not in _NOT_WORDS and not _FORMSET_KEY.fullmatch(name)
        for value in values
    ]
    pairs.append(("base", str(article.head)))
    for kind in ROWS:
        rows = list(_posted_rows(data, kind))
        pairs += [(f"{kind}-TOTAL_FORMS", str(len(rows))), (f"{kind}-INITIAL_FORMS", "0")]
        pairs.append((f"{kind}-WHOLE", "1"))
        for number, row in enumerate(rows):
            pairs += [(f"{kind}-{number}-{name}", value) for name, value in row.items()]
            pairs.append((f"{kind}-{number}-position", str(number)))
    return pairs


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
            yield words


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
