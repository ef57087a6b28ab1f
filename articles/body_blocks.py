"""Reading the HTML of a body into blocks, and writing it out in the one canonical form.

The reader emits nothing that is not named here, whatever it is fed: it is the second lock
behind the sanitiser in ``articles.body``, and the reason why two bodies that look the same are
the same string.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from articles import embeds

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
LISTS = {"ul", "ol"}
INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "a": "a"}
CUT = "hr"

# Unknown as blocks, but each begins a new paragraph: without them, two cells of a pasted table
# would become one word.
SEPARATORS = {
    *("address", "article", "aside", "caption", "center", "dd", "details", "dialog", "div", "dl"),
    *("dt", "fieldset", "figcaption", "footer", "form", "header", "hgroup", "legend", "main"),
    *("menu", "nav", "option", "p", "pre", "search", "section", "summary", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr"),
}
KNOWN_TAGS = {*HEADINGS, *LISTS, *INLINE, *SEPARATORS, "li", "blockquote", "figure", "hr", "br"}

# Links surround bold, bold surrounds italics, as the editor writes them.
_RANK = ("a", "strong", "em")
_MOST_NESTED_LISTS = 4
_MOST_DIGITS_OF_AN_ID = 18  # fits a BigAutoField

_TICKER = '<a class="ticker"'
_CORRECTED = '<a class="corrected"'
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LINK = re.compile(r"(?:https?://[^\s/]|mailto:[^\s])", re.IGNORECASE)
# Most texts are nothing but such blocks, written as we write them.
_PLAIN = re.compile(r'<p>([^<>&\x00-\x1f\x7f\xa0]+)</p>|<hr data-cut="">')


def escape(text: str) -> str:
    """Escape text as browsers do, so that what the editor sends is what is stored."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\xa0", "&nbsp;")):
        text = text.replace(sign, entity)
    return text


def attribute(name: str, value: str) -> str:
    """Return one attribute with a space before it."""
    return f' {name}="{escape(value).replace(chr(34), "&quot;")}"'


@dataclass(slots=True)
class Block:
    """A block: a text block holds inline HTML and its words, a list or quote holds blocks.

    ``marks``: the references to corrections, which stand last and are no words.
    """

    tag: str
    attributes: str = ""
    content: str = ""
    marks: str = ""
    words: str = ""
    blocks: "list[Block]" = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: no words within, and no figure or marker."""
        if self.tag in {"figure", CUT}:
            return False
        return not self.words.strip() and all(block.is_empty for block in self.blocks)

    def html(self) -> str:
        """Return the block in the canonical form; an item of one paragraph goes without its tag."""
        if self.tag == CUT:
            return f"<{CUT}{self.attributes}>"
        inner = [block for block in self.blocks if not block.is_empty]
        tight = self.tag == "li" and [block.tag for block in inner].count("p") <= 1
        content = "".join(
            block.content + block.marks if tight and block.tag == "p" else block.html()
            for block in inner
        )
        return f"<{self.tag}{self.attributes}>{self.content}{self.marks}{content}</{self.tag}>"

    def text(self) -> str:
        """Return the words, one line for each text block within."""
        lines = [self.words.strip(), *(block.text() for block in self.blocks)]
        return "\n".join(filter(None, lines))

    def last_text(self) -> "Block | None":
        """Return the text block within that comes last, itself included; None for a figure."""
        if self.words.strip():
            return self
        found = (block.last_text() for block in reversed(self.blocks))
        return next(filter(None, found), None)


def correction_mark(number: int | str) -> str:
    """Return the reference to a correction of that number."""
    return f"{_CORRECTED}{attribute('data-correction', str(number))}></a>"


def read(html: str) -> list[Block]:
    """Return the top-level blocks of an HTML fragment, empty ones and second markers left out."""
    return read_plain(html) or _read_any(html)


def read_plain(html: str) -> list[Block]:
    """The blocks of a text of plain paragraphs in the canonical form; none if it is another."""
    found: list[Block] = []
    end, has_cut = 0, False
    for match in _PLAIN.finditer(html):
        words = match[1]
        if match.start() != end or (words and (words.strip() != words or "  " in words)):
            return []
        end = match.end()
        if words:
            found.append(Block("p", content=words, words=words))
        elif not has_cut:
            has_cut = True
            found.append(Block(CUT, attribute("data-cut", "")))
    return found if end == len(html) else []


def _read_any(html: str) -> list[Block]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [block for block in reader.finished() if not block.is_empty]


class _Reader(HTMLParser):
    """Builds blocks from tags and text; text without a block opens the one it needs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[Block] = []
        self._lifted: list[Block] = []  # figures found in a list or quote follow it
        self._path: list[Block] = []  # open lists, items and quotes, outermost first
        self._open: list[tuple[str, Block | None]] = []  # open tags of the source
        self._line: _Line | None = None
        self._marks: dict[str, list[str]] = {name: [] for name in _RANK}  # open, by kind
        self._has_cut = False

    def finished(self) -> list[Block]:
        """Close what is open and return the top-level blocks."""
        self._end_line()
        self._path.clear()
        self._settle()
        return self._done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in INLINE:
            self._marks[INLINE[tag]].append(_mark(INLINE[tag], values))
            if self._line and (number := _correction(tag, values)):
                self._line.block.marks += correction_mark(number)
        elif tag == "br":
            if self._line:
                self._line.breaks += 1
        elif tag in KNOWN_TAGS:
            self._end_line()
            opened = self._container(tag)
            if tag == "figure":
                self._add_figure(values)
            elif tag == "hr":
                self._add_cut(values)
            if tag != "hr":
                self._open.append((tag, opened))

    def handle_endtag(self, tag: str) -> None:
        if tag in INLINE:
            if self._marks[INLINE[tag]]:
                self._marks[INLINE[tag]].pop()
        elif any(name == tag for name, _ in reversed(self._open)):
            self._end_line()
            name = ""
            while name != tag:
                name, container = self._open.pop()
                if container is not None:
                    self._leave(container)
            self._settle()

    def handle_data(self, data: str) -> None:
        text = _SPACE.sub(" ", _CONTROL.sub("", data))
        if self._line is None:
            text = text.lstrip(" ")
            if not text:
                return
            self._line = _Line(self._text_block())
        self._line.write(text, self._marks)

    def _container(self, tag: str) -> Block | None:
        """Open a list, an item or a quote where one may stand; elsewhere only its words stay."""
        above = self._path[-1].tag if self._path else ""
        if tag in LISTS:
            if sum(block.tag in LISTS for block in self._path) >= _MOST_NESTED_LISTS:
                return None
            if above in LISTS:  # a list right in a list belongs to the item before it
                return self._enter(tag, self._last_item(self._path[-1]))
            return self._enter(tag)
        if tag == "li" and above in LISTS:
            return self._enter(tag)
        if tag == "li" and above == "li" and self._open_item_may_end():
            return self._enter(tag, self._path[-2])
        if tag == "blockquote" and not self._path:
            return self._enter(tag)
        return None

    def _open_item_may_end(self) -> bool:
        # Only a list nested too deep was not opened; its items join the list around it.
        return len(self._path) >= 2 and self._path[-2].tag in LISTS

    def _enter(self, tag: str, into: Block | None = None) -> Block:
        block = Block(tag)
        (into.blocks if into else self._siblings()).append(block)
        self._path.append(block)
        return block

    def _leave(self, container: Block) -> None:
        while any(block is container for block in self._path):
            self._path.pop()

    def _siblings(self) -> list[Block]:
        return self._path[-1].blocks if self._path else self._done

    def _settle(self) -> None:
        if not self._path:
            self._done += self._lifted
            self._lifted = []

    @staticmethod
    def _last_item(parent: Block) -> Block:
        if not parent.blocks:
            parent.blocks.append(Block("li"))
        return parent.blocks[-1]

    def _text_block(self) -> Block:
        """Return the new block that the coming text belongs in."""
        headings = [HEADINGS[tag] for tag, _ in self._open if tag in HEADINGS]
        block = Block(headings[-1] if headings and not self._path else "p")
        siblings = self._siblings()
        if self._path and self._path[-1].tag in LISTS:
            siblings.append(Block("li", blocks=[block]))
        else:
            siblings.append(block)
        return block

    def _add_figure(self, values: dict[str, str]) -> None:
        number = values.get("data-image", "").lstrip("0")
        if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS_OF_AN_ID:
            self._lift(attribute("data-image", number), values, "data-caption", "data-alt")
        elif embed := embeds.read(values.get("data-embed", "")):
            self._lift(attribute("data-embed", embed.reference), values, "data-caption")

    def _lift(self, attributes: str, values: dict[str, str], *own: str) -> None:
        for name in own:
            if value := _SPACE.sub(" ", _CONTROL.sub("", values.get(name, ""))).strip():
                attributes += attribute(name, value)
        self._lifted.append(Block("figure", attributes))
        self._settle()

    def _add_cut(self, values: dict[str, str]) -> None:
        if "data-cut" in values and not self._has_cut:
            self._has_cut = True
            self._lifted.append(Block(CUT, attribute("data-cut", "")))
            self._settle()

    def _end_line(self) -> None:
        if self._line:
            self._line.end()
        self._line = None


@dataclass(slots=True)
class _Line:
    """Writes text into a block: opens marks when words come, keeps spaces out of marks and ends."""

    block: Block
    breaks: int = 0
    _opened: list[str] = field(default_factory=list)
    _space: bool = False

    def write(self, text: str, marks: dict[str, list[str]]) -> None:
        words = text.strip(" ")
        self._space = self._space or text.startswith(" ")
        if not words:
            return
        wanted = [marks[name][-1] for name in _RANK if marks[name] and marks[name][-1]]
        # A ticker reference is replaced as a whole, so it stands innermost.
        wanted.sort(key=lambda opening: opening.startswith(_TICKER))
        kept = 0
        while kept < min(len(wanted), len(self._opened)) and wanted[kept] == self._opened[kept]:
            kept += 1
        self._close_down_to(kept)
        self._put_gap()
        for tag in wanted[kept:]:
            self.block.content += tag
            self._opened.append(tag)
        self.block.content += escape(words)
        self.block.words += words
        self._space = text.endswith(" ")

    def end(self) -> None:
        """Close what is open; spaces and breaks at the end of a block show nothing and go."""
        self._close_down_to(0)

    def _put_gap(self) -> None:
        if self.breaks:
            self.block.content += "<br>" * self.breaks
            self.block.words += "\n"
        elif self._space and self.block.words:
            self.block.content += " "
            self.block.words += " "
        self.breaks = 0

    def _close_down_to(self, kept: int) -> None:
        while len(self._opened) > kept:
            name = self._opened.pop()[1:].split(" ")[0].rstrip(">")
            self.block.content += f"</{name}>"


def _correction(tag: str, values: dict[str, str]) -> str:
    """Return the number in a reference to a correction, or "" for any other tag."""
    number = values.get("data-correction", "")
    is_one = tag == "a" and values.get("class") == "corrected"
    return number if is_one and number.isascii() and number.isdigit() else ""


def _mark(tag: str, values: dict[str, str]) -> str:
    """Return the opening tag of a mark, or "" for a link that leads nowhere we allow."""
    if tag != "a":
        return f"<{tag}>"
    topic = values.get("data-topic", "")
    if values.get("class") == "ticker" and topic.isascii() and topic.isdigit():
        return f"{_TICKER}{attribute('data-topic', topic)}>"
    address = re.sub(r"[\t\n\r\f\x0b]", "", _CONTROL.sub("", values.get("href", ""))).strip()
    if not _LINK.match(address):
        return ""
    return f'<a{attribute("href", address.replace(" ", "%20"))} rel="noopener">'
