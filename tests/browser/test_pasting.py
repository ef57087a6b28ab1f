"""What word processors put on the clipboard, pasted into the body.

The samples have the shape of what Word, Google Docs, LibreOffice and their web versions send; the
words are ours.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.writing import paste, sent, write

pytestmark = pytest.mark.browser

WORD = r"""<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml>
<![endif]-->
<style>
<!--
 /* Style Definitions */
 p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm; font-size:11.0pt;}
 @list l0:level1 {mso-level-number-format:bullet;}
-->
</style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:"Table Normal";}</style><![endif]-->
</head>
<body lang=EN-GB style='tab-interval:36.0pt;word-wrap:break-word'>
<!--StartFragment-->
<h1 style='mso-margin-top-alt:auto'><span lang=EN-US style='font-weight:normal'>The
harbour<o:p></o:p></span></h1>
<h2><b>Waiting</b><o:p></o:p></h2>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span lang=EN-US>Eleven</span></b><span
lang=EN-US> ships in <st1:place w:st="on">Hull</st1:place> <i style='mso-bidi-font-style:normal'>wait</i>
for <a href="https://example.com/wind"><span style='color:blue'>the wind</span></a>.<o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if
!supportLists]><span lang=EN-US style='font-family:Symbol;mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span><![endif]>the Ada<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if
!supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>with <b>coal</b><o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if
!supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>the Bea<o:p></o:p></p>
<p class=MsoNormal>Then:<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l1 level1 lfo2'><!--[if !supportLists]--><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><!--[endif]-->weigh anchor<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l1 level1 lfo2'><!--[if !supportLists]--><span
style='mso-list:Ignore'>2.<span>&nbsp;&nbsp; </span></span><!--[endif]-->leave<o:p></o:p></p>
<p class=MsoNormal>The pilots said <span class=msoDel><del cite="mailto:Tom"
datetime="2025-01-24T09:40">never </del></span><span class=msoIns><ins cite="mailto:Tom"
datetime="2025-01-24T09:40">soon</ins></span><span class=MsoCommentReference><span
style='font-size:8.0pt'><a class=msocomanchor href="#_msocom_1">[TA1]</a><span
style='mso-special-character:comment'>&nbsp;</span></span></span>.<o:p></o:p></p>
<!--EndFragment-->
<div style='mso-element:comment-list'><hr class=msocomoff align=left><div style='mso-element:comment'>
<p class=MsoCommentText>Is that so?<o:p></o:p></p></div></div>
</body></html>"""
WORD_BECOMES = (
    "<h2>The harbour</h2><h2>Waiting</h2>"
    "<p><strong>Eleven</strong> ships in Hull <em>wait</em> for "
    '<a href="https://example.com/wind" rel="noopener">the wind</a>.</p>'
    "<ul><li>the Ada<ul><li>with <strong>coal</strong></li></ul></li><li>the Bea</li></ul>"
    "<p>Then:</p><ol><li>weigh anchor</li><li>leave</li></ol>"
    "<p>The pilots said soon.</p>"
)

GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;"
id="docs-internal-guid-0a1b2c3d-7fff-1111-2222-333344445555"><h1 dir="ltr"
style="line-height:1.38;margin-top:20pt;margin-bottom:6pt;"><span style="font-size:20pt;
font-family:Arial,sans-serif;color:#000000;font-weight:400;font-style:normal;">The harbour</span></h1><p
dir="ltr" style="line-height:1.38;margin-top:0pt;"><span style="font-size:11pt;font-weight:700;
font-style:normal;white-space:pre-wrap;">Eleven</span><span style="font-size:11pt;font-weight:400;
font-style:normal;white-space:pre-wrap;"> ships </span><span style="font-weight:400;
font-style:italic;white-space:pre-wrap;">wait</span><span style="font-weight:400;"> for </span><a
href="https://www.google.com/url?q=https://example.com/wind?a%3D1%26b%3D2&amp;sa=D&amp;source=editors&amp;ust=17"
style="text-decoration:none;"><span style="font-weight:400;color:#1155cc;text-decoration:underline;">the
wind</span></a><span style="font-weight:400;">.</span></p><br><ul
style="margin-top:0;padding-inline-start:48px;"><li dir="ltr" aria-level="1"
style="list-style-type:disc;font-size:11pt;font-weight:400;"><p dir="ltr" role="presentation"><span
style="font-weight:400;">the Ada</span></p></li><ul><li dir="ltr" aria-level="2"
style="list-style-type:circle;font-weight:400;"><p dir="ltr" role="presentation"><span
style="font-weight:700;">with coal</span></p></li></ul><li dir="ltr" aria-level="1"
style="font-weight:400;"><p dir="ltr" role="presentation"><span>the Bea</span></p></li></ul><ol><li
dir="ltr" aria-level="1" style="list-style-type:decimal;font-weight:400;"><p dir="ltr"
role="presentation"><span style="font-weight:400;">leave</span></p></li></ol><p dir="ltr"><span
style="font-weight:700;font-style:italic;">Soon.</span></p></b><br class="Apple-interchange-newline">"""
GOOGLE_BECOMES = (
    "<h2>The harbour</h2><p><strong>Eleven</strong> ships <em>wait</em> for "
    '<a href="https://example.com/wind?a=1&amp;b=2" rel="noopener">the wind</a>.</p>'
    "<ul><li>the Ada<ul><li><strong>with coal</strong></li></ul></li><li>the Bea</li></ul>"
    "<ol><li>leave</li></ol><p><strong><em>Soon.</em></strong></p>"
)

LIBRE = """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<title></title><meta name="generator" content="LibreOffice 7.6 (Linux)"/><style type="text/css">
h1 { font-size: 18pt } p { line-height: 115% }</style></head><body lang="en-GB" link="#000080">
<h1 class="western" style="font-weight: normal">The harbour</h1>
<p style="line-height: 100%; margin-bottom: 0cm"><br/>

</p>
<p style="margin-bottom: 0cm"><font face="Liberation Serif, serif"><font size="3"><b>Eleven</b> ships
<i>wait</i> for <a href="https://example.com/wind"><u>the wind</u></a>.</font></font></p>
<ul><li><p style="margin-bottom: 0cm">the Ada</p><ul><li><p>with coal</p></li></ul></li>
<li><p style="margin-bottom: 0cm">the <span style="font-style: normal">Bea</span></p></li></ul>
<table width="100%"><tr valign="top"><td style="border: none"><p>one</p></td><td><p>two</p></td></tr></table>
</body></html>"""
LIBRE_BECOMES = (
    "<h2>The harbour</h2><p><strong>Eleven</strong> ships <em>wait</em> for "
    '<a href="https://example.com/wind" rel="noopener">the wind</a>.</p>'
    "<ul><li>the Ada<ul><li>with coal</li></ul></li><li>the Bea</li></ul><p>one</p><p>two</p>"
)

WORD_ON_THE_WEB = """<div class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1" role="heading"
style="font-weight:normal"><span class="TextRun"><span class="NormalTextRun">Words first</span></span><span
class="EOP">&nbsp;</span></p></div><div class="ListContainerWrapper"><ul class="BulletListStyle1"
role="list"><li data-leveltext="•" data-aria-level="1" role="listitem" style="font-size:12pt"><p
class="Paragraph"><span class="TextRun"><span class="NormalTextRun">the Ada</span></span></p></li></ul></div><div
class="ListContainerWrapper"><ul role="list"><li data-leveltext="o" data-aria-level="2"><p
class="Paragraph"><span class="TextRun" style="font-weight:bold">with coal</span></p></li></ul></div><div
class="ListContainerWrapper"><ul role="list"><li data-leveltext="•" data-aria-level="1"><p
class="Paragraph"><span class="TextRun">the Bea</span></p></li></ul></div>"""
WORD_ON_THE_WEB_BECOMES = (
    "<p>Words first</p>"
    "<ul><li>the Ada<ul><li><strong>with coal</strong></li></ul></li><li>the Bea</li></ul>"
)


@pytest.mark.parametrize(
    ("pasted", "becomes"),
    [
        pytest.param(WORD, WORD_BECOMES, id="Word"),
        pytest.param(GOOGLE, GOOGLE_BECOMES, id="Google Docs"),
        pytest.param(LIBRE, LIBRE_BECOMES, id="LibreOffice"),
        pytest.param(WORD_ON_THE_WEB, WORD_ON_THE_WEB_BECOMES, id="Word on the web"),
    ],
)
def test_a_pasted_text_keeps_its_shape_and_no_word_is_lost(
    desk: Page, pasted: str, becomes: str
) -> None:
    write(desk)
    paste(desk, html=pasted)
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
