"""What a story said: its versions with their times, and one of them to read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles import body
from articles.desk import compare
from articles.models import Article, Author, Image, PublishedVersion
from articles.proof import archive, rows, verify

# Shown in their own way, above what is left.
_SHOWN = {"headline", "standfirst", "body", "takeaways", "sources", "bylines", "lead_image"}
LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class Span:
    """One version in the list; ``until`` is None while nothing has ended it."""

    version: PublishedVersion
    since: dt.datetime
    until: dt.datetime | None
    was_public: bool
    is_scheduled: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One version, whole. Pictures, names and sections are looked up as they are now."""

    version: PublishedVersion
    headline: str
    standfirst: str
    byline: str
    lead_picture: str
    takeaways: list[dict[str, str]]
    body: SafeString
    sources: list[dict[str, str]]
    more: list[tuple[str, list[str]]]
    doubts: list[str]


def spans(article: Article, *, at: dt.datetime) -> list[Span]:
    """Every version of a story, newest first, as things stand at ``at`` (aware)."""
    rows = article.versions.select_related("created_by", "erased_by").defer("content")
    found: list[Span] = []
    following: dt.datetime | None = None
    for version in rows.order_by("-live_from", "-number"):
        ends = [time for time in (version.withdrawn_at, following) if time is not None]
        until = min(ends) if ends else None
        was_public = until is None or until > version.live_from
        is_scheduled = was_public and version.live_from > at
        found.append(Span(version, version.live_from, until, was_public, is_scheduled))
        if was_public:
            following = version.live_from
    return found


def page_of(version: PublishedVersion) -> Page:
    content = rows.content(rows.versions().get(pk=version.pk)) or {}
    rest = {name: value for name, value in content.items() if name not in _SHOWN}
    return Page(
        version=version,
        headline=str(content.get("headline", "")),
        standfirst=str(content.get("standfirst", "")),
        byline=_byline(_list(content, "bylines")),
        lead_picture=_picture(content),
        takeaways=_list(content, "takeaways"),
        body=_body(str(content.get("body", ""))),
        sources=_list(content, "sources"),
        more=compare.whole(rest),
        doubts=[finding.text for finding in verify.at_rest(version) if finding.is_wrong],
    )


def story_at(address: str) -> Article | None:
    """The story of an address as somebody copies it: with or without the site before it."""
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        return None
    if not path.isprintable() or len(path) > LONGEST_PATH:
        return None
    return archive.story_at(path)


def _list(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows under a name; nothing of what somebody may have put there instead."""
    found = content.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _byline(lines: list[dict[str, Any]]) -> str:
    numbers = [line["author"] for line in lines if isinstance(line.get("author"), int)]
    authors = Author.objects.in_bulk(numbers)
    return ", ".join(
        " ".join(filter(None, [_name(authors, line), _in_brackets(line.get("role", ""))]))
        for line in lines
    )


def _name(authors: dict[int, Author], line: dict[str, Any]) -> str:
    number = line.get("author")
    return authors[number].name if number in authors else f"Author {number}"


def _in_brackets(text: str) -> str:
    return f"({text})" if text else ""


def _picture(content: dict[str, Any]) -> str:
    """The lead picture in words: rights may have ended, so it is not shown."""
    number = content.get("lead_image")
    if not isinstance(number, int):
        return ""
    caption = content.get("lead_caption") or ""
    return caption or str(Image.objects.filter(pk=number).first() or f"Picture {number}")


def _body(html: str) -> SafeString:
    def figure(reference: body.FigureReference) -> str:
        words = reference.caption or reference.alt
        return format_html(
            '<figure class="note">Picture {}{}</figure>',
            reference.image_id,
            f": {words}" if words else "",
        )

    return mark_safe(body.fill(body.sanitise(html), figure, lambda number, ticker: ""))
