"""The body of a story: a small, strict HTML, and what can be asked of it.

A body is a string of top-level blocks: ``<p> <h2> <h3> <ul> <ol> <blockquote>``, a figure by
reference, ``<figure data-image="7" data-caption="…" data-alt="…"></figure>``, an embed by
reference, ``<figure data-embed="youtube:…" data-caption="…"></figure>`` (``articles.embeds``), and
at most one marker where the free part ends, ``<hr data-cut="">``. Inside text: ``<strong> <em>
<a href> <br>``. A published body may also hold ticker references, ``<a class="ticker"
data-topic="12">BABA</a>``, and, as the last thing in a corrected paragraph, ``<a class="corrected"
data-correction="7"></a>``; :func:`sanitise` never lets one in, only :func:`mark_tickers` and
:func:`mark_correction` write
them.

Nothing here knows the database: pictures, topics and corrections are numbers until :func:`fill`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from html import unescape

import nh3

from articles import embeds as embedded
from articles.body_blocks import CUT, KNOWN_TAGS, Block, correction_mark, escape, read, read_plain

# Elements whose content is code for machines, not words of the story.
_NOT_WORDS = {"script", "style"}

_cleaner = nh3.Cleaner(
    tags=KNOWN_TAGS,
    clean_content_tags=_NOT_WORDS,
    attributes={
        "a": {"href"},
        "figure": {"data-image", "data-embed", "data-caption", "data-alt"},
        "hr": {"data-cut"},
    },
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,
)

# The body is our own output: attributes in this order, every < > " in a value escaped. So one
# regex is exact here, and fast enough to run for every request.
_FIGURE = (
    r'<figure data-image="(\d+)"(?: data-caption="([^"]*)")?(?: data-alt="([^"]*)")?></figure>'
)
_TICKER = r'<a class="ticker" data-topic="(\d+)">([^<]*)</a>'
_CORRECTED = r'<a class="corrected" data-correction="(\d+)"></a>'
_FIGURES = re.compile(_FIGURE)
_EMBED = r'<figure data-embed="([^"]*)"(?: data-caption="([^"]*)")?></figure>'
_EMBEDS = re.compile(_EMBED)
_REFERENCES = re.compile(f"{_FIGURE}|{_TICKER}|{_CORRECTED}|<figure data-embed[^>]*></figure>")
_TAG = re.compile(r"(<[^>]+>)")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# ASCII: every space as one, and the signs that alone are no word.
_ASCII = bytes(ord(" ") if chr(n).isspace() else n for n in range(256))
_SIGNS = bytes(n for n in range(128) if not (chr(n).isalnum() or chr(n).isspace()))

# A ticker this short is also a word ("A", "IT"): it counts only in brackets or after a colon.
_SHORT_TICKER = 2

# Rules, composing and the search index ask the same of one text in turn.
_lately = lru_cache(maxsize=16)

# How alike a paragraph must be to the one that was corrected, from 0 to 1.
_ALIKE = 0.6


# For those who do not change the blocks.
_read = _lately(read)


@dataclass(frozen=True, slots=True)
class FigureReference:
    """A picture placed in a story: its number and the story's own words ("" = the library's)."""

    image_id: int
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class EmbedReference:
    """Someone else's video, post or chart placed in a story, with the story's caption."""

    embed: embedded.Embed
    caption: str


@_lately
def sanitise(html: str) -> str:
    """Return the body with nothing in it but what a body may hold; the same again changes nothing.

    Words in unknown elements stay as text (but for script and style), stray text gets its
    paragraph, empty blocks and second markers go. (HTML elements inside an SVG drawing or a
    formula go with their words: such mixes are only used for attacks.) Takes any string, raises
    nothing.
    """
    # A lone surrogate (possible in JSON) cannot be stored in any database.
    storable = html.encode("utf-8", "replace").decode()
    # In nothing but plain paragraphs there is nothing to clean.
    kept = read_plain(storable) or _read(_cleaner.clean(storable))
    return "".join(block.html() for block in kept)


def blocks(html: str) -> list[str]:
    """Return the HTML of each top-level block, the marker included."""
    return [block.html() for block in _read(html)]


@_lately
def cut(html: str) -> tuple[str, str]:
    """Return the free part and the withheld part.

    They part at the marker, which is in neither; without one, after the second top-level
    paragraph (rules: who may read what). A text of fewer paragraphs is free as a whole.
    """
    parts = _read(html)
    end = _end_of_free_part(parts)
    free, withheld = parts[:end], parts[end:]
    return _without_marker(free), _without_marker(withheld)


@_lately
def plain_text(html: str) -> str:
    """Return the words, a blank line between blocks, without figures and their captions."""
    return "\n\n".join(filter(None, (block.text() for block in _read(html))))


def count_words(html: str) -> int:
    """Return the number of words in the text; captions and lone signs do not count."""
    text = plain_text(html)
    if text.isascii():
        return len(text.encode().translate(_ASCII, _SIGNS).split())
    return sum(1 for word in text.split() if _LETTER_OR_DIGIT.search(word))


def figures(html: str) -> list[FigureReference]:
    """Return the placed pictures of a sanitised body, in order."""
    return [_reference(*found) for found in _FIGURES.findall(html)]


def image_ids(html: str) -> list[int]:
    """Return the numbers of the placed pictures of a sanitised body, in order."""
    return [figure.image_id for figure in figures(html)]


def embeds(html: str) -> list[EmbedReference]:
    """Return the embeds of a sanitised body, in order."""
    found = (_embed(match) for match in _EMBEDS.finditer(html))
    return [reference for reference in found if reference]


def mark_tickers(html: str, tickers: dict[str, int]) -> str:
    """Return a sanitised body with the first mention of each ticker made a reference to its topic.

    ``tickers`` maps a ticker, as printed, to a topic's number. Only whole words count, in the
    printed case, outside links and headings.
    """
    if not tickers:
        return html
    wanted = {_escaped(ticker): number for ticker, number in tickers.items()}
    pattern = re.compile("|".join(map(_ticker_pattern, sorted(wanted, key=len, reverse=True))))
    seen: set[str] = set()

    def mark(found: re.Match[str]) -> str:
        ticker = found[0]
        if ticker in seen:
            return ticker
        seen.add(ticker)
        return f'<a class="ticker" data-topic="{wanted[ticker]}">{ticker}</a>'

    parts = _TAG.split(html)
    closed_to_marks = 0
    for place, part in enumerate(parts):
        if part.startswith(("<a ", "<h2", "<h3")):
            closed_to_marks += 1
            if part.startswith('<a class="ticker"'):
                seen.add(parts[place + 1])
        elif part.startswith(("</a", "</h2", "</h3")):
            closed_to_marks -= 1
        elif not closed_to_marks and not part.startswith("<"):
            parts[place] = pattern.sub(mark, part)
    return "".join(parts)


def mark_correction(html: str, paragraph_words: str, number: int) -> str:
    """Return a sanitised body with a reference to a correction at the paragraph it is about.

    That is the top-level block whose plain text is, or is most like, ``paragraph_words``; where
    none is like it, and where the reference stands already, the body is returned as it was.
    """
    mark = correction_mark(number)
    wanted = _flat(paragraph_words)
    if not wanted or mark in html:
        return html
    parts = read(html)
    corrected = _most_like(wanted, parts)
    last = corrected.last_text() if corrected else None
    if last is None:
        return html
    last.marks += mark
    return "".join(block.html() for block in parts)


def correction_numbers(html: str) -> list[int]:
    """Return the numbers of the corrections that paragraphs of a sanitised body refer to."""
    return [int(number) for number in re.findall(_CORRECTED, html)]


def fill(
    html: str,
    figure: Callable[[FigureReference], str],
    topic: Callable[[int, str], str],
    mark: Callable[[int], str] | None = None,
    *,
    embed: Callable[[EmbedReference], str] | None = None,
) -> str:
    """Return the body with its references replaced by what the callables render.

    ``figure`` takes the reference, ``topic`` a topic's number and the ticker, ``mark`` the number
    of a correction (without it, such a reference shows nothing). All return safe HTML, "" for what
    is not to be shown (an unknown picture, an ended licence). ``embed`` takes the reference;
    without it an embed becomes a paragraph with its address, as feeds and mails want. Runs at every
    page view, hence one pass of one regex.
    """

    def put(found: re.Match[str]) -> str:
        if found[0].startswith("<figure data-embed"):
            reference = _embed(_EMBEDS.fullmatch(found[0]))
            return (embed or embed_as_words)(reference) if reference else ""
        number, caption, alt, topic_id, ticker, correction = found.groups()
        if number is not None:
            return figure(_reference(number, caption or "", alt or ""))
        if correction is not None:
            return mark(int(correction)) if mark else ""
        return topic(int(topic_id), unescape(ticker))

    return _REFERENCES.sub(put, html)


def _flat(words: str) -> str:
    return " ".join(words.split())


def _most_like(wanted: str, parts: list[Block]) -> Block | None:
    """The block with these words, or else the one most like them, if any is like them."""
    best, best_likeness = None, 0.0
    for block in parts:
        words = _flat(block.text())
        if words == wanted:
            return block
        likeness = _likeness(words, wanted)
        if likeness > best_likeness:
            best, best_likeness = block, likeness
    return best


def _likeness(words: str, wanted: str) -> float:
    """How alike two texts are, from 0 to 1; 0 for those that are not alike enough."""
    matcher = SequenceMatcher(None, words, wanted, autojunk=False)
    # The quick ratios are upper bounds: most blocks need no more than them.
    for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio):
        likeness = ratio()
        if likeness < _ALIKE:
            return 0.0
    return likeness


def embed_as_words(reference: EmbedReference) -> str:
    """Return an embed as a paragraph: the caption, what it is, and where it stands."""
    caption = reference.caption
    if caption and not caption.endswith((".", "!", "?", "…")):
        caption += "."
    before = escape(f"{caption} {reference.embed.label}: ".lstrip())
    link = escape(reference.embed.link)
    return f'<p>{before}<a href="{link}" rel="noopener">{link}</a></p>'


def _embed(found: re.Match[str] | None) -> EmbedReference | None:
    embed = embedded.read(unescape(found[1])) if found else None
    return EmbedReference(embed, unescape((found and found[2]) or "")) if embed else None


def _reference(number: str, caption: str, alt: str) -> FigureReference:
    return FigureReference(int(number), unescape(caption), unescape(alt))


def _end_of_free_part(parts: list[Block]) -> int:
    paragraphs = 0
    second = len(parts)
    for place, block in enumerate(parts):
        if block.tag == CUT:
            return place
        paragraphs += block.tag == "p"
        if block.tag == "p" and paragraphs == 2:
            second = place + 1
    return second


def _without_marker(parts: list[Block]) -> str:
    return "".join(block.html() for block in parts if block.tag != CUT)


def _escaped(ticker: str) -> str:
    return ticker.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _ticker_pattern(ticker: str) -> str:
    """Return the pattern of a ticker as a whole word: not the BABA of "BABAX" or "BABA.HK"."""
    before = r"(?<![\w&])(?<!\w[.\-])"
    if len(ticker) <= _SHORT_TICKER:
        before = r"(?:(?<=\()|(?<=:)|(?<=: ))"
    return rf"{before}{re.escape(ticker)}(?!\w|[.\-]\w)"
