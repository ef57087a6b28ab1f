"""Appending to the one chain of the site. Nothing else writes links."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from django.db import transaction

from articles import bulk_rows
from articles.models import ProofHead, ProofLink, PublishedVersion
from articles.prepared import Prepared
from articles.proof import keys, marks

# An act that fails here fails as a whole: nothing goes out without its link.
_together = transaction.atomic(savepoint=False)


class Version(Protocol):
    """What a link says of a version: a row, or what one is written from."""

    @property
    def article_id(self) -> int: ...

    @property
    def number(self) -> int: ...

    @property
    def content_hash(self) -> str: ...

    @property
    def live_from(self) -> dt.datetime: ...

    @property
    def created_at(self) -> dt.datetime: ...


def seal(version: PublishedVersion) -> None:
    """Append that ``version`` goes out. Call it in the transaction that wrote the row.

    The chain is locked until that transaction ends: lock the story's rows before.
    """
    seal_all([version])


def seal_all(versions: Sequence[PublishedVersion]) -> None:
    """The same for several at once, in their order."""
    seal_texts([(version, marks.canonical(version.content)) for version in versions])


@_together
def seal_texts(versions: Sequence[tuple[Version, bytes]]) -> None:
    """The same, each with its content as canonical JSON."""
    key = keys.current()
    links = [_link(ProofLink.Kind.VERSION, version) for version, _ in versions]
    for link, (_, text) in zip(links, versions, strict=True):
        link.content_mac = marks.of_text(text, key)
    if links:
        _append(links, key)


def seal_withdrawal(version: PublishedVersion) -> None:
    """Append that ``version`` was withdrawn at its ``withdrawn_at``, which is set once."""
    seal_withdrawals([version])


@_together
def seal_withdrawals(versions: Sequence[PublishedVersion]) -> None:
    """The same for several at once. Their content is not read."""
    links = [_link(ProofLink.Kind.WITHDRAWAL, version) for version in versions]
    for link, version in zip(links, versions, strict=True):
        link.withdrawn_at = version.withdrawn_at
    if links:
        _append(links, keys.current())


@_together
def seal_erasure(version: PublishedVersion) -> None:
    """Append that the content of ``version`` was erased at its ``erased_at``, and why."""
    key = keys.current()
    link = _link(ProofLink.Kind.ERASURE, version)
    link.erased_at = version.erased_at
    link.content_mac = marks.of_reason(version.erased_reason, key)
    _append([link], key)


def lock() -> ProofHead | None:
    """The head, locked: until the transaction ends nobody appends. None before the first link."""
    return _head.first()


_head = Prepared(lambda: ProofHead.objects.select_for_update().filter(pk=1))


def _link(kind: ProofLink.Kind, version: Version) -> ProofLink:
    return ProofLink(
        kind=kind,
        article_id=version.article_id,
        version=version.number,
        content_hash=version.content_hash,
        live_from=version.live_from,
        created_at=version.created_at,
    )


def _append(links: Sequence[ProofLink], key: keys.Key) -> None:
    head = lock()
    if head is None:
        ProofHead.objects.get_or_create(pk=1)
        head = ProofHead.objects.select_for_update().get(pk=1)
    number, mark = _last(head)
    for link in links:
        link.number, link.previous, link.key_id = number + 1, mark, key.id
        link.mark = marks.of_link(link, key)
        number, mark = link.number, link.mark
    if len(links) > 1:
        bulk_rows.insert_instances(ProofLink, links)
    else:
        links[0].save()
    head.number, head.mark, head.key_id = number, mark, key.id
    head.seal = marks.of_head(head.number, head.mark, key)
    head.save()


def _last(head: ProofHead) -> tuple[int, str]:
    """Number and mark of what the next link follows.

    If links were cut off the end, the gap stays to be seen.
    """
    kept = (head.number, head.mark)
    newest = _newest.first() or kept
    return newest if newest[0] >= head.number else kept


_newest = Prepared(lambda: ProofLink.objects.order_by("-number").values_list("number", "mark")[:1])
