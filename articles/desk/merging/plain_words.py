"""Blocks of a body as plain words that anyone can edit in a box, and back."""

import re
from html import escape

from merge3 import Merge3

from articles import body
from articles.desk.merging.alignment import likeness

_WORD = re.compile(r"\S+|\n")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_KEPT_KINDS = {"h2", "h3", "blockquote", "ul", "ol"}
# A block with fewer words in common was not made from the other one.
_ALIKE = 0.5


def words(blocks: list[str]) -> str:
    """The words of some blocks, a blank line between them; a picture as a line in brackets."""
    return "\n\n".join(map(_words, blocks))


def blocks(text: str, known: list[str]) -> list[str]:
    """The blocks that a text of plain words stands for.

    What says the same as a block of ``known`` is that block, with its links and marks. What was
    made from a heading, a list or a quote is one again; all else is a paragraph.
    """
    there = {_words(block): block for block in reversed(known)}
    parts = (part.strip() for part in _BLANK_LINE.split(_with_plain_ends(text)))
    html = (there.get(part) or _block(part, known) for part in parts if part)
    return body.blocks(body.sanitise("".join(html)))


def from_both(base: str, mine: str, theirs: str) -> str:
    """A text to begin with: both changes in one if they fit together, else one after the other.

    New words of both at one place stand there one after the other.
    """
    before, left, right = (_WORD.findall(text) for text in (base, mine, theirs))
    found: list[str] = []
    for kind, *parts in Merge3(before, left, right).merge_groups():
        if kind == "conflict" and (parts[0] or not base):
            return "\n\n".join(filter(None, (mine, theirs)))
        found += [*parts[1], *parts[2]] if kind == "conflict" else parts[0]
    return re.sub(r" ?\n ?", "\n", " ".join(found))


def _words(block: str) -> str:
    figures = body.figures(block)
    if figures:
        caption = figures[0].caption or figures[0].alt
        return f"[Picture {figures[0].image_id}{f': {caption}' if caption else ''}]"
    return body.plain_text(block)


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _block(part: str, known: list[str]) -> str:
    kind = _kind(part, known)
    lines = [escape(line.strip(), quote=False) for line in part.split("\n") if line.strip()]
    if kind in ("ul", "ol"):
        return f"<{kind}>{''.join(f'<li>{line}</li>' for line in lines)}</{kind}>"
    return f"<{kind}>{'<br>'.join(lines)}</{kind}>"


def _kind(part: str, known: list[str]) -> str:
    kinds = set(map(_tag, known))
    if len(kinds) > 1:
        made = f"<p>{escape(part, quote=False)}</p>"
        nearest = max(known, key=lambda block: likeness(made, block))
        kinds = {_tag(nearest)} if likeness(made, nearest) >= _ALIKE else set()
    kind = next(iter(kinds), "p")
    return kind if kind in _KEPT_KINDS else "p"


def _tag(block: str) -> str:
    return block[1:].partition(">")[0].partition(" ")[0]
