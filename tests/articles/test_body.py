"""The body of a story: what may be in it, where it is cut, and what is read from it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body, body_blocks

FIGURE = '<figure data-image="7" data-caption="At dawn" data-alt="A &quot;red&quot; boat"></figure>'


@pytest.mark.parametrize(
    ("given_html", "kept"),
    [
        ("plain words", "<p>plain words</p>"),
        ("<p>One</p>stray<p>Two</p>", "<p>One</p><p>stray</p><p>Two</p>"),
        ("<p>A</p><p></p><p> </p><p>&nbsp;</p><p><br></p><p>B</p>", "<p>A</p><p>B</p>"),
        ("<div>One</div><div>Two</div>", "<p>One</p><p>Two</p>"),
        ("<table><tr><td>One</td><td>Two</td></tr></table>", "<p>One</p><p>Two</p>"),
        ("<h1>Top</h1><h2>Second</h2><h5>Small</h5>", "<h2>Top</h2><h2>Second</h2><h3>Small</h3>"),
        (
            "<p><b>bold</b> and <i>slanted</i></p>",
            "<p><strong>bold</strong> and <em>slanted</em></p>",
        ),
        ("<p><em><strong>both</strong></em></p>", "<p><strong><em>both</em></strong></p>"),
        ("<p><strong>bold </strong>word</p>", "<p><strong>bold</strong> word</p>"),
        ("<strong>a<p>b</p></strong>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<p>a<br>b<br></p>", "<p>a<br>b</p>"),
        ("<p>a  \n b</p>", "<p>a b</p>"),
        ("<p>a&nbsp;b &amp; c</p>", "<p>a&nbsp;b &amp; c</p>"),
        ("<ul><li><p>one</p></li><li>two</li><li></li></ul>", "<ul><li>one</li><li>two</li></ul>"),
        (
            "<ol><li>one<ul><li>deep</li></ul></li></ol>",
            "<ol><li>one<ul><li>deep</li></ul></li></ol>",
        ),
        ("<ul><li><p>one</p><p>two</p></li></ul>", "<ul><li><p>one</p><p>two</p></li></ul>"),
        ("<li>lost item</li>", "<p>lost item</p>"),
        ("<blockquote>said</blockquote>", "<blockquote><p>said</p></blockquote>"),
        ("<blockquote><h2>said</h2></blockquote>", "<blockquote><p>said</p></blockquote>"),
        ("<p>a</p><hr><p>b</p>", "<p>a</p><p>b</p>"),
        ('<p style="color:red" onclick="x()" class="y" id="z">a</p>', "<p>a</p>"),
        ("<p>a<script>alert(1)</script><style>p{}</style></p>", "<p>a</p>"),
        (
            "<figure><img src=x onerror=alert(1)><figcaption>Words</figcaption></figure>",
            "<p>Words</p>",
        ),
        ('<figure data-image="seven"></figure>', ""),
        ('<figure data-image="0"></figure>', ""),
        ('<figure data-image="-3"></figure>', ""),
        ('<figure data-image="12345678901234567890"></figure>', ""),
        ("a\x00b\x07c", "<p>abc</p>"),
        ("a\ud800b", "<p>a?b</p>"),
    ],
)
def test_a_body_keeps_its_words_and_only_the_allowed_elements(given_html: str, kept: str) -> None:
    assert body.sanitise(given_html) == kept


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.com/a?b=1&amp;c=2", "https://example.com/a?b=1&amp;c=2"),
        ("HTTP://example.com/", "HTTP://example.com/"),
        ("mailto:desk@example.com", "mailto:desk@example.com"),
        ("https://example.com/two words", "https://example.com/two%20words"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.com/", None),
        ("/latest/", None),
        ("https:example.com", None),
        ("https://", None),
        ("", None),
    ],
)
def test_a_link_leads_to_a_web_or_mail_address_or_is_plain_text(
    address: str, kept: str | None
) -> None:
    html = body.sanitise(f'<p><a href="{address}" target="_blank" rel="x">here</a></p>')
    expected = f'<a href="{kept}" rel="noopener">here</a>' if kept else "here"
    assert html == f"<p>{expected}</p>"


def test_a_figure_is_a_reference_with_the_storys_own_words() -> None:
    html = body.sanitise(FIGURE.replace("></figure>", ' data-credit="X" src="y">word</figure>'))
    assert html == FIGURE + "<p>word</p>"
    assert body.figures(html) == [body.FigureReference(7, "At dawn", 'A "red" boat')]


def test_a_figure_without_own_words_says_nothing_about_them() -> None:
    html = body.sanitise('<figure data-image="007" data-caption=" " data-alt=""></figure>')
    assert html == '<figure data-image="7"></figure>'
    assert body.figures(html) == [body.FigureReference(7, "", "")]


def test_a_figure_or_marker_inside_a_list_or_quote_follows_it() -> None:
    html = body.sanitise(f'<blockquote>a{FIGURE}<hr data-cut="x">b</blockquote><p>c</p>')
    assert html == f'<blockquote><p>a</p><p>b</p></blockquote>{FIGURE}<hr data-cut=""><p>c</p>'


def test_only_the_first_marker_stays() -> None:
    html = body.sanitise("<p>a</p><hr data-cut><p>b</p><hr data-cut><p>c</p>")
    assert html == '<p>a</p><hr data-cut=""><p>b</p><p>c</p>'


def test_a_ticker_reference_cannot_be_written_by_hand() -> None:
    assert body.sanitise('<p><a class="ticker" data-topic="1">X</a></p>') == "<p>X</p>"


def test_lists_nested_beyond_measure_are_flattened_and_keep_their_words() -> None:
    html = body.sanitise("<ul><li>word" * 2000)
    assert body.count_words(html) == 2000
    assert html.count("<ul>") == 4


def test_the_blocks_of_a_body_are_its_top_level_elements() -> None:
    parts = ["<h2>A</h2>", "<ul><li>b</li></ul>", FIGURE, '<hr data-cut="">', "<p>c</p>"]
    assert body.blocks("".join(parts)) == parts


@pytest.mark.parametrize(
    ("html", "free", "withheld"),
    [
        ('<p>a</p><hr data-cut=""><p>b</p>', "<p>a</p>", "<p>b</p>"),
        (
            '<p>a</p><p>b</p><p>c</p><hr data-cut=""><p>d</p>',
            "<p>a</p><p>b</p><p>c</p>",
            "<p>d</p>",
        ),
        ('<hr data-cut=""><p>a</p>', "", "<p>a</p>"),
        ("<p>a</p><p>b</p><p>c</p>", "<p>a</p><p>b</p>", "<p>c</p>"),
        (
            f"<h2>x</h2><p>a</p>{FIGURE}<p>b</p>{FIGURE}",
            f"<h2>x</h2><p>a</p>{FIGURE}<p>b</p>",
            FIGURE,
        ),
        (
            "<blockquote><p>q</p></blockquote><p>a</p>",
            "<blockquote><p>q</p></blockquote><p>a</p>",
            "",
        ),
        ("", "", ""),
    ],
)
def test_the_free_part_ends_at_the_marker_or_after_the_second_paragraph(
    html: str, free: str, withheld: str
) -> None:
    assert body.cut(html) == (free, withheld)


def test_plain_text_has_a_blank_line_between_blocks_and_no_captions() -> None:
    html = f"<h2>Head</h2><p>One &amp; two<br>three</p>{FIGURE}<ul><li>a</li><li>b</li></ul>"
    assert body.plain_text(html) == "Head\n\nOne & two\nthree\n\na\nb"
    assert body.count_words(html) == 6


def test_an_unknown_picture_leaves_no_trace() -> None:
    html = f"<p>a</p>{FIGURE}<p>b</p>"
    assert body.fill(html, lambda _: "", lambda *_: "") == "<p>a</p><p>b</p>"


def test_references_are_filled_in_order() -> None:
    html = body.mark_tickers(f"<p>On (BABA &amp; Co)</p>{FIGURE}", {"BABA": 12})
    filled = body.fill(
        html,
        lambda figure: f"[{figure.image_id}|{figure.caption}|{figure.alt}]",
        lambda topic, ticker: f"[{topic}|{ticker}]",
    )
    assert filled == '<p>On ([12|BABA] &amp; Co)</p>[7|At dawn|A "red" boat]'


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>Alibaba (BABA) and BABA</p>", "<p>Alibaba (*BABA*) and BABA</p>"),
        ("<p>BABA.</p>", "<p>*BABA*.</p>"),
        (
            "<p>BABAX BABA.HK XBABA baba BABA-N BABA</p>",
            "<p>BABAX BABA.HK XBABA baba BABA-N *BABA*</p>",
        ),
        (
            "<h2>BABA</h2><p><strong>BABA</strong></p>",
            "<h2>BABA</h2><p><strong>*BABA*</strong></p>",
        ),
        (
            '<p><a href="https://e.com/BABA" rel="noopener">BABA</a> BABA</p>',
            '<p><a href="https://e.com/BABA" rel="noopener">BABA</a> *BABA*</p>',
        ),
        (FIGURE.replace("At dawn", "BABA"), FIGURE.replace("At dawn", "BABA")),
        (
            "<p>BABA</p><p>AT&amp;T (T) AT&amp;T</p>",
            '<p>*BABA*</p><p><a class="ticker" data-topic="3">AT&amp;T</a> '
            '(<a class="ticker" data-topic="2">T</a>) AT&amp;T</p>',
        ),
        (
            "<p>A T is a letter. NYSE: T</p>",
            '<p>A T is a letter. NYSE: <a class="ticker" data-topic="2">T</a></p>',
        ),
    ],
)
def test_the_first_mention_of_a_ticker_becomes_a_reference(html: str, marked: str) -> None:
    expected = re.sub(r"\*(\w+)\*", r'<a class="ticker" data-topic="12">\1</a>', marked)
    tickers = {"BABA": 12, "T": 2, "AT&T": 3}
    once = body.mark_tickers(html, tickers)
    assert once == expected
    assert body.mark_tickers(once, tickers) == once
    assert "".join(body.blocks(once)) == once  # cutting a marked body keeps the references


MARK = '<a class="corrected" data-correction="9"></a>'
QUAY = "The harbour office counted eleven ships on Tuesday, two more than the week before."


@pytest.mark.parametrize(
    ("html", "words", "marked"),
    [
        ("<p>One</p><p>Two</p>", "Two", f"<p>One</p><p>Two{MARK}</p>"),
        (
            "<p>One <strong>two</strong></p>",
            " One\n two ",
            f"<p>One <strong>two</strong>{MARK}</p>",
        ),
        (
            f"<p>{QUAY.replace('eleven', 'twelve')}</p><p>{QUAY}</p>",
            QUAY,
            f"<p>{QUAY.replace('eleven', 'twelve')}</p><p>{QUAY}{MARK}</p>",
        ),
        (
            f"<p>Short.</p><p>{QUAY.replace('eleven', 'twelve')}</p>",
            QUAY,
            f"<p>Short.</p><p>{QUAY.replace('eleven', 'twelve')}{MARK}</p>",
        ),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb", f"<ul><li>a</li><li>b{MARK}</li></ul>"),
        (
            "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>",
            "a b",
            f"<blockquote><p>a</p><p>b{MARK}</p></blockquote><p>c</p>",
        ),
        (f"<p>{QUAY}</p>", "Nothing of the kind was ever said by anyone here.", None),
        (f"<p>{QUAY}</p>", "", None),
        (FIGURE, "At dawn", None),
        ("", "Two", None),
        (f'<p>One</p><hr data-cut="">{FIGURE}', "One", f'<p>One{MARK}</p><hr data-cut="">{FIGURE}'),
    ],
)
def test_a_correction_is_marked_at_its_paragraph(html: str, words: str, marked: str | None) -> None:
    once = body.mark_correction(html, words, 9)
    assert once == (html if marked is None else marked)
    assert body.mark_correction(once, words, 9) == once
    assert "".join(body.blocks(once)) == once  # cutting a marked body keeps the references


def test_a_paragraph_corrected_twice_has_both_marks_and_its_words_are_the_same() -> None:
    html = "<p>Ships wait for (BABA).</p>"
    marked = body.mark_tickers(html, {"BABA": 12})
    for number in (9, 10):
        marked = body.mark_correction(marked, "Ships wait for (BABA).", number)
    assert body.correction_numbers(marked) == [9, 10]
    assert body.plain_text(marked) == body.plain_text(html)
    assert body.count_words(marked) == body.count_words(html)
    assert body.mark_tickers(marked, {"BABA": 12}) == marked


def test_a_mark_is_filled_where_somebody_wants_it_and_nothing_elsewhere() -> None:
    html = f"<p>One{MARK}</p>"
    assert body.fill(html, lambda _: "", lambda *_: "") == "<p>One</p>"
    filled = body.fill(html, lambda _: "", lambda *_: "", lambda number: f"[{number}]")
    assert filled == "<p>One[9]</p>"


def test_no_mark_comes_in_from_outside() -> None:
    assert body.sanitise(f"<p>One{MARK}</p>") == "<p>One</p>"
    assert body.sanitise(f"{MARK}One") == "<p>One</p>"


# Tag soup: known and unknown elements, never closed, wrongly nested, with hostile attributes.
TAGS = [
    "p", "div", "ul", "ol", "li", "blockquote", "h1", "h2", "h4", "b", "strong", "em", "i",
    "a", "figure", "hr", "br", "table", "td", "tr", "span", "section", "form", "pre", "font",
    "center", "button", "dl", "dt", "u", "sup", "custom-tag", "select", "option", "textarea",
    "iframe", "noscript", "title", "body", "caption"
]  # fmt: skip
ATTRIBUTES = [
    "",
    ' onclick="x()"',
    ' style="x"',
    ' href="javascript:x"',
    ' href="https://e.com/"',
    ' data-image="5" data-caption="c&lt;"',
    ' data-embed="x:20" data-caption="c&lt;"',
    ' data-embed="x:y"',
    " data-cut",
    ' class="ticker" data-topic="1"',
    ' class="corrected" data-correction="1"',
]


def pieces_of(tags: list[str]) -> st.SearchStrategy[list[str | None]]:
    piece = st.one_of(
        st.builds("<{}{}>".format, st.sampled_from(tags), st.sampled_from(ATTRIBUTES)),
        st.builds("</{}>".format, st.sampled_from(tags)),
        st.just(None),  # a word
        st.sampled_from([" ", "\n", "&nbsp;", "&lt;script&gt;", "&amp;amp;", "<!-- c -->"]),
    )
    return st.lists(piece, max_size=40)


PIECES = pieces_of(TAGS)
HOSTILE_PIECES = pieces_of(
    [*TAGS, "svg", "math", "mtext", "foreignObject", "script", "style", "img"]
)


def soup(pieces: list[str | None]) -> tuple[str, list[str]]:
    """Return the HTML and its words, each of them unique: one lost, merged or doubled is seen."""
    words = [f"word{place}." for place, piece in enumerate(pieces) if piece is None]
    remaining = iter(words)
    return "".join(next(remaining) if piece is None else piece for piece in pieces), words


CANONICAL = re.compile(
    r"<(?:/?(?:p|h2|h3|ul|ol|li|blockquote|strong|em)|/a|/figure|br"
    r'|a href="(?:https?://|mailto:)[^"<>]*" rel="noopener"'
    r'|figure data-image="\d+"(?: data-caption="[^"<>]+")?(?: data-alt="[^"<>]+")?'
    r'|figure data-embed="x:20"(?: data-caption="[^"<>]+")?'
    r'|hr data-cut="")>'
)


@given(HOSTILE_PIECES)
def test_whatever_comes_in_only_canonical_elements_come_out(pieces: list[str | None]) -> None:
    html = body.sanitise(soup(pieces)[0])
    assert "<" not in CANONICAL.sub("", html)
    assert html.count("<hr") <= 1


@given(st.one_of(HOSTILE_PIECES.map(lambda pieces: soup(pieces)[0]), st.text()))
def test_sanitising_twice_changes_nothing_more(html: str) -> None:
    once = body.sanitise(html)
    assert body.sanitise(once) == once
    assert "".join(body.blocks(once)) == once


@given(PIECES)
def test_no_word_is_lost_or_doubled(pieces: list[str | None]) -> None:
    html, words = soup(pieces)
    text = body.plain_text(body.sanitise(html))
    for word in words:
        assert text.count(word) == 1


@given(PIECES)
def test_the_cut_loses_nothing(pieces: list[str | None]) -> None:
    html = body.sanitise(soup(pieces)[0])
    free, withheld = body.cut(html)
    assert free + withheld == html.replace('<hr data-cut="">', "")
    assert body.image_ids(free) + body.image_ids(withheld) == body.image_ids(html)
    both = f"{body.plain_text(free)} {body.plain_text(withheld)}"
    assert both.split() == body.plain_text(html).split()


@given(PIECES, st.integers(min_value=0, max_value=10))
def test_a_mark_changes_no_word_and_stays_through_the_cut(
    pieces: list[str | None], which: int
) -> None:
    html = body.sanitise(soup(pieces)[0])
    parts = body.plain_text(html).split("\n\n")
    marked = body.mark_correction(html, parts[which % len(parts)], 9)
    assert body.plain_text(marked) == body.plain_text(html)
    assert marked.replace(MARK, "") == html
    assert body.correction_numbers(marked) == ([9] if parts[0] else [])
    free, withheld = body.cut(marked)
    assert body.correction_numbers(free + withheld) == body.correction_numbers(marked)


@given(st.text())
def test_plain_words_come_through_unchanged(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    shown = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd]", "", text)
    kept = body.plain_text(body.sanitise(f"<p>{escaped}</p>")).replace("\ufffd", "")
    assert kept.split() == shown.split()


_PIECES = [
    *(
        "<p>",
        "</p>",
        '<hr data-cut="">',
        " ",
        "  ",
        "word",
        "\xa0",
        "\u2003",
        "&amp;",
        "&",
        "_",
        "\n",
    ),
    *("<b>", "</b>", "<br>", "<h2>one</h2>", "<p>one two</p>", "<p>\u00fc</p>"),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=9).map("".join))
def test_plain_paragraphs_are_read_the_same_the_short_way(html: str) -> None:
    quick = body_blocks.read_plain(html)

    assert quick in ([], body_blocks._read_any(html))


def test_the_short_way_is_taken_for_plain_paragraphs() -> None:
    assert len(body_blocks.read_plain('<p>one</p><hr data-cut=""><p>two</p>')) == 3


@given(st.text())
def test_plain_paragraphs_leave_nothing_to_clean(text: str) -> None:
    html = f"<p>{text}</p>"

    assert body_blocks.read_plain(html) == [] or body._cleaner.clean(html) == html


@given(st.text(alphabet="ab1_-. \n\u00e9\u2003"))
def test_a_word_counts_if_it_holds_a_letter_or_a_digit(text: str) -> None:
    words = body.plain_text(f"<p>{text}</p>").split()

    counted = sum(any(sign.isalnum() for sign in word) for word in words)
    assert body.count_words(f"<p>{text}</p>") == counted
