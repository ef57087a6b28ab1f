"""What a check of the chain can find, in plain words."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Code(StrEnum):
    CONTENT_CHANGED = "content_changed"
    HASH_CHANGED = "hash_changed"
    TIMES_CHANGED = "times_changed"
    VERSION_MISSING = "version_missing"
    STORY_MISSING = "story_missing"
    NOT_SEALED = "not_sealed"
    LINK_CHANGED = "link_changed"
    LINK_MISSING = "link_missing"
    LINK_OUT_OF_ORDER = "link_out_of_order"
    KEY_UNKNOWN = "key_unknown"
    END_DIFFERS = "end_differs"
    FILE_CHANGED = "file_changed"
    FILE_DIFFERS = "file_differs"
    ERASED_UNLAWFULLY = "erased_unlawfully"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. An erasure that the chain confirms is told, too, and is nothing wrong."""

    code: Code
    text: str
    article_id: int | None = None
    version: int | None = None
    link: int | None = None
    last_link: int | None = None

    @property
    def is_wrong(self) -> bool:
        return self.code is not Code.ERASED


# Of links that follow one another and lack the same, one sentence: (for one, for several).
_OF_LINKS = {
    Code.LINK_CHANGED: (
        "Link {0} of the chain does not bear its mark: it was changed, or made without the key.",
        "Links {0} to {1} of the chain do not bear their marks: they were changed, or made "
        "without the key.",
    ),
    Code.LINK_MISSING: (
        "Link {0} of the chain is missing.",
        "Links {0} to {1} of the chain are missing.",
    ),
    Code.LINK_OUT_OF_ORDER: (
        "Link {0} of the chain does not follow the one before it.",
        "Links {0} to {1} of the chain do not follow one another.",
    ),
    Code.KEY_UNKNOWN: (
        "Link {0} of the chain was made with a key unknown here. Either a former PROOF_KEY is "
        "missing from PROOF_KEY_FALLBACKS, or it was made by someone without the key.",
        "Links {0} to {1} of the chain were made with a key unknown here. Either a former "
        "PROOF_KEY is missing from PROOF_KEY_FALLBACKS, or they were made by someone without the "
        "key.",
    ),
}


def of_links(code: Code, first: int, last: int | None = None) -> Finding:
    """A finding about the links from ``first`` to ``last``."""
    last = first if last is None else last
    words = _OF_LINKS[code][first != last]
    return Finding(code, words.format(first, last), link=first, last_link=last)


def joined(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same with neighbouring links told in one sentence."""
    held: dict[Code, Finding] = {}
    for finding in findings:
        if finding.code not in _OF_LINKS:
            yield finding
            continue
        before = held.get(finding.code)
        if before is not None and before.last_link is not None and finding.link is not None:
            if finding.link == before.last_link + 1:
                whole = of_links(finding.code, before.link or 0, finding.last_link)
                held[finding.code] = replace(whole)
                continue
            yield before
        held[finding.code] = finding
    yield from held.values()


def moment(at: dt.datetime | None) -> str:
    """A time as the report prints it, in UTC to the second."""
    return "never" if at is None else f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
