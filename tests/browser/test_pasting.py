"""What word processors put on the clipboard, pasted into the body.

The samples in ``clipboards/`` have the shape of what the programs send; the words are ours.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.writing import paste, sent, write

pytestmark = pytest.mark.browser
CLIPBOARDS = Path(__file__).parent / "clipboards"

WORD_BECOMES = (
    "<h2>The harbour</h2><h2>Waiting</h2>"
    "<p><strong>Eleven</strong> ships in Hull <em>wait</em> for "
    '<a href="https://example.com/wind" rel="noopener">the wind</a>.</p>'
    "<ul><li>the Ada<ul><li>with <strong>coal</strong></li></ul></li><li>the Bea</li></ul>"
    "<p>Then:</p><ol><li>weigh anchor</li><li>leave</li></ol>"
    "<p>The pilots said soon.</p>"
)

GOOGLE_BECOMES = (
    "<h2>The harbour</h2><p><strong>Eleven</strong> ships <em>wait</em> for "
    '<a href="https://example.com/wind?a=1&amp;b=2" rel="noopener">the wind</a>.</p>'
    "<ul><li>the Ada<ul><li><strong>with coal</strong></li></ul></li><li>the Bea</li></ul>"
    "<ol><li>leave</li></ol><p><strong><em>Soon.</em></strong></p>"
)

LIBRE_BECOMES = (
    "<h2>The harbour</h2><p><strong>Eleven</strong> ships <em>wait</em> for "
    '<a href="https://example.com/wind" rel="noopener">the wind</a>.</p>'
    "<ul><li>the Ada<ul><li>with coal</li></ul></li><li>the Bea</li></ul><p>one</p><p>two</p>"
)

WORD_ON_THE_WEB_BECOMES = (
    "<p>Words first</p>"
    "<ul><li>the Ada<ul><li><strong>with coal</strong></li></ul></li><li>the Bea</li></ul>"
)


@pytest.mark.parametrize(
    ("sample", "becomes"),
    [
        pytest.param("word", WORD_BECOMES, id="Word"),
        pytest.param("google_docs", GOOGLE_BECOMES, id="Google Docs"),
        pytest.param("libreoffice", LIBRE_BECOMES, id="LibreOffice"),
        pytest.param("word_on_the_web", WORD_ON_THE_WEB_BECOMES, id="Word on the web"),
    ],
)
def test_a_pasted_text_keeps_its_shape_and_no_word_is_lost(
    desk: Page, sample: str, becomes: str
) -> None:
    write(desk)
    paste(desk, html=(CLIPBOARDS / f"{sample}.html").read_text())
    text = sent(desk)
    assert text.replace("&nbsp;", " ").replace(" </", "</") == becomes
    # Nothing empty stands between the lines that a writer would have to take out.
    blocks = desk.locator("#id_body_text > :not(:last-child)")
    assert all(words.strip() for words in blocks.all_inner_texts())


def test_numbered_items_with_letters_and_a_change_of_kind_stay_apart(desk: Page) -> None:
    def item(words: str, *, level: int, sign: str) -> str:
        return (
            f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>"
            f"<span style='mso-list:Ignore'>{sign}<span>&nbsp; </span></span>{words}</p>"
        )

    write(desk)
    paste(
        desk,
        html=item("one", level=1, sign="I.")
        + item("a within", level=2, sign="a)")
        + item("deeper", level=3, sign="§")
        + item("two", level=1, sign="(2)")
        + item("a dot", level=1, sign="•"),
    )
    assert sent(desk) == (
        "<ol><li>one<ol><li>a within<ul><li>deeper</li></ul></li></ol></li><li>two</li></ol>"
        "<ul><li>a dot</li></ul>"
    )


def test_what_is_not_bold_within_bold_is_not_bold(desk: Page) -> None:
    write(desk)
    paste(
        desk,
        html='<p><b>loud <span style="font-weight:normal">plain</span> loud</b></p>'
        '<p style="font-style:italic">slanted <span style="font-style:normal">upright</span></p>',
    )
    assert sent(desk) == (
        "<p><strong>loud</strong> plain <strong>loud</strong></p><p><em>slanted</em> upright</p>"
    )


def test_plain_text_with_blank_lines_becomes_paragraphs(desk: Page) -> None:
    write(desk)
    paste(desk, text="one\r\n\r\n\r\ntwo\n \nthree\n")
    assert sent(desk) == "<p>one</p><p>two</p><p>three</p>"


def test_pasted_pictures_are_left_out_and_it_is_said_where_pictures_come_from(desk: Page) -> None:
    write(desk)
    paste(desk, html='<p>Words <img src="https://images.example/a.png" alt="A boat"> go on</p>')
    expect(desk.get_by_text("The pictures were left out. Pictures come from")).to_be_visible()
    assert "<img" not in sent(desk)
    assert sent(desk).startswith("<p>Words")
    desk.keyboard.type("!")
    expect(desk.get_by_text("The pictures were left out.")).to_have_count(0)


def test_what_is_copied_within_the_editor_is_pasted_as_it_was(desk: Page) -> None:
    write(desk)
    paste(
        desk,
        html='<figure data-image="7" data-caption="C" data-pm-slice="0 0 []"></figure><p>a</p>',
    )
    assert sent(desk) == '<figure data-image="7" data-caption="C"></figure><p>a</p>'
