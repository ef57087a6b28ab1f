"""What public files say of themselves: the rights of the library, and nothing else."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pillow
from PIL import ImageCms, TiffImagePlugin

from articles.models import Image
from articles.photos import library
from articles.photos.carried import packet
from articles.photos.uploads import check
from tests.articles.photos.files import quarters, saved

pytestmark = pytest.mark.django_db

FILES = ("320.jpg", "320.webp", "320.avif")
SHAPES = ("", "-16x9", "-4x3", "-1x1")
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
MINING = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"
RIGHTS = {
    "creator": "Ana <Duarte> & “Söhne”",
    "credit": "Ana Duarte / ]]> Meridian Pictures",
    "copyright_notice": "© 2026 Ana Duarte",
    "web_statement": "https://pictures.example/rights?a=1&b=2",
    "licensor_url": "https://pictures.example/buy",
    "digital_source_type": SOURCE_TYPE,
    "data_mining": MINING,
}
TOLD = {
    "XMP-dc:Creator": RIGHTS["creator"],
    "XMP-photoshop:Credit": RIGHTS["credit"],
    "XMP-dc:Rights": RIGHTS["copyright_notice"],
    "XMP-xmpRights:Marked": True,
    "XMP-xmpRights:WebStatement": RIGHTS["web_statement"],
    "XMP-plus:LicensorURL": RIGHTS["licensor_url"],
    "XMP-iptcExt:DigitalSourceType": SOURCE_TYPE,
    "XMP-plus:DataMining": MINING,
}
# How a file is built, which says nothing of the picture's making.
STRUCTURE = {"SourceFile", "ExifTool", "System", "File", "JFIF", "RIFF", "QuickTime", "Composite"}


def exiftool(data: bytes, folder: Path, name: str) -> dict[str, object]:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is missing: apt-get install libimage-exiftool-perl")
    file = folder / name
    file.write_bytes(data)
    command = ["exiftool", "-j", "-G1", "-a", "-n", str(file)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)[0]
    return {key: value for key, value in told.items() if key.split(":")[0] not in STRUCTURE}


def talkative() -> bytes:
    """A photograph whose file says far too much, with a thumbnail and a profile."""
    exif = Pillow.Exif()
    exif[0x010E] = "At her mother's house"
    exif[0x0112] = 6
    exif[0x013B] = "Somebody Else"
    camera = exif.get_ifd(0x8769)
    camera[0xA431] = "SERIAL-4711"
    camera[0x9286] = b"ASCII\0\0\0a private word"
    place = exif.get_ifd(0x8825)
    place[1], place[3] = "N", "E"
    place[2] = place[4] = tuple(TiffImagePlugin.IFDRational(n) for n in (52, 31, 12))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        b'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        b'xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        b'photoshop:Instructions="Not before Friday" exif:GPSLatitude="52,31.2N" '
        b'photoshop:TransmissionReference="A17"/></rdf:RDF></x:xmpmeta>'
    )
    return saved(
        quarters((640, 400)),
        "JPEG",
        exif=exif,
        comment=b"not for print",
        icc_profile=profile,
        xmp=xmp,
        dpi=(300, 300),
    )


def taken_in(data: bytes, **words: str) -> Image:
    upload = check(ContentFile(data, "harbour.jpg"))
    return library.add(Image(licence="staff", alt_text="A harbour.", **words), upload, by=None)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("file", FILES)
def test_a_public_file_says_exactly_what_the_library_says(client, tmp_path, file, shape):
    image = taken_in(talkative(), **RIGHTS)
    # It stands upright, 400 across: less than the least step of the wide shape.
    width = {"-16x9": "400"}.get(shape, "320")
    name = file.replace("320", width)

    data = client.get(f"/media/r/{image.rendition_name}{shape}/{name}").content

    assert exiftool(data, tmp_path, name) == TOLD
    for word in (b"SERIAL", b"private", b"GPS", b"Exif\0", b"ICC_PROFILE", b"mother", b"Friday"):
        assert word not in data


def test_the_original_said_more(tmp_path):
    told = exiftool(talkative(), tmp_path, "original.jpg")

    assert any(key.startswith("GPS:") for key in told)
    assert any("Serial" in key for key in told)
    assert "XMP-photoshop:Instructions" in told


@pytest.mark.parametrize("file", FILES)
def test_the_small_picture_in_the_file_stays_in_it(client, tmp_path, file):
    exiftool(saved(quarters((80, 50)), "JPEG"), tmp_path, "small.jpg")
    exiftool(talkative(), tmp_path, "original.jpg")
    original = tmp_path / "original.jpg"
    command = ["exiftool", "-q", f"-ThumbnailImage<={tmp_path / 'small.jpg'}", str(original)]
    subprocess.run(command, check=True)
    told = exiftool(original.read_bytes(), tmp_path, "original.jpg")
    assert "IFD1:ThumbnailImage" in told

    image = taken_in(original.read_bytes(), **RIGHTS)
    data = client.get(f"/media/r/{image.rendition_name}/{file}").content

    assert exiftool(data, tmp_path, file) == TOLD


@pytest.mark.parametrize("file", FILES)
def test_without_rights_a_file_says_nothing(client, tmp_path, file):
    image = taken_in(saved(quarters(), "PNG"))

    data = client.get(f"/media/r/{image.rendition_name}/{file}").content

    assert exiftool(data, tmp_path, file) == {}


def test_a_corrected_right_is_in_the_new_file(client, tmp_path):
    image = taken_in(talkative(), **RIGHTS)
    image.credit, image.copyright_notice = "Nordfoto", ""

    library.correct(image, by=None)
    told = exiftool(
        client.get(f"/media/r/{image.rendition_name}/320.jpg").content, tmp_path, "a.jpg"
    )

    assert told["XMP-photoshop:Credit"] == "Nordfoto"
    assert not {"XMP-dc:Rights", "XMP-xmpRights:Marked"} & set(told)


def test_signs_that_xml_cannot_hold_are_left_out():
    told = packet({"credit": "Ana\x00\x0b\ufffe \ud800Duarte"})

    assert b"<photoshop:Credit>Ana Duarte</photoshop:Credit>" in told


def test_a_moving_file_says_it_too(client, tmp_path):
    frames = [Pillow.new("RGB", (480, 300), (n * 60, 90, 120)) for n in range(3)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    image = taken_in(data, **RIGHTS)

    moving = client.get(f"/media/r/{image.rendition_name}-moving/480.webp").content

    assert Pillow.open(io.BytesIO(moving)).n_frames == 3
    assert exiftool(moving, tmp_path, "moving.webp") == TOLD
