"""Words of two public vocabularies, by the addresses that files name them with."""

_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_MINING = "http://ns.useplus.org/ldf/vocab/"

DIGITAL_SOURCE_TYPES = {
    _SOURCE_TYPES + code: label
    for code, label in {
        "digitalCapture": "Photograph",
        "computationalCapture": "Photograph, computed from several shots",
        "negativeFilm": "Scan of a negative",
        "positiveFilm": "Scan of a slide",
        "print": "Scan of a print",
        "screenCapture": "Picture of a screen",
        "humanEdits": "Changed by a person",
        "minorHumanEdits": "Changed a little by a person",
        "composite": "Composed of several",
        "compositeCapture": "Composed of photographs",
        "compositeSynthetic": "Composed, with made parts",
        "compositeWithTrainedAlgorithmicMedia": "Changed or composed with AI",
        "algorithmicallyEnhanced": "Changed by a program",
        "digitalCreation": "Drawn on a computer",
        "digitalArt": "Digital art",
        "dataDrivenMedia": "Drawn from data",
        "virtualRecording": "Recorded in a virtual place",
        "algorithmicMedia": "Made by a program, without training",
        "trainedAlgorithmicMedia": "Made with AI",
    }.items()
}
"""IPTC's Digital Source Type: how a picture came to be."""

MADE_WITH_AI = {
    f"{_SOURCE_TYPES}trainedAlgorithmicMedia": "Made with AI",
    f"{_SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia": "Changed with AI",
}
"""What readers are told beside a picture, by its digital source type (standards §4)."""

DATA_MINING = {
    _MINING + code: label
    for code, label in {
        "DMI-UNSPECIFIED": "Not said",
        "DMI-ALLOWED": "Allowed",
        "DMI-PROHIBITED-AIMLTRAINING": "Not for training AI",
        "DMI-PROHIBITED-GENAIMLTRAINING": "Not for training AI that makes things",
        "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": "Only for search engines",
        "DMI-PROHIBITED": "Prohibited",
        "DMI-PROHIBITED-SEECONSTRAINT": "Prohibited, with exceptions in its terms",
    }.items()
}
"""PLUS's Data Mining: what the owner lets machines do."""


def same_address(text: str) -> str:
    """The vocabulary's own spelling of an address, which files write with https or a bare code."""
    text = text.strip()
    code = text.rstrip("/").rsplit("/", 1)[-1].casefold()
    for known in (*DIGITAL_SOURCE_TYPES, *DATA_MINING):
        start, _, own = known.rpartition("/")
        begins = text.casefold().replace("https://", "http://").startswith(start)
        if own.casefold() == code and (begins or "/" not in text):
            return known
    return text


def word_of(address: str) -> str:
    """The words for an address of either vocabulary; an unknown one stands for itself."""
    return (DIGITAL_SOURCE_TYPES | DATA_MINING).get(address, address)
