"""One version beside its links: pure, no query."""

from collections.abc import Iterator, Mapping

from articles.models import ProofLink, PublishedVersion
from articles.proof import marks, rows
from articles.proof.findings import Code, Finding, moment
from articles.proof.keys import Key

Kind = ProofLink.Kind
Links = Mapping[str, ProofLink]


def findings(row: PublishedVersion, links: Links, keys: Mapping[str, Key]) -> Iterator[Finding]:
    """What of ``row`` (of ``rows.versions()``) its links, by kind, do not confirm, and an erasure
    that they do."""
    sealed = links.get(Kind.VERSION)
    if sealed is None:
        yield _finding(Code.NOT_SEALED, row, "is not in the chain: it was put in past the door.")
        return
    yield from _content(row, sealed, links.get(Kind.ERASURE), keys)
    if row.content_hash != sealed.content_hash:
        yield _finding(Code.HASH_CHANGED, row, "has another hash than when it went out.")
    yield from _times(row, sealed, links.get(Kind.WITHDRAWAL))


def _content(
    row: PublishedVersion,
    sealed: ProofLink,
    erasure: ProofLink | None,
    keys: Mapping[str, Key],
) -> Iterator[Finding]:
    if erasure is not None:
        yield _erasure(row, erasure, keys)
        return
    if row.erased_at is not None:
        text = "was emptied past the door: the chain knows of no erasure."
        yield _finding(Code.ERASED_UNLAWFULLY, row, text)
        return
    key, content = keys.get(sealed.key_id), rows.content(row)
    # With an unknown key nothing can be said here; the walk along the chain says so.
    is_same = content is not None and (
        key is None or marks.same(marks.of_content(content, key), sealed.content_mac)
    )
    if not is_same:
        yield _finding(Code.CONTENT_CHANGED, row, "has another content than when it went out.")


def _erasure(row: PublishedVersion, erasure: ProofLink, keys: Mapping[str, Key]) -> Finding:
    key = keys.get(erasure.key_id)
    if rows.content(row) != {} or row.erased_at is None:
        text = "was erased by the desk, and holds a content again."
        return _finding(Code.CONTENT_CHANGED, row, text)
    is_same = row.erased_at == erasure.erased_at and (
        key is None or marks.same(marks.of_reason(row.erased_reason, key), erasure.content_mac)
    )
    if not is_same:
        text = "was erased by the desk; time or reason of that were changed since."
        return _finding(Code.ERASED_UNLAWFULLY, row, text)
    text = f"was erased by the desk on {moment(row.erased_at)}: {row.erased_reason}"
    return _finding(Code.ERASED, row, text)


def _times(
    row: PublishedVersion, sealed: ProofLink, withdrawal: ProofLink | None
) -> Iterator[Finding]:
    withdrawn_at = None if withdrawal is None else withdrawal.withdrawn_at
    for name, own, in_chain in (
        ("from when it was public", row.live_from, sealed.live_from),
        ("when it was made", row.created_at, sealed.created_at),
        ("when it was withdrawn", row.withdrawn_at, withdrawn_at),
    ):
        if own != in_chain:
            text = f"had its times changed ({name}): {moment(own)} instead of {moment(in_chain)}."
            yield _finding(Code.TIMES_CHANGED, row, text)


def _finding(code: Code, row: PublishedVersion, words: str) -> Finding:
    text = f"Version {row.number} of story {row.article_id} {words}"
    return Finding(code, text, article_id=row.article_id, version=row.number)
