"""From the content of a story to the words that readers get: cut, tickers and marks in place."""

import copy
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField

from articles import body
from articles.models import Author, Correction, PublishedArticle, Topic
from articles.prepared import Prepared

# Values that are printed as they stand in the content.
_COPIED = (
    "kind",
    "language",
    "dateline",
    "headline",
    "short_headline",
    "standfirst",
    "prominence",
    "lead_caption",
    "lead_alt",
    "takeaways_open",
    "access",
)


def compose(
    content: dict[str, Any],
    *,
    public: PublishedArticle,
    at: dt.datetime,
    corrections: Iterable[Correction] = (),
    tickers: dict[str, int] | None = None,
) -> PublishedArticle:
    """A new, unsaved public row with the words of ``content`` going out at ``at`` (aware).

    ``content`` has the shape of the desk's snapshot. Number, address, times and state stay those
    of ``public``, the row so far. ``corrections`` are the story's own, in any order; their marks
    stand at the paragraphs they are about. Pictures, people and tickers stay references by id.
    ``tickers``: those of the content's topics, where the caller knows them; else looked up.
    """
    story = copy.copy(public)
    # A copy of its own: what is loaded of one row's section or picture is not the other's.
    story._state = copy.copy(public._state)
    story._state.fields_cache = {}
    if public.pk is None or public.prominence != content["prominence"]:
        story.prominent_since = max(at, public.published_at)
    for name in _COPIED:
        setattr(story, name, content[name])
    story.section_id = content["section"]
    story.lead_image_id = content["lead_image"]
    if tickers is None:
        tickers = _tickers(content["topics"])
    _set_text(story, content, list(corrections), tickers)
    story.byline = byline(content)
    story.takeaways = [{"label": row["label"], "text": row["text"]} for row in content["takeaways"]]
    story.sources = [
        {name: row[name] for name in ("title", "publisher", "url")} for row in content["sources"]
    ]
    story.changed_at = max(at, public.published_at)
    return story


def byline(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The names above the story as printed: by value where the content has them, else looked up."""
    rows = content["bylines"]
    unnamed = {row["author"] for row in rows if "name" not in row}
    names = dict(_names(authors=list(unnamed))) if unnamed else {}
    return [
        {
            "author": row["author"],
            "name": row.get("name") or names.get(row["author"], ""),
            "role": row["role"],
        }
        for row in rows
    ]


_names = Prepared(
    lambda authors: Author.objects.filter(pk__in=authors).order_by().values_list("pk", "name"),
    authors=[BigIntegerField()],
)


def _set_text(
    story: PublishedArticle,
    content: dict[str, Any],
    corrections: list[Correction],
    tickers: dict[str, int],
) -> None:
    text = body.mark_tickers(body.sanitise(content["body"]), tickers)
    story.word_count = body.count_words(text)
    for correction in corrections:
        if correction.paragraph:
            text = body.mark_correction(text, correction.paragraph, correction.pk)
    free, withheld = body.cut(text)
    story.body_html, story.teaser_html = free + withheld, free
    story.corrections = notes(corrections, withheld=withheld)


def notes(corrections: Iterable[Correction], *, withheld: str = "") -> list[dict[str, Any]]:
    """The public notes by value, newest first; those marked in ``withheld`` go with it."""
    newest = sorted(corrections, key=lambda each: (each.at, each.pk), reverse=True)
    return [note(correction, withheld=withheld) for correction in newest]


def note(correction: Correction, *, withheld: str = "") -> dict[str, Any]:
    """One public note by value; marked in ``withheld``, it goes with it."""
    is_behind_the_cut = f'data-correction="{correction.pk}"' in withheld
    return {
        "id": correction.pk,
        "kind": correction.kind,
        "text": correction.text,
        "at": correction.at.isoformat(),
        "signature": correction.signature,
        "is_withheld": correction.quotes_withheld or is_behind_the_cut,
    }


def _tickers(topics: list[int]) -> dict[str, int]:
    if not topics:
        return {}
    named = Topic.objects.filter(pk__in=topics).exclude(ticker="")
    return dict(named.values_list("ticker", "pk"))
