"""The many ways to write the same thing: RDF's shapes, languages, character sets, long packets."""

import io
import struct
import zlib

import pytest

from articles.photos.metadata import read
from articles.photos.metadata.values import moment
from tests.articles.photos.files import quarters, saved
from tests.articles.photos.said import (
    datasets,
    exif,
    jpeg_saying,
    packet,
    resources,
    segment,
    xmp,
)

GUID = "0123456789ABCDEF0123456789ABCDEF"
URL = "https://licences.example/"


def value(data: bytes, key: str) -> str | tuple[str, ...]:
    return read(data).properties[key].value


@pytest.mark.parametrize(
    ("key", "properties", "attributes", "wanted"),
    [
        ("credit", "", 'photoshop:Credit="Nordfoto"', "Nordfoto"),
        ("credit", "<photoshop:Credit><![CDATA[A < B]]></photoshop:Credit>", "", "A < B"),
        ("web_statement", f'<xmpRights:WebStatement rdf:resource="{URL}"/>', "", URL),
        (
            "digital_source_type",
            "<Iptc4xmpExt:DigitalSourceType rdf:parseType='Resource'>"
            "<rdf:value>x:drawn</rdf:value></Iptc4xmpExt:DigitalSourceType>",
            "",
            "x:drawn",
        ),
        (
            "credit",
            "<photoshop:Credit><rdf:Description rdf:value='Nordfoto'/></photoshop:Credit>",
            "",
            "Nordfoto",
        ),
        ("creator", "<dc:creator>Ana</dc:creator>", "", ("Ana",)),
        ("creator", "", 'dc:creator="Ana"', ("Ana",)),
        (
            "creator",
            "<dc:creator><rdf:Bag><rdf:li>Ana</rdf:li><rdf:li> </rdf:li><rdf:li>Jo</rdf:li>"
            "<rdf:li>Ana</rdf:li></rdf:Bag></dc:creator>",
            "",
            ("Ana", "Jo"),
        ),
        ("caption", "<dc:description>Ships</dc:description>", "", "Ships"),
        (
            "caption",
            "<dc:description><rdf:Seq><rdf:li/><rdf:li>Ships</rdf:li></rdf:Seq></dc:description>",
            "",
            "Ships",
        ),
        (
            "licensor_url",
            f"<plus:Licensor><rdf:Seq><rdf:li plus:LicensorURL='{URL}'/></rdf:Seq></plus:Licensor>",
            "",
            URL,
        ),
        (
            "licensor_url",
            "<plus:Licensor><rdf:Bag><rdf:li><rdf:Description><plus:LicensorName>N"
            f"</plus:LicensorName><plus:LicensorURL>{URL}</plus:LicensorURL></rdf:Description>"
            "</rdf:li></rdf:Bag></plus:Licensor>",
            "",
            URL,
        ),
        (
            "licensor_url",
            "<plus:Licensor rdf:parseType='Resource'>"
            f"<plus:LicensorURL rdf:resource='{URL}'/></plus:Licensor>",
            "",
            URL,
        ),
        (
            "licensor_url",
            "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType='Resource'><plus:LicensorName>N"
            "</plus:LicensorName></rdf:li><rdf:li rdf:parseType='Resource'>"
            f"<plus:LicensorURL>{URL}</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>",
            "",
            URL,
        ),
    ],
)
def test_every_shape_of_rdf_is_read(key, properties, attributes, wanted):
    assert value(jpeg_saying(xmp=packet(properties, attributes)), key) == wanted


def test_several_descriptions_count_as_one():
    two = packet("<photoshop:City>Oslo</photoshop:City>").replace(
        b"</rdf:RDF>",
        b'<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        b'photoshop:Credit="Nordfoto" photoshop:City="Rome"/></rdf:RDF>',
    )

    found = read(jpeg_saying(xmp=two)).properties

    assert {key: each.value for key, each in found.items()} == {
        "city": "Oslo",
        "credit": "Nordfoto",
    }


@pytest.mark.parametrize(
    ("items", "wanted", "languages"),
    [
        ([("de", "Schiffe"), ("x-default", "Ships")], "Ships", {"de": "Schiffe"}),
        ([("de", "Schiffe"), ("fr", "Bateaux")], "Schiffe", {"de": "Schiffe", "fr": "Bateaux"}),
        ([("x-default", " "), ("fr", "Bateaux")], "Bateaux", {"fr": "Bateaux"}),
        ([("X-DEFAULT", "Ships"), ("en", "Boats")], "Ships", {"en": "Boats"}),
    ],
)
def test_of_languages_the_default_counts_and_the_others_are_kept(items, wanted, languages):
    lis = "".join(f"<rdf:li xml:lang='{tag}'>{text}</rdf:li>" for tag, text in items)
    data = packet(f"<dc:description><rdf:Alt>{lis}</rdf:Alt></dc:description>")

    found = read(jpeg_saying(xmp=data)).properties["caption"]

    assert found.value == wanted
    assert found.languages == languages


def extended(whole: bytes, *, guid: str = GUID, step: int = 40_000) -> list[bytes]:
    head = b"http://ns.adobe.com/xmp/extension/\0" + guid.encode()
    return [
        segment(0xE1, head + struct.pack(">LL", len(whole), at) + whole[at : at + step])
        for at in range(0, len(whole), step)
    ]


MAIN = packet("<photoshop:City>Oslo</photoshop:City>", f'xmpNote:HasExtendedXMP="{GUID}"')
LONG = packet(
    "<photoshop:City>Rome</photoshop:City><photoshop:Credit>Nordfoto</photoshop:Credit>"
    f"<photoshop:Transmission>{'x' * 100_000}</photoshop:Transmission>"
)


@pytest.mark.parametrize("order", [1, -1])
def test_an_extension_in_parts_is_put_together_in_any_order(order):
    data = jpeg_saying(xmp=MAIN, segments=tuple(extended(LONG)[::order]))

    found = read(data)

    assert found.unreadable == ()
    assert {key: each.value for key, each in found.properties.items()} == {
        "city": "Oslo",
        "credit": "Nordfoto",
    }


@pytest.mark.parametrize(
    "segments",
    [
        (),
        extended(LONG)[:2],
        extended(LONG)[1:],
        extended(LONG, guid="F" * 32),
        extended(LONG.replace(b"</rdf:RDF>", b"")),
        extended(b"x" * 5_000_000),
    ],
)
def test_a_broken_extension_leaves_what_the_packet_says(segments):
    found = read(jpeg_saying(xmp=MAIN, segments=tuple(segments)))

    assert found.properties["city"].value == "Oslo"
    assert "credit" not in found.properties
    assert "xmp" in found.unreadable


def test_an_extension_that_nobody_names_is_not_read():
    data = jpeg_saying(xmp=packet(""), segments=tuple(extended(LONG)))

    assert read(data).properties == {}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_packet_of_two_bytes_a_letter_is_read(encoding):
    data = xmp({"city": "Łódź"}).decode().encode(encoding)

    assert value(jpeg_saying(xmp=data), "city") == "Łódź"


def test_a_packet_with_latin_letters_and_padding_is_read_as_far_as_it_goes():
    data = xmp({"city": "K@ln", "credit": "Nordfoto"}).replace(b"@", b"\xf6") + b"\0\n" * 2000

    assert value(jpeg_saying(xmp=data), "credit") == "Nordfoto"


def test_iim_repeats_lists_and_takes_the_first_of_the_rest():
    block = datasets(
        [
            *((2, 25, word) for word in (b"sea", b"ships")),
            *((2, 80, name) for name in (b"Ana", b"Jo")),
            *((2, 90, city) for city in (b" ", b"Oslo", b"Rome")),
            (3, 10, b"x"),
            (2, 0, b"\0\4"),
        ]
    )

    found = read(jpeg_saying(iim=block)).properties

    assert {key: each.value for key, each in found.items()} == {
        "keywords": ("sea", "ships"),
        "creator": ("Ana", "Jo"),
        "city": "Oslo",
    }


@pytest.mark.parametrize(
    ("declared", "raw", "wanted"),
    [
        (b"\x1b%G", "Łódź".encode(), "Łódź"),
        (b"\x1b%/I", "Łódź".encode(), "Łódź"),
        (None, b"K\xf6ln", "Köln"),
        (None, b"\x93K\xf6ln\x94 \x80", "“Köln” €"),
        # Without a declaration it is Latin, whatever it looks like.
        (None, "é".encode(), "Ã©"),
        (b"\x1b.A", b"K\xf6ln", "Köln"),
        # Declared and not so; and cut in the middle of a letter.
        (b"\x1b%G", b"K\xf6ln", "Köln"),
        (b"\x1b%G", "Łódź".encode()[:-1], "Łód"),
    ],
)
def test_the_character_set_of_iim_is_the_declared_one(declared, raw, wanted):
    block = datasets([(1, 90, declared)] if declared else []) + datasets([(2, 90, raw)])

    assert value(jpeg_saying(iim=block), "city") == wanted


def test_a_long_dataset_and_a_block_over_two_segments_are_read():
    text = b"Ships. " * 12_000
    block = b"\x1c\x02\x78\x80\x04" + struct.pack(">L", len(text)) + text
    whole = resources(b"12", 0x03ED) + resources(block + datasets([(2, 90, b"Oslo")]))
    parts = [
        segment(0xED, b"Photoshop 3.0\0" + whole[at : at + 60_000])
        for at in range(0, len(whole), 60_000)
    ]

    found = read(jpeg_saying(segments=tuple(parts))).properties

    assert found["city"].value == "Oslo"
    assert str(found["caption"].value).startswith("Ships. Ships.")
    assert len(found["caption"].value) == 5_000


def test_exif_names_photographer_and_editor_and_several_artists():
    data = exif({"copyright_notice": b"Ana\0Nordfoto\0", "creator": b"Ana; Jo ;"})

    found = read(jpeg_saying(exif=data)).properties

    assert found["copyright_notice"].value == "Ana, Nordfoto"
    assert found["creator"].value == ("Ana", "Jo")


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_in_both_orders_and_in_utf_8_of_its_own_kind(order):
    text = "Łódź".encode() + b"\0"
    head = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(f"{order}HHHLL", 1, 0x010E, 129, len(text), 26)
    block = head + struct.pack(f"{order}L", 8) + entry + b"\0" * 4 + text

    data = jpeg_saying(segments=(segment(0xE1, b"Exif\0\0" + block),))

    assert value(data, "caption") == "Łódź"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("20260300", "2026-03"),
        ("20260000", "2026"),
        ("2026-03-14", "2026-03-14"),
        ("2026:03:14 09:30:00", "2026-03-14T09:30:00"),
        ("2026-03-14T09:30Z", "2026-03-14T09:30Z"),
        ("2026-03-14T09:30:15.250+01:00", "2026-03-14T09:30:15.250+01:00"),
        ("20260314093000-0500", "2026-03-14T09:30:00-05:00"),
        ("0000:00:00 00:00:00", ""),
        ("    :  :     :  :  ", ""),
        ("2026-02-30", ""),
        ("2026-03-14T25:00", ""),
        ("yesterday", ""),
        ("٢٠٢٦", ""),
        ("", ""),
    ],
)
def test_dates_are_kept_as_exact_as_they_were_told(text, wanted):
    assert moment(text) == wanted
    assert moment(wanted) == wanted


def chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">L", len(data)) + body + struct.pack(">L", zlib.crc32(body))


def raw_profile(kind: bytes, data: bytes) -> bytes:
    text = b"\n" + kind + b"\n%8d\n" % len(data) + data.hex().encode() + b"\n"
    return chunk(b"zTXt", b"Raw profile type " + kind + b"\0\0" + zlib.compress(text))


@pytest.mark.parametrize(
    ("extra", "key"),
    [
        (chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp({"city": "Oslo"})), "city"),
        (
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp({"city": "Oslo"}))),
            "city",
        ),
        (raw_profile(b"xmp", xmp({"city": "Oslo"})), "city"),
        (raw_profile(b"iptc", resources(datasets([(2, 90, b"Oslo")]))), "city"),
        (raw_profile(b"iptc", datasets([(2, 90, b"Oslo")])), "city"),
        (raw_profile(b"exif", exif({"creator": "Oslo"}).tobytes()), "creator"),
        (chunk(b"eXIf", exif({"creator": "Oslo"}).tobytes().removeprefix(b"Exif\0\0")), "creator"),
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_png_says_it_in_front_of_its_pixels_or_behind(extra, key, place):
    data = saved(quarters((64, 40)), "PNG")
    at = 33 if place == "before" else len(data) - 12

    found = read(io.BytesIO(data[:at] + extra + data[at:]))

    assert found.unreadable == ()
    assert "Oslo" in found.properties[key].value


def test_nothing_else_of_a_file_is_read():
    data = exif({"creator": "Ana"})
    data[0x8825] = {1: "N", 2: (59.0, 54.0, 0.0)}
    data.get_ifd(0x8769)[0xA431] = "SERIAL-77"
    file = jpeg_saying(
        exif=data,
        xmp=packet("", 'photoshop:City="Oslo" photoshop:Urgency="1"'),
    )

    assert b"SERIAL-77" in file
    assert "SERIAL" not in str(read(file).as_json())
    assert set(read(file).properties) == {"creator", "city"}
