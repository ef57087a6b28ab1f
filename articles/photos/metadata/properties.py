"""The properties that are read, and where each of the three sources keeps it."""

from dataclasses import dataclass
from enum import Enum, auto

_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_PLUS = "{http://ns.useplus.org/ldf/xmp/1.0/}"
_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


class Kind(Enum):
    """What a value is. Lists keep all; of other repeated values the first counts."""

    TEXT = auto()
    LIST = auto()
    DATE = auto()


@dataclass(frozen=True, slots=True)
class Property:
    """``xmp`` is the path of qualified names; ``iim`` a dataset of record 2; ``exif`` a tag."""

    label: str
    xmp: tuple[str, ...]
    iim: int | None = None
    exif: int | None = None
    kind: Kind = Kind.TEXT


PROPERTIES: dict[str, Property] = {
    "creator": Property("Creator", (_DC + "creator",), 80, 0x013B, Kind.LIST),
    "creator_job_title": Property("Creator’s job title", (_PHOTOSHOP + "AuthorsPosition",), 85),
    "credit": Property("Credit line", (_PHOTOSHOP + "Credit",), 110),
    "source": Property("Source", (_PHOTOSHOP + "Source",), 115),
    "copyright_notice": Property("Copyright notice", (_DC + "rights",), 116, 0x8298),
    "usage_terms": Property("Rights usage terms", (_RIGHTS + "UsageTerms",)),
    "web_statement": Property("Web statement of rights", (_RIGHTS + "WebStatement",)),
    "licensor_url": Property("Licensor’s address", (_PLUS + "Licensor", _PLUS + "LicensorURL")),
    "caption": Property("Description", (_DC + "description",), 120, 0x010E),
    "caption_writer": Property("Caption writer", (_PHOTOSHOP + "CaptionWriter",), 122),
    "headline": Property("Headline", (_PHOTOSHOP + "Headline",), 105),
    "title": Property("Title", (_DC + "title",), 5),
    "keywords": Property("Keywords", (_DC + "subject",), 25, kind=Kind.LIST),
    "date_created": Property(
        "Date created", (_PHOTOSHOP + "DateCreated",), 55, 0x9003, kind=Kind.DATE
    ),
    "city": Property("City", (_PHOTOSHOP + "City",), 90),
    "state": Property("State or province", (_PHOTOSHOP + "State",), 95),
    "country": Property("Country", (_PHOTOSHOP + "Country",), 101),
    "country_code": Property("Country code", (_CORE + "CountryCode",), 100),
    "instructions": Property("Instructions", (_PHOTOSHOP + "Instructions",), 40),
    "alt_text": Property("Alt text", (_CORE + "AltTextAccessibility",)),
    "extended_description": Property("Extended description", (_CORE + "ExtDescrAccessibility",)),
    "digital_source_type": Property("Digital source type", (_EXT + "DigitalSourceType",)),
    "data_mining": Property("Data mining", (_PLUS + "DataMining",)),
}
