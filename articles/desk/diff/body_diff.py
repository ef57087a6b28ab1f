"""The body of two texts, block by block: what was changed, added, taken out, moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from articles.desk.diff import blocks, words
from articles.desk.diff.align import Pair, Part, align
from articles.desk.diff.blocks import Block, Line
from articles.desk.diff.names import Names, Thumb
from articles.desk.diff.words import Mark, Run


@dataclass(frozen=True, slots=True)
class LineDiff:
    """The words of one line. ``level`` is 1 for an item of a nested list; ``note`` says more."""

    runs: list[Run]
    level: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigureDiff:
    """A picture in the text. What it has not got of its own is the library's."""

    name: str
    thumb: Thumb | None
    caption: list[Run]
    alt: list[Run]
    has_own_caption: bool
    has_own_alt: bool


@dataclass(frozen=True, slots=True)
class BlockDiff:
    """One block. ``change`` is "kept", "changed", "added", "removed" or "moved"."""

    name: str
    change: str
    look: str
    notes: list[str]
    lines: list[LineDiff]
    figure: FigureDiff | None = None

    @property
    def runs(self) -> Iterator[Run]:
        for line in self.lines:
            yield from line.runs
        if self.figure:
            yield from (*self.figure.caption, *self.figure.alt)


@dataclass(frozen=True, slots=True)
class SameBlocks:
    """Neighbouring blocks that both texts have alike, to be unfolded."""

    name: str
    blocks: list[BlockDiff]


@dataclass(frozen=True, slots=True)
class BodyDiff:
    """The whole body in reading order; stretches without a change are one entry each."""

    template: ClassVar[str] = "desk/diff/body.html"
    label: ClassVar[str] = "Body"

    entries: list[BlockDiff | SameBlocks]

    @property
    def runs(self) -> Iterator[Run]:
        for entry in self.entries:
            if isinstance(entry, BlockDiff):
                yield from entry.runs


def compare(older: str, newer: str, names: Names) -> BodyDiff | None:
    """Two bodies (HTML as kept) as one, or None where they are the same."""
    left, right = blocks.read(older), blocks.read(newer)
    if [block.html for block in left] == [block.html for block in right]:
        return None
    pairs = align([_part(block) for block in left], [_part(block) for block in right])
    diffs = [_block(pair, left, right, names) for pair in pairs]
    return BodyDiff(list(_folded(diffs)))


def _part(block: Block) -> Part:
    if block.figure:
        # A picture is the same one whatever is written under it.
        number = str(block.figure.image_id)
        return Part(exact=block.html, kind=f"figure {number}", text=number)
    if block.tag == "hr":
        return Part(exact=block.html, kind="hr", text="hr")
    return Part(exact=block.html, text=block.text)


def _block(pair: Pair, left: list[Block], right: list[Block], names: Names) -> BlockDiff:
    old = None if pair.older is None else left[pair.older]
    new = None if pair.newer is None else right[pair.newer]
    if old and new:
        return _both(old, new, pair.moved, names)
    mark = Mark.OUT if old else Mark.IN
    block = old or new
    assert block is not None  # noqa: S101  # a pair has one of the two
    note = "Taken out" if old else "New"
    if block.tag == "hr":
        note += f", after paragraph {block.after}"
    return BlockDiff(
        name=block.called,
        change="removed" if old else "added",
        look=block.tag,
        notes=[f"{note}."],
        lines=[LineDiff(words.all_of(line.text, mark), line.level) for line in block.lines],
        figure=_figure(block, block, names, mark),
    )


def _both(old: Block, new: Block, moved: str, names: Names) -> BlockDiff:
    notes = [_moved(old, new, moved)] if moved else []
    if old.tag != new.tag:
        notes.append(f"It was a {blocks.NAMES[old.tag]}, now it is a {blocks.NAMES[new.tag]}.")
    lines = [LineDiff(words.all_of(line.text, Mark.KEPT), line.level) for line in new.lines]
    if old.html != new.html:
        notes += blocks.markup_notes(old, new)
        lines = list(_lines(old.lines, new.lines))
        if not notes and not _has_news(lines) and not new.figure:
            notes.append("The same words, marked up otherwise.")
    return BlockDiff(
        name=new.called,
        change="moved" if moved else "kept" if old.html == new.html else "changed",
        look=new.tag,
        notes=notes,
        lines=lines,
        figure=_figure(old, new, names, Mark.KEPT),
    )


def _moved(old: Block, new: Block, moved: str) -> str:
    if new.tag == "hr":
        return f"Moved {moved}: it stood after paragraph {old.after}, now after {new.after}."
    return f"Moved {moved}: it was {old.called}."


def _has_news(lines: Iterable[LineDiff]) -> bool:
    return any(line.note or run.mark is not Mark.KEPT for line in lines for run in line.runs)


def _lines(old: tuple[Line, ...], new: tuple[Line, ...]) -> Iterator[LineDiff]:
    if len(old) == len(new) == 1:
        yield LineDiff(words.compare(old[0].text, new[0].text), new[0].level)
        return
    pairs = align([_line(line) for line in old], [_line(line) for line in new])
    for pair in pairs:
        if pair.newer is None:
            gone = old[pair.older or 0]
            yield LineDiff(words.all_of(gone.text, Mark.OUT), gone.level)
        elif pair.older is None:
            come = new[pair.newer]
            yield LineDiff(words.all_of(come.text, Mark.IN), come.level)
        else:
            before, after = old[pair.older], new[pair.newer]
            note = f"moved {pair.moved}" if pair.moved else ""
            if before.level != after.level and not note:
                note = "one step in" if before.level < after.level else "one step out"
            yield LineDiff(words.compare(before.text, after.text), after.level, note)


def _line(line: Line) -> Part:
    return Part(exact=f"{line.level} {line.text}", text=line.text)


def _figure(old: Block, new: Block, names: Names, mark: Mark) -> FigureDiff | None:
    before, after = old.figure, new.figure
    if before is None or after is None:
        return None
    if mark is Mark.KEPT:
        caption = words.compare(before.caption, after.caption)
        alt = words.compare(before.alt, after.alt)
    else:
        caption, alt = words.all_of(after.caption, mark), words.all_of(after.alt, mark)
    return FigureDiff(
        name=names.name("lead_image", after.image_id),
        thumb=names.thumb(after.image_id),
        caption=caption,
        alt=alt,
        has_own_caption=bool(after.caption),
        has_own_alt=bool(after.alt),
    )


def _folded(diffs: list[BlockDiff]) -> Iterator[BlockDiff | SameBlocks]:
    same: list[BlockDiff] = []
    for diff in diffs:
        if diff.change == "kept":
            same.append(diff)
            continue
        if same:
            yield _same(same)
            same = []
        yield diff
    if same:
        yield _same(same)


def _same(kept: list[BlockDiff]) -> SameBlocks:
    first, last = kept[0].name, kept[-1].name
    span = first if first == last else f"{first} to {last}"
    return SameBlocks(f"{span[:1].upper()}{span[1:]}: unchanged", kept)
