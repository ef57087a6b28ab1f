"""The addresses of a picture, and the markup that prints them."""

from django.template.loader import render_to_string
from django.urls import reverse

from articles.photos.credits import Credit, credit_line
from articles.photos.renditions import ImageFacts, picture, widths_of

NAME = "0123456789abcdef" * 2


def test_a_large_picture_has_the_whole_ladder():
    assert widths_of(6000) == (320, 480, 640, 800, 960, 1200, 1600, 2000)


def test_a_picture_is_never_enlarged_and_has_at_least_one_size():
    assert widths_of(1000) == (320, 480, 640, 800, 960)
    assert widths_of(320) == (320,)
    assert widths_of(90) == (90,)


def test_facts_from_a_query_are_enough_for_all_addresses():
    row = {"rendition_name": NAME, "width": 3000, "height": 2000, "format": "jpeg"}

    shown = picture(ImageFacts(**row))

    assert (shown.width, shown.height) == (2000, 1333)
    assert shown.src == f"/media/r/{NAME}/960.jpg"
    assert shown.largest_url == f"/media/r/{NAME}/2000.jpg"
    assert shown.avif_srcset.startswith(f"/media/r/{NAME}/320.avif 320w, /media/r/{NAME}/480.avif")
    assert shown.jpeg_srcset.startswith(f"/media/r/{NAME}/320.jpg 320w, /media/r/{NAME}/640.jpg")
    assert shown.webp_srcset.endswith(f"/media/r/{NAME}/2000.webp 2000w")
    assert shown.avif_srcset.count(",") == 7
    assert shown.webp_srcset.count(",") == shown.jpeg_srcset.count(",") == 4


def test_the_addresses_are_those_the_site_answers():
    address = reverse("articles:rendition", args=[NAME, "90", "jpg"])

    assert picture(ImageFacts(NAME, 90, 60)).src == address


def test_a_very_long_picture_keeps_a_height():
    assert picture(ImageFacts(NAME, 16_000, 4)).height == 1


def test_the_lead_picture_is_eager_and_others_are_lazy():
    context = {"picture": picture(ImageFacts(NAME, 640, 400)), "alt": "", "sizes": "100vw"}

    eager = render_to_string("articles/_picture.html", {**context, "eager": True})
    lazy = render_to_string("articles/_picture.html", context)

    assert 'fetchpriority="high"' in eager
    assert "loading" not in eager
    assert 'loading="lazy"' in lazy
    assert "fetchpriority" not in lazy
    assert 'width="640" height="400" alt=""' in lazy
    assert lazy.count('sizes="100vw"') == 3


def test_a_figure_prints_caption_and_credit_as_text():
    html = render_to_string(
        "articles/_figure.html",
        {
            "picture": picture(ImageFacts(NAME, 640, 400)),
            "alt": 'A "quoted" boat',
            "caption": "Boats & <ships>",
            "credit": Credit("Photograph: Ana Duarte / Testing Pictures"),
            "sizes": "100vw",
        },
    )

    assert "<span>Boats &amp; &lt;ships&gt;</span>" in html
    assert '<span class="credit">Photograph: Ana Duarte / Testing Pictures</span>' in html
    assert 'alt="A &quot;quoted&quot; boat"' in html


def test_a_figure_without_words_has_no_empty_caption():
    context = {"picture": picture(ImageFacts(NAME, 640, 400)), "alt": "", "sizes": "100vw"}

    assert "figcaption" not in render_to_string("articles/_figure.html", context)


def test_the_credit_is_printed_as_typed_and_nothing_twice():
    assert credit_line(" Photograph: Ana Duarte / Nordfoto ") == "Photograph: Ana Duarte / Nordfoto"
    assert credit_line("Ana Duarte", source="Nordfoto") == "Ana Duarte / Nordfoto"
    assert credit_line("Ana Duarte / Nordfoto", source="Nordfoto") == "Ana Duarte / Nordfoto"
    assert credit_line("", source="", copyright_notice="© Ana Duarte") == "© Ana Duarte"
    assert credit_line("  ") == ""
