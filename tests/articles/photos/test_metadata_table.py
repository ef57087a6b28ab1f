"""Every property of the standard's table, from each source, and by their precedence."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from articles.photos.metadata import PROPERTIES, read
from articles.photos.metadata.values import as_text
from tests.articles.photos.files import quarters, saved
from tests.articles.photos.said import EXIF, IIM, XMP, exif, iim, jpeg_saying, xmp

# Letters of Latin-1 in all, and values that their readers take for what they are.
SAID = {key: f"Zoë’s {key} of Łódź" for key in XMP}
SAID |= {
    "web_statement": "https://rights.example/ö",
    "licensor_url": "https://licences.example/",
    "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    "data_mining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
    "date_created": "2026-03-14T09:30:00+01:00",
    "country_code": "POL",
}
IIM_SAID = {key: f"Señor {key}" for key in IIM} | {"country_code": "ESP"}
IIM_SAID["date_created"] = "20251224 183000-0500"
IIM_DATE = "2025-12-24T18:30:00-05:00"
EXIF_SAID = {key: f"Ærø {key}" for key in EXIF}
EXIF_SAID["date_created"] = ("2024:05:01 12:30:00", "+02:00")
EXIF_DATE = "2024-05-01T12:30:00+02:00"
BY_IIM = [*IIM, "date_created"]
BY_EXIF = [*EXIF, "date_created"]


def said(data: bytes, key: str) -> tuple[str, str]:
    found = read(data).properties[key]
    return as_text(found.value), str(found.source)


def from_iim(key: str) -> str:
    return IIM_DATE if key == "date_created" else IIM_SAID[key]


def from_exif(key: str) -> str:
    return EXIF_DATE if key == "date_created" else EXIF_SAID[key]


def test_the_table_is_whole():
    assert set(PROPERTIES) == set(XMP)
    assert len(XMP) == 23
    assert {key for key, each in PROPERTIES.items() if each.iim} == set(BY_IIM)
    assert {key for key, each in PROPERTIES.items() if each.exif} == set(BY_EXIF)


@pytest.mark.parametrize("key", XMP)
def test_a_property_is_read_from_xmp_alone(key):
    data = jpeg_saying(xmp=xmp({key: SAID[key]}))

    assert said(data, key) == (SAID[key], "xmp")
    assert set(read(data).properties) == {key}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252"])
@pytest.mark.parametrize("key", BY_IIM)
def test_a_property_is_read_from_iim_alone(key, encoding):
    data = jpeg_saying(iim=iim({key: IIM_SAID[key]}, encoding))

    assert said(data, key) == (from_iim(key), "iim")
    assert set(read(data).properties) == {key}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("key", BY_EXIF)
def test_a_property_is_read_from_exif_alone(key, encoding):
    value = EXIF_SAID[key]
    value = value if key == "date_created" else value.encode(encoding)
    data = jpeg_saying(exif=exif({key: value}))

    assert said(data, key) == (from_exif(key), "exif")
    assert set(read(data).properties) == {key}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("key", XMP)
def test_where_all_disagree_xmp_wins_and_the_others_are_kept(key, encoding):
    data = jpeg_saying(xmp=xmp(SAID), iim=iim(IIM_SAID, encoding), exif=exif(EXIF_SAID))

    found = read(data).properties[key]

    wanted = {"xmp": SAID[key]}
    wanted |= {"iim": from_iim(key)} if key in BY_IIM else {}
    wanted |= {"exif": from_exif(key)} if key in BY_EXIF else {}
    assert (as_text(found.value), found.source) == (SAID[key], "xmp")
    assert {str(source): as_text(value) for source, value in found.all.items()} == wanted


@pytest.mark.parametrize("key", BY_EXIF)
def test_where_xmp_says_nothing_iim_wins_over_exif(key):
    data = jpeg_saying(xmp=xmp({key: " \n "}), iim=iim(IIM_SAID), exif=exif(EXIF_SAID))

    assert said(data, key) == (from_iim(key), "iim")


@pytest.mark.parametrize("key", BY_EXIF)
def test_empty_values_are_passed_over_to_the_last_source(key):
    empty = {key: " " if key != "date_created" else "00000000 000000"}
    data = jpeg_saying(xmp=xmp({key: ""}), iim=iim(empty), exif=exif(EXIF_SAID))

    assert said(data, key) == (from_exif(key), "exif")


def test_a_file_that_says_nothing_says_nothing():
    found = read(jpeg_saying())

    assert found.properties == {}
    assert found.unreadable == ()


def test_sources_may_share_the_work():
    data = jpeg_saying(
        xmp=xmp({"alt_text": "Ships"}),
        iim=iim({"credit": "Nordfoto"}),
        exif=exif({"creator": "Ana"}),
    )

    assert {key: found.source for key, found in read(data).properties.items()} == {
        "alt_text": "xmp",
        "credit": "iim",
        "creator": "exif",
    }


EXIFTOOL = {
    "creator": ("XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist"),
    "creator_job_title": ("XMP-photoshop:AuthorsPosition", "IPTC:By-lineTitle"),
    "credit": ("XMP-photoshop:Credit", "IPTC:Credit"),
    "source": ("XMP-photoshop:Source", "IPTC:Source"),
    "copyright_notice": ("XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"),
    "usage_terms": ("XMP-xmpRights:UsageTerms",),
    "web_statement": ("XMP-xmpRights:WebStatement",),
    "licensor_url": ("XMP-plus:LicensorURL",),
    "caption": ("XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription"),
    "caption_writer": ("XMP-photoshop:CaptionWriter", "IPTC:Writer-Editor"),
    "headline": ("XMP-photoshop:Headline", "IPTC:Headline"),
    "title": ("XMP-dc:Title", "IPTC:ObjectName"),
    "keywords": ("XMP-dc:Subject", "IPTC:Keywords"),
    "date_created": ("XMP-photoshop:DateCreated", "IPTC:DateCreated", "ExifIFD:DateTimeOriginal"),
    "city": ("XMP-photoshop:City", "IPTC:City"),
    "state": ("XMP-photoshop:State", "IPTC:Province-State"),
    "country": ("XMP-photoshop:Country", "IPTC:Country-PrimaryLocationName"),
    "country_code": ("XMP-iptcCore:CountryCode", "IPTC:Country-PrimaryLocationCode"),
    "instructions": ("XMP-photoshop:Instructions", "IPTC:SpecialInstructions"),
    "alt_text": ("XMP-iptcCore:AltTextAccessibility",),
    "extended_description": ("XMP-iptcCore:ExtDescrAccessibility",),
    "digital_source_type": ("XMP-iptcExt:DigitalSourceType",),
    "data_mining": ("XMP-plus:DataMining",),
}


def exiftool(*arguments: str) -> bytes:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is missing: apt-get install libimage-exiftool-perl")
    return subprocess.run(["exiftool", *arguments], check=True, capture_output=True).stdout


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_exiftool_reads_the_same(tmp_path: Path, encoding):
    file = tmp_path / "said.jpg"
    file.write_bytes(jpeg_saying(xmp=xmp(SAID), iim=iim(IIM_SAID, encoding), exif=exif(EXIF_SAID)))

    told = json.loads(exiftool("-json", "-n", "-G1", str(file)))[0]

    ours = read(file).properties
    for key, names in EXIFTOOL.items():
        theirs = [told[name] for name in names if name in told]
        if key == "date_created":
            assert [value[:10].replace(":", "-") for value in theirs] == [
                str(value)[:10] for value in ours[key].all.values()
            ]
        elif key == "data_mining":
            # Newer versions leave out where the vocabulary lives.
            assert [value.rsplit("/", 1)[-1] for value in theirs] == ["DMI-PROHIBITED"]
        else:
            assert theirs == [as_text(value) for value in ours[key].all.values()], key


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_what_exiftool_writes_is_read(tmp_path: Path, kind):
    """In every kind of file, wherever in it the tool puts its blocks."""
    file = tmp_path / f"written.{kind.lower()}"
    file.write_bytes(saved(quarters((64, 40)), kind))
    sets = [
        "-XMP-dc:Creator=Zoë",
        "-XMP-dc:Creator=Ana",
        "-XMP-dc:Rights-de=Ihre",
        "-XMP-dc:Rights=Hers",
    ]
    sets += ["-XMP-plus:LicensorURL=https://licences.example/"]
    if kind != "GIF":
        sets += ["-IFD0:Artist=Bo", "-ExifIFD:DateTimeOriginal=2024:05:01 12:30:00"]
    if kind in {"JPEG", "PNG"}:
        sets += ["-IPTC:Credit=Nordfoto"]
    exiftool("-q", "-overwrite_original", "-charset", "filename=utf8", *sets, str(file))

    found = read(file).properties

    assert found["creator"].value == ("Zoë", "Ana")
    assert (found["copyright_notice"].value, found["copyright_notice"].languages) == (
        "Hers",
        {"de": "Ihre"},
    )
    assert found["licensor_url"].value == "https://licences.example/"
    if kind != "GIF":
        assert found["creator"].all["exif"] == ("Bo",)
        assert found["date_created"].value == "2024-05-01T12:30:00"
    if kind in {"JPEG", "PNG"}:
        assert found["credit"].value == "Nordfoto"
