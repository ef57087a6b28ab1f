"""The queued update of a live story: one version that waits, and what happens to it meanwhile.

Whatever is published before its time does not eat it: it is rebuilt on the new text by a three-way
merge, and where both changed the same place the desk decides first (rules §2).
"""

import datetime as dt
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.utils import timezone

from articles.desk import merging
from articles.models import Article, PublishedVersion
from articles.publishing import rows
from articles.publishing.refusals import QueueConflict
from articles.publishing.rows import Held, Text

# In a version, but no words of the desk's to merge.
_NOT_MERGED = ("internal_note", "corrections")


class Prefer(StrEnum):
    """What the desk decided about an update that waits and changes the same places."""

    ASK = "ask"
    NOW = "now"
    QUEUED = "queued"
    DROP = "drop"


def open_version(held: Held) -> PublishedVersion | None:
    """The queued update of a live story, or None."""
    waiting = held.article.versions.filter(
        withdrawn_at=None, live_from__gt=held.now, queued_on__isnull=False
    )
    return waiting.order_by("-number").first()


def put(held: Held, text: Text) -> PublishedVersion:
    """Queue a text on top of what is live. The open one must be closed before."""
    public = held.public
    assert public is not None  # noqa: S101 - only live stories have updates
    version = rows.keep_version(held, text, queued_on=public.version)
    public.next_at = text.at
    public.save(update_fields=["next_at"])
    return version


def rebuilt(held: Held, content: dict[str, Any], *, prefer: Prefer) -> Text | None:
    """What waits, on top of ``content`` that goes out now; None when nothing waits, or is left.

    Raises ``QueueConflict`` when both changed the same places and the desk was not asked yet.
    """
    version = open_version(held) if held.is_live else None
    if version is None or prefer is Prefer.DROP:
        return None
    now, queued = words(content), words(version.content)
    base = words(held.article.versions.get(number=version.queued_on or 0).content)
    merged = merging.merge(base, now, queued)
    if merged.conflicts and prefer is Prefer.ASK:
        raise QueueConflict(merged.conflicts)
    ours = {conflict.key: conflict.mine for conflict in merged.conflicts}
    chosen = merged.content_with(ours if prefer is Prefer.NOW else {})
    if chosen == now:
        return None
    return replace(text_of(version, at=version.live_from), content=chosen)


def text_of(version: PublishedVersion, *, at: dt.datetime) -> Text:
    """The text of a version that waits, to go out at ``at`` (aware)."""
    return Text(
        content=words(version.content),
        revision=version.revision,
        at=at,
        editor=version.created_by,
        approved_by=version.approved_by,
        tells_readers=version.tells_readers,
    )


def words(content: dict[str, Any]) -> dict[str, Any]:
    """A content as the desk writes it, comparable with any other of the story."""
    plain = {name: value for name, value in content.items() if name not in _NOT_MERGED}
    plain["bylines"] = [
        {name: value for name, value in row.items() if name != "name"} for row in plain["bylines"]
    ]
    return plain


def waiting_content(article: Article) -> dict[str, Any]:
    """The words of the update that waits; empty when none does."""
    version = open_version(rows.look(article, now=timezone.now()))
    return words(version.content) if version else {}
