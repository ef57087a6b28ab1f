"""Walking the whole chain and every version, in bounded memory, while the newsroom goes on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction

from articles.models import ProofHead, ProofLink, PublishedVersion
from articles.proof import chain, compare, files, keys, marks, rows
from articles.proof.findings import Code, Finding, joined, of_links

# (story, version, its row or one of its links)
_Entry = tuple[int, int, PublishedVersion | ProofLink]


@dataclass
class Counts:
    """How much was looked at; filled in by the walk."""

    links: int = 0
    versions: int = 0
    files: int = 0
    number: int = 0
    mark: str = ""


def findings(counts: Counts) -> Iterator[Finding]:
    """Everything that is not as it was published, and each lawful erasure.

    What is published meanwhile is left for the next time.
    """
    # Before the chain: whatever they name is in it.
    proofs = _Proofs(counts)
    with transaction.atomic():
        head = chain.lock() or ProofHead()
        newest = ProofLink.objects.order_by("-number").first()
    counts.number, counts.mark = (newest.number, newest.mark) if newest else (0, "")
    up_to = max(head.number, counts.number)
    yield from joined(_along_the_chain(head, proofs, up_to, counts))
    yield from _versions(up_to, counts)


def at_rest(version: PublishedVersion) -> list[Finding]:
    """The same for one version and its own links, for a page: is it what went out?"""
    own = ProofLink.objects.filter(article_id=version.article_id, version=version.number)
    links, ring = {link.kind: link for link in own}, keys.ring()
    before = {link.number - 1 for link in links.values()}
    earlier = ProofLink.objects.filter(number__in=before).values_list("number", "mark")
    marks_of = {0: "", **dict(earlier)}
    found = [
        problem
        for link in links.values()
        for problem in _link(link, marks_of.get(link.number - 1), ring)
    ]
    row = rows.versions().get(pk=version.pk)
    return [*found, *compare.findings(row, links, ring)]


# --- The chain ----------------------------------------------------------------------------------


def _along_the_chain(
    head: ProofHead, proofs: "_Proofs", up_to: int, counts: Counts
) -> Iterator[Finding]:
    ring, number, mark = keys.ring(), 0, ""
    links = ProofLink.objects.filter(number__lte=up_to).order_by("number")
    for link in links.iterator(chunk_size=1000):
        counts.links += 1
        if link.number != number + 1:
            yield of_links(Code.LINK_MISSING, number + 1, link.number - 1)
            mark = link.previous
        yield from _link(link, mark, ring)
        proofs.compare(link)
        number, mark = link.number, link.mark
    if head.number > number:
        yield of_links(Code.LINK_MISSING, number + 1, head.number)
    elif number:
        yield from _end(head, number, mark, ring)
    yield from proofs.findings()


def _link(link: ProofLink, previous: str | None, ring: dict[str, keys.Key]) -> Iterator[Finding]:
    if previous != link.previous:
        yield of_links(Code.LINK_OUT_OF_ORDER, link.number)
    key = ring.get(link.key_id)
    if key is None:
        yield of_links(Code.KEY_UNKNOWN, link.number)
    elif not marks.same(marks.of_link(link, key), link.mark):
        yield of_links(Code.LINK_CHANGED, link.number)


def _end(head: ProofHead, number: int, mark: str, ring: dict[str, keys.Key]) -> Iterator[Finding]:
    key = ring.get(head.key_id)
    seal = key and marks.of_head(head.number, head.mark, key)
    if (head.number, head.mark) != (number, mark) or not seal or not marks.same(seal, head.seal):
        text = f"The end of the chain is not where it was sealed: it ends with link {number} now."
        yield Finding(Code.END_DIFFERS, text, link=number)


class _Proofs:
    """The files of proof, each held against the link that it names."""

    def __init__(self, counts: Counts) -> None:
        self._unread: list[Finding] = []
        self._waiting: dict[int, list[files.Proof]] = {}
        for name in files.names():
            counts.files += 1
            self._take(name)

    def compare(self, link: ProofLink) -> None:
        waiting = self._waiting.pop(link.number, [])
        differing = [proof for proof in waiting if proof.mark != link.mark]
        if differing:
            self._waiting[link.number] = differing

    def findings(self) -> Iterator[Finding]:
        """What was read and not confirmed by any link."""
        yield from self._unread
        for number, proofs in sorted(self._waiting.items()):
            for proof in proofs:
                text = (
                    f"The proof {proof.name} says that link {number} was there, with another mark "
                    "than now or none. The chain was cut off or made anew since."
                )
                yield Finding(Code.FILE_DIFFERS, text, link=number)

    def _take(self, name: str) -> None:
        try:
            proof = files.read(name)
        except files.Unreadable:
            text = f"The proof {name} cannot be read."
            self._unread.append(Finding(Code.FILE_CHANGED, text))
            return
        if proof.is_ours is False:
            text = f"The proof {name} does not bear its seal: it was changed, or is none of ours."
            self._unread.append(Finding(Code.FILE_CHANGED, text))
            return
        self._waiting.setdefault(proof.number, []).append(proof)


# --- The versions -------------------------------------------------------------------------------


def _versions(up_to: int, counts: Counts) -> Iterator[Finding]:
    """Each row beside its links: both in the order of stories and versions, so one of each."""
    versions: Iterator[_Entry] = (
        (row.article_id, row.number, row)
        for row in rows.versions().order_by("article_id", "number").iterator(chunk_size=50)
    )
    links: Iterator[_Entry] = (
        (link.article_id, link.version, link)
        for link in ProofLink.objects.filter(number__lte=up_to)
        .order_by("article_id", "version", "number")
        .iterator(chunk_size=1000)
    )
    ring = keys.ring()
    both = merge(versions, links, key=itemgetter(0, 1))
    for article_id, entries in groupby(both, key=itemgetter(0)):
        yield from _story(article_id, entries, ring, counts)


def _story(
    article_id: int, entries: Iterable[_Entry], ring: dict[str, keys.Key], counts: Counts
) -> Iterator[Finding]:
    missing: list[int] = []
    last = 0
    for number, own in groupby(entries, key=itemgetter(1)):
        row, links = _parted(entry for _, _, entry in own)
        if row is None:
            missing.append(number)
            continue
        counts.versions += 1
        last = number
        if any(compare.findings(row, links, ring)):
            # It may have been published, withdrawn or erased while we walked.
            yield from _again(row, ring)
    yield from _gone(article_id, missing, last)


def _parted(entries: Iterable[Any]) -> tuple[PublishedVersion | None, dict[str, ProofLink]]:
    row, links = None, {}
    for entry in entries:
        if isinstance(entry, PublishedVersion):
            row = entry
        else:
            links[entry.kind] = entry
    return row, links


def _again(row: PublishedVersion, ring: dict[str, keys.Key]) -> list[Finding]:
    """The findings of a version while nobody can append."""
    with transaction.atomic():
        chain.lock()
        now = rows.versions().filter(pk=row.pk).first() or row
        own = ProofLink.objects.filter(article_id=row.article_id, version=row.number)
        links = {link.kind: link for link in own}
    return list(compare.findings(now, links, ring))


def _gone(article_id: int, missing: list[int], last: int) -> Iterator[Finding]:
    if missing and not last:
        every = "its one version" if len(missing) == 1 else f"all its {len(missing)} versions"
        text = f"Story {article_id} is missing whole, with {every}."
        yield Finding(Code.STORY_MISSING, text, article_id=article_id)
        return
    for number in missing:
        where = "it was the last" if number > last else "later ones are there"
        text = f"Version {number} of story {article_id} is missing; {where}."
        yield Finding(Code.VERSION_MISSING, text, article_id=article_id, version=number)
