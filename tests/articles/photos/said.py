"""Files that say something of themselves: XMP, IIM and Exif, written as cameras and agencies do."""

import struct
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image

from tests.articles.photos.files import quarters, saved

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
}


def _plain(name: str) -> str:
    return f"<{name}>{{}}</{name}>"


def _for_all(name: str) -> str:
    items = "<rdf:Alt><rdf:li xml:lang='x-default'>{}</rdf:li></rdf:Alt>"
    return f"<{name}>{items}</{name}>"


# Written out here, not taken from the code: it is the table of the standard.
XMP = {
    "creator": "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>",
    "creator_job_title": _plain("photoshop:AuthorsPosition"),
    "credit": _plain("photoshop:Credit"),
    "source": _plain("photoshop:Source"),
    "copyright_notice": _for_all("dc:rights"),
    "usage_terms": _for_all("xmpRights:UsageTerms"),
    "web_statement": _plain("xmpRights:WebStatement"),
    "licensor_url": (
        "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType='Resource'>"
        "<plus:LicensorURL>{}</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>"
    ),
    "caption": _for_all("dc:description"),
    "caption_writer": _plain("photoshop:CaptionWriter"),
    "headline": _plain("photoshop:Headline"),
    "title": _for_all("dc:title"),
    "keywords": "<dc:subject><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:subject>",
    "date_created": _plain("photoshop:DateCreated"),
    "city": _plain("photoshop:City"),
    "state": _plain("photoshop:State"),
    "country": _plain("photoshop:Country"),
    "country_code": _plain("Iptc4xmpCore:CountryCode"),
    "instructions": _plain("photoshop:Instructions"),
    "alt_text": _for_all("Iptc4xmpCore:AltTextAccessibility"),
    "extended_description": _for_all("Iptc4xmpCore:ExtDescrAccessibility"),
    "digital_source_type": _plain("Iptc4xmpExt:DigitalSourceType"),
    "data_mining": _plain("plus:DataMining"),
}
IIM = {
    "creator": 80,
    "creator_job_title": 85,
    "credit": 110,
    "source": 115,
    "copyright_notice": 116,
    "caption": 120,
    "caption_writer": 122,
    "headline": 105,
    "title": 5,
    "keywords": 25,
    "city": 90,
    "state": 95,
    "country": 101,
    "country_code": 100,
    "instructions": 40,
}
EXIF = {"creator": 0x013B, "copyright_notice": 0x8298, "caption": 0x010E}


def packet(properties: str, attributes: str = "") -> bytes:
    """An XMP packet of RDF elements."""
    names = " ".join(f'xmlns:{name}="{address}"' for name, address in NAMES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about="" {names} {attributes}>{properties}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def xmp(values: Mapping[str, str]) -> bytes:
    return packet("".join(XMP[key].format(escape(value)) for key, value in values.items()))


def datasets(values: list[tuple[int, int, bytes]]) -> bytes:
    return b"".join(
        struct.pack(">BBBH", 0x1C, record, number, len(value)) + value
        for record, number, value in values
    )


def iim(values: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    """IIM of these properties; dates as eight digits and a time."""
    declared = [(1, 90, b"\x1b%G")] if encoding == "utf-8" else []
    rows = []
    for key, value in values.items():
        if key == "date_created":
            date, time = value.split()
            rows += [(2, 55, date.encode()), (2, 60, time.encode())]
        else:
            rows.append((2, IIM[key], value.encode(encoding)))
    return datasets([*declared, *rows])


def resources(block: bytes, number: int = 0x0404) -> bytes:
    head = b"8BIM" + struct.pack(">HHL", number, 0, len(block))
    return head + block + b"\0" * (len(block) % 2)


def app13(block: bytes) -> bytes:
    """The segment of a JPEG that holds IIM."""
    return segment(0xED, b"Photoshop 3.0\0" + resources(block))


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def exif(values: Mapping[str, Any]) -> Image.Exif:
    """Exif of these properties; a date as the camera's text and offset."""
    made = Image.Exif()
    for key, value in values.items():
        if key == "date_created":
            made.get_ifd(0x8769).update(dict(zip((0x9003, 0x9011), value, strict=False)))
        else:
            made[EXIF[key]] = value if isinstance(value, bytes) else value.encode()
    return made


def jpeg_saying(
    *,
    xmp: bytes = b"",
    iim: bytes = b"",
    exif: Image.Exif | bytes | None = None,
    segments: tuple[bytes, ...] = (),
) -> bytes:
    """A whole JPEG with these blocks."""
    options = {} if exif is None else {"exif": exif}
    data = saved(quarters((64, 40)), "JPEG", **options)
    more = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp) if xmp else b""
    more += app13(iim) if iim else b""
    # Behind what Pillow wrote first, which Exif has to be.
    at = 2
    while data[at : at + 2] in {b"\xff\xe0", b"\xff\xe1"}:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data[:at] + more + b"".join(segments) + data[at:]
