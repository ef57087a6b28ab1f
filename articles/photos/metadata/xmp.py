"""XMP: properties in RDF, in every shape that RDF allows for them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser, ParseError

from articles.photos.metadata.properties import PROPERTIES, Kind
from articles.photos.metadata.values import MAX_ITEMS, Value, clean, clean_list, moment

MAX_PACKET = 4 * 1024 * 1024
"""Bytes of one packet. A larger one carries pictures or depths, not words."""
_MOST_ELEMENTS = 50_000
_DEEPEST = 60
_MOST_LANGUAGES = 10

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_EXTENDED = "{http://ns.adobe.com/xmp/note/}HasExtendedXMP"
_ARRAYS = {f"{_RDF}{name}" for name in ("Alt", "Seq", "Bag")}
_DEFAULT = "x-default"

_Node = Element | str
"""A value: the element that holds it, or the text of an attribute."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What XMP says. ``languages`` are translations by property and language tag."""

    said: Mapping[str, Value] = field(default_factory=dict)
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_cut_short: bool = False
    """Whether a part that the packet speaks of is missing or broken."""


def read(packet: bytes, extensions: Mapping[str, bytes]) -> Packet:
    """Read a packet and the extension it names; ``extensions`` by their GUID.

    Raises whatever a broken or hostile packet makes of a parser.
    """
    if not packet.strip(b"\0 \t\r\n"):
        return Packet()
    roots = [_parsed(packet)]
    wanted = _name_of_extension(roots[0])
    if wanted:
        try:
            roots.append(_parsed(extensions[wanted]))
        except Exception:  # the packet itself is good, so it counts
            return _packet(roots, is_cut_short=True)
    return _packet(roots)


def _packet(roots: Iterable[Element], *, is_cut_short: bool = False) -> Packet:
    descriptions = [each for root in roots for each in _descriptions(root)]
    said: dict[str, Value] = {}
    languages: dict[str, dict[str, str]] = {}
    for key, each in PROPERTIES.items():
        for node in _nodes(descriptions, each.xmp):
            if value := _value(node, each.kind):
                said[key] = value
                languages[key] = _languages(node)
                break
    return Packet(said, {key: told for key, told in languages.items() if told}, is_cut_short)


class _Bounded(TreeBuilder):
    """A tree that stops growing, so that a small file makes no large one."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self._elements += 1
        self._depth += 1
        if self._elements > _MOST_ELEMENTS or self._depth > _DEEPEST:
            raise ValueError("the packet is larger or deeper than any that is honest")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _parsed(packet: bytes) -> Element:
    if len(packet) > MAX_PACKET:
        raise ValueError("the packet is too large")
    is_sixteen_bit = b"<\0" in packet[:64]
    if not is_sixteen_bit:
        # Padding around the packet is no markup.
        packet = packet[: packet.rfind(b">") + 1].lstrip(b"\0 \t\r\n")
    try:
        return _tree(packet)
    except ParseError:
        # Latin-1 letters in what should be UTF-8, and control characters, are the usual faults.
        return _tree(clean(packet.decode("utf-8", "replace"), most=MAX_PACKET))


def _tree(packet: bytes | str) -> Element:
    # Without a document type there are no entities to blow up, and nothing to fetch.
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)  # type: ignore[no-untyped-call]
    parser.feed(packet)
    root: Element = parser.close()
    return root


def _descriptions(root: Element) -> Iterator[Element]:
    for rdf in root.iter(f"{_RDF}RDF"):
        yield from rdf.iterfind(f"{_RDF}Description")


def _name_of_extension(root: Element) -> str:
    for node in _nodes(list(_descriptions(root)), (_EXTENDED,)):
        return _text(node)
    return ""


def _nodes(holders: Iterable[Element], path: tuple[str, ...]) -> Iterator[_Node]:
    """The values at ``path``, through structures and arrays of them."""
    name, *rest = path
    for holder in holders:
        if (attribute := holder.get(name)) is not None and not rest:
            yield attribute
        for child in holder.iterfind(name):
            if rest:
                yield from _nodes(_structures(child), tuple(rest))
            else:
                yield child


def _structures(node: Element) -> Iterator[Element]:
    """The elements that hold a structure's fields: itself, those of its array, or within these."""
    for each in _items(node) or [node]:
        yield each
        yield from each.iterfind(f"{_RDF}Description")


def _items(node: Element) -> list[Element]:
    """The items of an array; none for what is no array."""
    return [
        item
        for child in node
        if child.tag in _ARRAYS
        for item in child
        if isinstance(item.tag, str) and item.tag.startswith((f"{_RDF}li", f"{_RDF}_"))
    ][:MAX_ITEMS]


def _value(node: _Node, kind: Kind) -> Value:
    if kind is Kind.LIST:
        return clean_list(
            map(_text, _items(node) or [node]) if isinstance(node, Element) else [node]
        )
    text = _of_languages(node)
    return moment(text) if kind is Kind.DATE else text


def _of_languages(node: _Node) -> str:
    """The text for all (x-default), else the first that says anything."""
    items = _items(node) if isinstance(node, Element) else []
    if not items:
        return clean(_text(node))
    items.sort(key=lambda item: item.get(_LANGUAGE, "").lower() != _DEFAULT)
    return next(filter(None, (clean(_text(item)) for item in items)), "")


def _languages(node: _Node) -> dict[str, str]:
    told: dict[str, str] = {}
    for item in _items(node) if isinstance(node, Element) else []:
        language = clean(item.get(_LANGUAGE, ""), most=35)
        if language and language.lower() != _DEFAULT and (text := clean(_text(item))):
            told.setdefault(language, text)
        if len(told) == _MOST_LANGUAGES:
            break
    return told


def _text(node: _Node) -> str:
    """A simple value: its text, the address it points to, or the value it is qualified from."""
    if isinstance(node, str):
        return node
    for holder in (node, *node.iterfind(f"{_RDF}Description")):
        if (value := holder.find(f"{_RDF}value")) is not None:
            return _text(value)
        for name in (f"{_RDF}value", f"{_RDF}resource"):
            if (attribute := holder.get(name)) is not None:
                return attribute
    # Where several are told and one is asked for, the first.
    if items := _items(node):
        return _text(items[0])
    return node.text or ""
