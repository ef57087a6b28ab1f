"""Videos, posts and charts of others: what is allowed, and how a body keeps them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body, embeds

VIDEO = '<figure data-embed="youtube:dQw4w9WgXcQ" data-caption="The &quot;old&quot; port"></figure>'


@pytest.mark.parametrize(
    ("pasted", "reference"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=30s", "youtube:dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ#x", "youtube:dQw4w9WgXcQ"),
        ("  youtu.be/dQw4w9WgXcQ?si=abc ", "youtube:dQw4w9WgXcQ"),
        ("https://YouTube.com/shorts/dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ"),
        (
            '<iframe width="560" src="https://www.youtube.com/embed/dQw4w9WgXcQ?si=1&amp;start=3" '
            'title="YouTube"></iframe>',
            "youtube:dQw4w9WgXcQ",
        ),
        ("https://vimeo.com/76979871", "vimeo:76979871"),
        ("https://vimeo.com/channels/staffpicks/76979871", "vimeo:76979871"),
        ("https://vimeo.com/76979871/8272103f6e?share=copy", "vimeo:76979871/8272103f6e"),
        (
            "https://player.vimeo.com/video/76979871?title=0&h=8272103f6e",
            "vimeo:76979871/8272103f6e",
        ),
        ("https://x.com/harbour/status/1234567890123456789?s=20", "x:1234567890123456789"),
        ("https://twitter.com/harbour/status/20", "x:20"),
        (
            '<blockquote class="twitter-tweet"><p>Wind <a href="https://t.co/a1">here</a></p>'
            '<a href="https://twitter.com/harbour/status/20?ref_src=x">Jan 24</a></blockquote>',
            "x:20",
        ),
        ("https://datawrapper.dwcdn.net/aB3dE/4/", "datawrapper:aB3dE"),
        ("https://www.datawrapper.de/_/aB3dE/", "datawrapper:aB3dE"),
    ],
)
def test_an_address_that_people_copy_is_understood(pasted: str, reference: str) -> None:
    assert embeds.parse(pasted).reference == reference


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "no web address"),
        ("a word", "no web address"),
        ("https://example.com/watch?v=dQw4w9WgXcQ", "only linked"),
        ("https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "only linked"),
        ("https://evil.example/?https://youtu.be/dQw4w9WgXcQ", "only linked"),
        ("https://evil.example/youtube.com/embed/dQw4w9WgXcQ", "only linked"),
        ("javascript:alert('youtu.be/dQw4w9WgXcQ')", "no web address"),
        ("https://www.youtube.com/@harbour", "no single video"),
        ("https://www.youtube.com/watch?v=short", "no single video"),
        ("https://vimeo.com/watch", "no single video"),
        ("https://x.com/harbour", "no single post"),
        ("https://app.datawrapper.de/chart/aB3dE/publish", "Publish the chart"),
    ],
)
def test_another_address_is_refused_in_words(pasted: str, words: str) -> None:
    with pytest.raises(embeds.NotEmbeddable, match=words):
        embeds.parse(pasted)


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "youtube",
        "youtube:",
        "youtube:tooshort",
        "youtube:dQw4w9WgXcQ\n",
        'youtube:dQw4w9WgX"Q',
        "vimeo:12a",
        "vimeo:1/ABCDEF",
        "x:²",
        "other:1",
        "datawrapper:../../",
    ],
)
def test_a_reference_that_no_provider_has_is_none(reference: str) -> None:
    assert embeds.read(reference) is None


@pytest.mark.parametrize(
    ("reference", "link", "frame"),
    [
        (
            "youtube:dQw4w9WgXcQ",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ),
        ("vimeo:7", "https://vimeo.com/7", "https://player.vimeo.com/video/7?dnt=1"),
        (
            "vimeo:7/8272103f6e",
            "https://vimeo.com/7/8272103f6e",
            "https://player.vimeo.com/video/7?dnt=1&h=8272103f6e",
        ),
        ("x:20", "https://x.com/i/status/20", ""),
        (
            "datawrapper:aB3dE",
            "https://datawrapper.dwcdn.net/aB3dE/",
            "https://datawrapper.dwcdn.net/aB3dE/",
        ),
    ],
)
def test_a_thing_has_a_link_and_where_it_may_a_frame(reference: str, link: str, frame: str) -> None:
    embed = embeds.read(reference)
    assert embed
    assert (embed.link, embed.frame) == (link, frame)
    # What is shown can be pasted again.
    assert embeds.parse(link.replace("/i/status/", "/i/web/status/")).reference == reference
    if frame:
        assert embeds.parse(frame).reference == reference


def test_a_page_may_frame_the_hosts_of_what_it_holds_and_no_more() -> None:
    held = [embeds.read(each) for each in ("x:20", "youtube:dQw4w9WgXcQ", "vimeo:7", "vimeo:8")]
    assert embeds.hosts(embed for embed in held if embed) == (
        "https://player.vimeo.com",
        "https://www.youtube-nocookie.com",
    )
    assert embeds.hosts([]) == ()


@given(st.text())
def test_nothing_that_is_pasted_breaks_the_reading(pasted: str) -> None:
    try:
        embed = embeds.parse(pasted)
    except embeds.NotEmbeddable:
        return
    assert embeds.read(embed.reference) == embed


@pytest.mark.parametrize(
    ("given_html", "kept"),
    [
        (VIDEO, VIDEO),
        ('<figure data-embed="x:20" data-alt="a" class="b"><p>c</p></figure>',
         '<figure data-embed="x:20"></figure><p>c</p>'),
        ('<figure data-embed="other:20" data-caption="Words"></figure>', ""),
        ('<figure data-embed="youtube:dQw4w9WgXcQ&quot; onload=&quot;x"></figure>', ""),
        ('<iframe src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"></iframe>', ""),
        ('<figure data-image="7" data-embed="x:20"></figure>',
         '<figure data-image="7"></figure>'),
        ('<blockquote>a<figure data-embed="x:20"></figure></blockquote>',
         '<blockquote><p>a</p></blockquote><figure data-embed="x:20"></figure>'),
    ],
)  # fmt: skip
def test_a_body_keeps_valid_references_in_one_form(given_html: str, kept: str) -> None:
    assert body.sanitise(given_html) == kept
    assert body.sanitise(kept) == kept


def test_an_embed_is_found_with_its_caption_and_counts_no_words() -> None:
    html = f"<p>One</p>{VIDEO}<p>two</p>"
    (reference,) = body.embeds(html)
    assert reference.embed.reference == "youtube:dQw4w9WgXcQ"
    assert reference.caption == 'The "old" port'
    assert body.plain_text(html) == "One\n\ntwo"
    assert body.figures(html) == []


def test_an_embed_behind_the_cut_is_withheld() -> None:
    free, withheld = body.cut(f'<p>a</p><hr data-cut="">{VIDEO}<p>b</p>')
    assert body.embeds(free) == []
    assert len(body.embeds(withheld)) == 1


def test_where_nothing_else_is_said_an_embed_is_its_address_in_words() -> None:
    link = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    filled = body.fill(f"<p>a</p>{VIDEO}", lambda _: "", lambda *_: "")
    linked = f'<a href="{link}" rel="noopener">{link}</a>'
    assert filled == f'<p>a</p><p>The "old" port. Video on YouTube: {linked}</p>'
    assert body.plain_text(filled) == f'a\n\nThe "old" port. Video on YouTube: {link}'


def test_an_embed_is_filled_beside_pictures_and_tickers() -> None:
    html = f'<p>a</p><figure data-image="7"></figure>{VIDEO}'
    filled = body.fill(
        html,
        lambda figure: f"[{figure.image_id}]",
        lambda *_: "",
        embed=lambda reference: f"[{reference.embed.id}|{reference.caption}]",
    )
    assert filled == '<p>a</p>[7][dQw4w9WgXcQ|The "old" port]'


def test_a_reference_of_a_provider_that_is_no_more_leaves_no_trace() -> None:
    assert body.fill('<figure data-embed="gone:1"></figure>', lambda _: "", lambda *_: "") == ""
