"""Broken and hostile metadata: noted, bounded, and never in the way of a picture."""

import io
import random
import struct
import time
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Image
from articles.photos import library
from articles.photos.inspecting import inspect
from articles.photos.metadata import read
from articles.photos.metadata.values import MAX_ITEMS, MAX_TEXT
from articles.photos.pixels import prepare
from articles.photos.uploads import check
from tests.articles.photos.files import quarters, saved, upload
from tests.articles.photos.said import (
    XMP,
    datasets,
    exif,
    iim,
    jpeg_saying,
    packet,
    resources,
    segment,
    xmp,
)
from tests.articles.photos.test_metadata_shapes import chunk

BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">%s]>
<x:xmpmeta xmlns:x="adobe:ns:meta/">&z;</x:xmpmeta>""" % b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (b, a, a, a, a)
    for a, b in zip(b"abcdefghijklmnopqrstuvwxy", b"bcdefghijklmnopqrstuvwxyz", strict=True)
)
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    + packet("<photoshop:City>&f;</photoshop:City>").split(b"?>", 1)[1]
)
ENTITY = (
    b'<!DOCTYPE x [<!ENTITY f "Oslo">]>'
    + packet("<photoshop:City>&f;</photoshop:City>").split(b"?>", 1)[1]
)
DEEP = packet("<photoshop:City>" * 5_000 + "x" + "</photoshop:City>" * 5_000)


def photoshop(data: bytes) -> bytes:
    return segment(0xED, b"Photoshop 3.0\0" + data)


def app1(data: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + data)


HOSTILE = {
    "a bomb of entities": (jpeg_saying(xmp=BOMB), "xmp"),
    "a file from outside": (jpeg_saying(xmp=OUTSIDE), "xmp"),
    "a document type of its own": (jpeg_saying(xmp=ENTITY), "xmp"),
    "too deep": (jpeg_saying(xmp=DEEP[:60_000]), "xmp"),
    "no xml": (jpeg_saying(xmp=b"Dear desk"), "xmp"),
    "cut off": (jpeg_saying(xmp=xmp({"city": "Oslo"})[:-60]), "xmp"),
    "random bytes": (jpeg_saying(xmp=random.Random(7).randbytes(5_000)), "xmp"),
    "no iim": (jpeg_saying(iim=b"Dear desk"), "iim"),
    "a length of impossible length": (jpeg_saying(iim=b"\x1c\x02\x5a\xff\xff"), "iim"),
    "no resources": (jpeg_saying(segments=(photoshop(b"Dear desk"),)), "iim"),
    "a resource without an end": (jpeg_saying(segments=(photoshop(b"8BIM\4\4\xff"),)), "iim"),
    "no tiff": (jpeg_saying(segments=(app1(b"Dear desk"),)), "exif"),
    "a page nowhere": (jpeg_saying(segments=(app1(b"II*\0\xff\xff\xff\xff"),)), "exif"),
    "a png's text that is no zlib": (
        saved(quarters((64, 40)), "PNG")[:33]
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0Dear desk")
        + saved(quarters((64, 40)), "PNG")[33:],
        "xmp",
    ),
    "a png's text that unpacks to gigabytes": (
        saved(quarters((64, 40)), "PNG")[:33]
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b" " * 50_000_000))
        + saved(quarters((64, 40)), "PNG")[33:],
        "xmp",
    ),
    "a webp's packet of no xml": (saved(quarters((64, 40)), "WEBP", xmp=b"Dear desk"), "xmp"),
    "an avif's packet of no xml": (saved(quarters((64, 40)), "AVIF", xmp=b"Dear desk"), "xmp"),
    "a gif's packet without an end": (
        saved(quarters((64, 40)), "GIF")[:-1] + b"\x21\xff\x0bXMP DataXMP\3<x>\0;",
        "xmp",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_metadata_that_cannot_be_read_never_blocks_an_upload(name):
    data, part = HOSTILE[name]

    image = library.add(Image(credit="Ana"), check(upload(data)), by=None)

    with image.file.open() as original:
        assert prepare(original, width=64).size == (64, 40)
    image.refresh_from_db()
    assert image.unreadable_metadata == part
    assert image.file_metadata == {}
    assert (image.credit, image.caption) == ("Ana", "")


@pytest.mark.parametrize("part", ["xmp", "iim", "exif"])
def test_what_can_be_read_beside_it_is_read(part):
    blocks = {"xmp": xmp({"city": "Oslo"}), "iim": iim({"credit": "Nordfoto"})}
    good = {"xmp": "city", "iim": "credit", "exif": "creator"}
    broken = segment(0xE1, b"Exif\0\0Dear desk")
    if part == "exif":
        data = jpeg_saying(**blocks, segments=(broken,))
    else:
        data = jpeg_saying(**(blocks | {part: b"Dear desk"}), exif=exif({"creator": "Ana"}))

    found = read(data)

    assert found.unreadable == (part,)
    assert set(found.properties) == {good[name] for name in good if name != part}


def test_values_are_bounded_and_clean():
    city = packet(f"<photoshop:City>{'y' * 50_000}</photoshop:City>")
    keywords = "".join(f"<rdf:li>{number}</rdf:li>" for number in range(3_000))

    words = packet(f"<dc:subject><rdf:Bag>{keywords}</rdf:Bag></dc:subject>")

    assert len(read(jpeg_saying(xmp=city)).properties["city"].value) == MAX_TEXT
    assert len(read(jpeg_saying(xmp=words)).properties["keywords"].value) == MAX_ITEMS


def test_letters_that_nobody_sees_are_taken_out():
    block = datasets([(1, 90, b"\x1b%G"), (2, 90, "\0O\x1bslo\u0085e\u0301\ufeff\x7f ".encode())])

    assert read(jpeg_saying(iim=block)).properties["city"].value == "Oslo\né"


def test_a_file_that_is_no_picture_says_nothing():
    for data in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n\0", b"RIFF....WEBP\0", b"GIF89a", b"Dear"):
        assert read(data).properties == {}


def test_a_broken_avif_is_noted():
    assert read(b"\0\0\0\x1cftypavif" + b"\0" * 40).unreadable == ("file",)


def test_a_hostile_file_takes_no_time():
    """Everything at once: parts, tags, texts and chunks by the ten thousand."""
    tags = b"".join(struct.pack("<HHLL", 0x010E + n, 2, 2**31, 0) for n in range(5_000))
    page = b"II*\0\x08\0\0\0" + struct.pack("<H", 65_535) + tags
    parts = [segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + b"\0" * 8)] * 9_000
    jpeg = jpeg_saying(segments=(app1(page[:65_000]), *parts))
    text = zlib.compress(b"\nxmp\n 1\n" + b"0" * 50_000_000)
    png = saved(quarters((64, 40)), "PNG")
    png = png[:33] + chunk(b"zTXt", b"Raw profile type xmp\0\0" + text) * 300 + png[33:]
    elements = jpeg_saying(xmp=packet("<a/>" * 15_000))

    began = time.process_time()
    for data in (jpeg, png, elements):
        read(data)

    assert time.process_time() - began < 5


PNG = saved(quarters((64, 40)), "PNG")
GOOD = jpeg_saying(
    xmp=xmp(dict.fromkeys(XMP, "Oslo")),
    iim=iim({"city": "Oslo", "credit": "Nordfoto"}),
    exif=exif({"creator": "Ana", "date_created": ("2024:05:01 12:30:00", "+02:00")}),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=30),
    st.integers(0, len(GOOD)),
)
def test_no_change_of_bytes_and_no_cut_makes_reading_fail(changes, end):
    data = bytearray(GOOD)
    for at, byte in changes:
        data[at] = byte

    found = read(bytes(data[:end]))

    assert "\0" not in str(found.as_json())


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=20, max_size=200), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_no_exif_keeps_a_picture_from_being_shown(block, kind):
    """Pillow trips over Exif when it reads a picture and when it turns it upright."""
    data = b"Exif\0\0II*\0\x08\0\0\0\x04\0\x12\1\3\0\1\0\0\0\6\0\0\0" + block
    file = {
        "JPEG": lambda: jpeg_saying(segments=(segment(0xE1, data),)),
        "PNG": lambda: PNG[:33] + chunk(b"eXIf", data[6:]) + PNG[33:],
        "WEBP": lambda: saved(quarters((64, 40)), "WEBP", exif=data),
    }[kind]()

    assert inspect(file)["size"] == (40, 64)
    assert prepare(io.BytesIO(file), width=40).size == (40, 64)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_block_makes_reading_fail(block):
    segments = (photoshop(resources(block)), app1(b"II*\0\x08\0\0\0" + block))

    read(jpeg_saying(xmp=b"<a>" + block, segments=segments))
