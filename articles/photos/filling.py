"""What a file says, filled into the words of its picture that nobody has typed."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles.photos.licences import code_of, is_public_domain_mark
from articles.photos.metadata import Metadata
from articles.photos.metadata.values import as_text
from articles.photos.vocabularies import same_address

if TYPE_CHECKING:
    from articles.models import Image

# The field of a picture and the property of its file.
FILLED = {
    "creator": "creator",
    "credit": "credit",
    "source": "source",
    "copyright_notice": "copyright_notice",
    "licence_terms": "usage_terms",
    "web_statement": "web_statement",
    "licensor_url": "licensor_url",
    "data_mining": "data_mining",
    "digital_source_type": "digital_source_type",
    "date_created": "date_created",
    "caption": "caption",
    "alt_text": "alt_text",
}
# Half of these would be wrong, not short.
_ADDRESSES = {"web_statement", "licensor_url"}
_TERMS = {"data_mining", "digital_source_type"}
_WHOLE = {*_ADDRESSES, *_TERMS, "date_created"}
_is_address = URLValidator(schemes=["http", "https"])


def fill(image: "Image", metadata: Metadata) -> list[str]:
    """Fill the empty fields of ``image``, unsaved, and keep all that the file said.

    Out: the fields that were filled. A typed word stays; a decorative picture gets no alt text; an
    alt text from the file is unreviewed. What is too long is cut, or left out where half of it
    would be wrong.
    """
    image.file_metadata = metadata.as_json()
    image.unreadable_metadata = " ".join(metadata.unreadable)
    filled = [name for name in FILLED if _fill(image, name, metadata)]
    if "alt_text" in filled:
        image.alt_text_reviewed = False
    return [*filled, *_fill_licence(image)]


def _fill_licence(image: "Image") -> list[str]:
    """The kind of licence where an address of Creative Commons names it, and nothing else."""
    if image.licence or image.cc_licence:
        return []
    if code := code_of(image.web_statement):
        image.licence, image.cc_licence = image.Licence.CC, code
        return ["licence", "cc_licence"]
    if is_public_domain_mark(image.web_statement):
        image.licence = image.Licence.PUBLIC_DOMAIN
        return ["licence"]
    return []


def _fill(image: "Image", name: str, metadata: Metadata) -> bool:
    found = metadata.properties.get(FILLED[name])
    if found is None or getattr(image, name).strip():
        return False
    if name == "alt_text" and image.is_decorative:
        return False
    text = fitting(image, name, as_text(found.value))
    if text:
        setattr(image, name, text)
    return bool(text)


def fitting(image: "Image", name: str, text: str) -> str:
    """``text`` as the field ``name`` can hold it: one line that is not too long; "" for none."""
    most: int = getattr(image._meta.get_field(name), "max_length", 0)
    line = " ".join(text.split())
    if name in _TERMS:
        line = same_address(line)
    if len(line) > most:
        return "" if name in _WHOLE else line[:most].rstrip()
    if name in _ADDRESSES and not _is_one(line):
        return ""
    return line


def _is_one(address: str) -> bool:
    try:
        _is_address(address)
    except ValidationError:
        return False
    return True
