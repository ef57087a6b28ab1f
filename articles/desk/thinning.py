"""Autosaves are thinned only where a later kept revision holds all their words (rules §3)."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from articles.models import Revision

_TEXTS = (
    "headline",
    "short_headline",
    "standfirst",
    "slug",
    "dateline",
    "lead_caption",
    "lead_alt",
    "internal_note",
)
_ROWS = ("bylines", "takeaways", "sources")
_TAG = re.compile(r"""</?([a-zA-Z][^\s/>]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_SAID_IN_A_TAG = re.compile(
    r"""\b(?:href|data-image|data-embed|data-caption|data-alt)=("[^"]*"|'[^']*')"""
)
# A word may be half bold; no other element stands within one.
_WITHIN_WORDS = frozenset({"strong", "em", "b", "i", "a", "u", "s", "span", "sub", "sup"})


def words(content: dict[str, Any]) -> Counter[str]:
    """Every word of a content (in the shape of ``revisions.snapshot``), as often as it stands.

    Texts, body, captions and rows; where a link leads and which picture or author stands there
    count as words, too.
    """
    return Counter(word for text in _texts(content) for word in text.split())


def thin(revision: Revision, *, at_most: int | None = None) -> None:
    """Delete the earlier autosaves of the same person and tab whose words ``revision`` holds all.

    Call it in the transaction that kept the revision. ``at_most`` looks only at so many of the
    newest ones. Nothing else is ever deleted.
    """
    if not revision.tab:
        return
    earlier = Revision.objects.filter(
        article_id=revision.article_id,
        reason=Revision.Reason.AUTOSAVE,
        tab=revision.tab,
        created_by_id=revision.created_by_id,
        number__lt=revision.number,
    ).order_by("-number")
    mine = words(revision.content)
    found = earlier.values_list("pk", "content")[:at_most]
    held = [pk for pk, content in found if words(content) <= mine]
    if held:
        Revision.objects.filter(pk__in=held).delete()


def _texts(content: dict[str, Any]) -> Iterator[str]:
    for name in _TEXTS:
        yield str(content.get(name) or "")
    yield from _of_body(str(content.get("body") or ""))
    for kind in _ROWS:
        for row in content.get(kind) or ():
            yield from (str(value or "") for name, value in row.items() if name != "uid")


def _of_body(body: str) -> Iterator[str]:
    for _, attributes in _TAG.findall(body):
        if attributes:
            yield from (html.unescape(v[1:-1]) for v in _SAID_IN_A_TAG.findall(attributes))
    yield html.unescape(_TAG.sub(_between, body))


def _between(tag: re.Match[str]) -> str:
    return "" if tag[1].lower() in _WITHIN_WORDS else " "
