"""IIM, the old metadata of news agencies: numbered datasets, one behind the other."""

import struct
from collections.abc import Iterator

from articles.photos.metadata.properties import PROPERTIES, Kind
from articles.photos.metadata.values import Value, clean, clean_list, moment, western

_MARK = 0x1C
_ENVELOPE, _APPLICATION = 1, 2
_CHARACTER_SET = 90
_TIME_CREATED = 60
# ISO 2022 announces UTF-8 by these; agencies write the first.
_UTF_8 = (b"\x1b%G", b"\x1b%/G", b"\x1b%/H", b"\x1b%/I")
_MOST_DATASETS = 2_000


def read(data: bytes) -> dict[str, Value]:
    """What a block of datasets says. Raises ``ValueError`` where there is none in it."""
    if not data:
        return {}
    texts, is_utf_8 = _gathered(data)
    said: dict[str, Value] = {}
    for key, each in PROPERTIES.items():
        if each.iim is None or not (found := texts.get(each.iim)):
            continue
        words = [_text(raw, is_utf_8=is_utf_8) for raw in found]
        if each.kind is Kind.LIST:
            said[key] = clean_list(words)
        elif each.kind is Kind.DATE:
            said[key] = _date(words, [western(raw) for raw in texts.get(_TIME_CREATED, [])])
        else:
            said[key] = next(filter(None, map(clean, words)), "")
    return said


def _gathered(data: bytes) -> tuple[dict[int, list[bytes]], bool]:
    """The values of the application record by dataset, and whether they are UTF-8."""
    texts: dict[int, list[bytes]] = {}
    is_utf_8 = False
    for count, (record, dataset, value) in enumerate(_datasets(data)):
        if count == _MOST_DATASETS:
            break
        if (record, dataset) == (_ENVELOPE, _CHARACTER_SET):
            is_utf_8 = value.rstrip(b"\0 ") in _UTF_8
        elif record == _APPLICATION:
            texts.setdefault(dataset, []).append(value)
    return texts, is_utf_8


def _datasets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    if data[0] != _MARK:
        raise ValueError("this is no IIM")
    at = 0
    # What comes after the last dataset is padding.
    while at + 5 <= len(data) and data[at] == _MARK:
        record, dataset, length = struct.unpack_from(">BBH", data, at + 1)
        at += 5
        if length & 0x8000:
            width = length & 0x7FFF
            if not 0 < width <= 4:
                raise ValueError("a length of impossible length")
            length = int.from_bytes(data[at : at + width], "big")
            at += width
        yield record, dataset, data[at : at + length]
        at += length


def _text(raw: bytes, *, is_utf_8: bool) -> str:
    if not is_utf_8:
        return western(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A limit of length cuts in the middle of a letter; anything else was declared and not kept.
        is_cut = error.reason == "unexpected end of data"
        return raw[: error.start].decode("utf-8") if is_cut else western(raw)


def _date(dates: list[str], times: list[str]) -> str:
    date = next(filter(None, map(str.strip, dates)), "")
    time = next(filter(None, map(str.strip, times)), "")
    return moment(date + time) or moment(date)
