"""The body as its blocks: what each is, its lines of words, and what is marked in them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from articles import body, body_blocks

NAMES = {
    "p": "paragraph",
    "h2": "heading",
    "h3": "smaller heading",
    "ul": "bulleted list",
    "ol": "numbered list",
    "blockquote": "quote",
    "figure": "picture",
    "hr": "end of the free part",
}
# How a block is counted: "heading 2" is the second of all headings.
_COUNTED = NAMES | {"h3": "heading", "ul": "list", "ol": "list"}

_PIECE = re.compile(r'<(/?)(a|strong|em)(?: href="([^"]*)")?[^>]*>|<[^>]+>|([^<]+)')
_STATES = {"strong": "bold", "em": "in italics"}
_MOST_NOTES = 6
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a paragraph, a heading, or an item of a list; ``level`` counts nested lists."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block. ``called`` names it among its kind: "paragraph 4"."""

    tag: str
    html: str
    called: str
    lines: tuple[Line, ...]
    figure: body.FigureReference | None
    # How many paragraphs stand before it.
    after: int

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def read(html: str) -> list[Block]:
    """The blocks of a body as it was kept, whatever it was."""
    counts: Counter[str] = Counter()
    blocks = []
    for block in body_blocks.read(body.sanitise(html)):
        kind = _COUNTED[block.tag]
        counts[kind] += 1
        markup = block.html()
        figures = body.figures(markup) if block.tag == "figure" else []
        blocks.append(
            Block(
                tag=block.tag,
                html=markup,
                called=kind if block.tag == "hr" else f"{kind} {counts[kind]}",
                lines=tuple(_lines(block)),
                figure=figures[0] if figures else None,
                after=counts["paragraph"],
            )
        )
    return blocks


def _lines(block: body_blocks.Block, level: int = 0) -> Iterator[Line]:
    is_item = block.tag == "li"
    own = [block, *block.blocks] if is_item else [block]
    words = [part.words.strip() for part in own if part is block or part.tag == "p"]
    if text := "\n".join(filter(None, words)):
        yield Line(text, level)
    deeper = level + (is_item and bool(text))
    for part in block.blocks:
        if not (is_item and part.tag == "p"):
            yield from _lines(part, deeper)


def markup_notes(older: Block, newer: Block) -> list[str]:
    """What is marked otherwise in two blocks, in sentences: bold, italics, links.

    A mark whose words came or went with it is no news: the words say so already.
    """
    before, after = _marked(older.html), _marked(newer.html)
    notes = list(_link_notes(before["a"], after["a"], newer.text))
    for tag, state in _STATES.items():
        gone, new = before[tag] - after[tag], after[tag] - before[tag]
        notes += [
            f"{_quoted(text)} is no longer {state}." for text, _ in gone if text in newer.text
        ]
        notes += [f"{_quoted(text)} is now {state}." for text, _ in new if text in older.text]
    if len(notes) > _MOST_NOTES:
        rest = len(notes) - _MOST_NOTES
        notes[_MOST_NOTES:] = [f"And {rest} more such {'change' if rest == 1 else 'changes'}."]
    return notes


def _link_notes(
    before: Counter[tuple[str, str]], after: Counter[tuple[str, str]], text_now: str
) -> Iterator[str]:
    gone, new = dict((before - after).keys()), dict((after - before).keys())
    for text, address in new.items():
        if text in gone:
            yield f"{_quoted(text)} leads to {address} now, not to {gone[text]}."
        else:
            yield f"{_quoted(text)} leads to {address} now."
    for text, address in gone.items():
        if text not in new and text in text_now:
            yield f"{_quoted(text)} no longer leads to {address}."


def _marked(html: str) -> dict[str, Counter[tuple[str, str]]]:
    """The (words, address) under each mark; the markup is our own, so one regex is exact."""
    found: dict[str, Counter[tuple[str, str]]] = {tag: Counter() for tag in ("a", "strong", "em")}
    opened: dict[str, tuple[str, list[str]]] = {}
    for end, tag, address, text in _PIECE.findall(html):
        if text:
            for _, words in opened.values():
                words.append(unescape(text))
        elif tag and not end:
            opened[tag] = (unescape(address), [])
        elif tag and tag in opened:
            address, words = opened.pop(tag)
            found[tag][("".join(words), address)] += 1
    return found


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= _LONGEST_QUOTE else f'{text[: _LONGEST_QUOTE - 1]}…'}”"
