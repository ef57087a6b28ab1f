"""Two texts of a story beside each other: what differs, field by field and word by word.

For choosing between two. ``articles.desk.diff`` shows two as one text with marks.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from articles import body
from articles.desk.diff.labels import label
from articles.desk.diff.names import Names
from articles.desk.diff.rows import LABELS
from articles.models import Article

_WORD = re.compile(r"\S+|\n")
# Fields in the order of the form; rows and things come in their own way.
_FIELDS = (
    "headline",
    "standfirst",
    "short_headline",
    "slug",
    "section",
    "kind",
    "body",
    "takeaways",
    "sources",
    "bylines",
    "topics",
    "lead_image",
    "lead_caption",
    "lead_alt",
    "access",
    "takeaways_open",
    "prominence",
    "dateline",
    "language",
    "internal_note",
)

# (a word, or nothing where a line ends; whether the other side lacks it)
Words = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or some neighbouring paragraphs of the body, that two texts have otherwise."""

    name: str
    mine: Words
    theirs: Words
    note: str = ""


def differences(mine: dict[str, Any], theirs: dict[str, Any]) -> list[Difference]:
    """Where two texts (in the shape of ``revisions.snapshot``) differ, in the form's order."""
    texts = _Texts(mine, theirs)
    found: list[Difference] = []
    for field in _FIELDS:
        if field == "body":
            found += _body(str(mine.get("body", "")), str(theirs.get("body", "")))
            continue
        left, right = texts.text(field, mine), texts.text(field, theirs)
        if left.strip() != right.strip():
            found.append(Difference(_label(field), *_words(left, right)))
    return found


def whole(content: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """All of one text as (field, lines), without the empty ones."""
    texts = _Texts(content)
    fields = [(_label(field), texts.text(field, content)) for field in _FIELDS if field in content]
    return [(name, text.splitlines()) for name, text in fields if text.strip()]


class _Texts:
    """The fields of some contents as text; what they point at by number is named."""

    def __init__(self, *contents: dict[str, Any]) -> None:
        self._name = Names(*contents).name

    def text(self, field: str, content: dict[str, Any]) -> str:
        value = content.get(field)
        if field == "body":
            return "\n".join(_paragraphs(str(value)))
        if field in ("section", "lead_image"):
            return self._name(field, value)
        if field == "topics":
            return ", ".join(self._name("topics", topic) for topic in value or ())
        if field in LABELS:
            return "\n".join(self._row(row) for row in value or ())
        if isinstance(value, bool):
            return "Yes" if value else "No"
        choices = dict(getattr(Article._meta.get_field(field), "choices", None) or ())
        return str(choices.get(value, "" if value is None else value))

    def _row(self, row: dict[str, Any]) -> str:
        parts = [
            self._name("author", value) if name == "author" else str(value or "")
            for name, value in row.items()
            if name != "uid"
        ]
        return " · ".join(part for part in parts if part)


def _label(field: str) -> str:
    return LABELS.get(field) or label(field)


def _paragraphs(html: str) -> list[str]:
    """The blocks of a body as plain text; a picture and the cut as a word in brackets."""
    lines = []
    for block in body.blocks(body.sanitise(html)):
        figures = body.figures(block)
        if figures:
            words = figures[0].caption or figures[0].alt
            lines.append(f"[Picture {figures[0].image_id}{f': {words}' if words else ''}]")
        elif embeds := body.embeds(block):
            embed, words = embeds[0].embed, embeds[0].caption
            lines.append(f"[{embed.label}, {embed.link}{f': {words}' if words else ''}]")
        elif block.startswith("<hr"):
            lines.append("[End of the free part]")
        else:
            lines.append(body.plain_text(block).replace("\n", " "))
    return lines


def _body(mine: str, theirs: str) -> list[Difference]:
    left, right = _paragraphs(mine), _paragraphs(theirs)
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            name = f"Body, from paragraph {min(a, c) + 1}"
            found.append(Difference(name, *_words("\n".join(left[a:b]), "\n".join(right[c:d]))))
    if not found and body.sanitise(mine) != body.sanitise(theirs):
        found.append(Difference("Body", [], [], note="The same words, marked up otherwise."))
    return found


def _words(mine: str, theirs: str) -> tuple[Words, Words]:
    left, right = _WORD.findall(mine), _WORD.findall(theirs)
    only_left, only_right = [False] * len(left), [False] * len(right)
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            only_left[a:b] = [True] * (b - a)
            only_right[c:d] = [True] * (d - c)
    return _marked(left, only_left), _marked(right, only_right)


def _marked(words: list[str], only_here: list[bool]) -> Words:
    return [(word.strip(), mark) for word, mark in zip(words, only_here, strict=True)]
