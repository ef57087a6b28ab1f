"""What a story said: its versions with their times, and one of them to read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
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
class Shown:
    """A picture as it was shown: in words, and the address of the file of that time.

    ``src`` is "" where the library has it no more. Those who may read the archive alone get it.
    """

    words: str
    alt: str
    src: str


@dataclass(frozen=True, slots=True)
class Page:
    """One version, whole. Names, sections and rights are looked up as they are now."""

    version: PublishedVersion
    headline: str
    standfirst: str
    byline: str
    lead_picture: Shown | None
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


def page_of(version: PublishedVersion, *, at: dt.datetime | None = None) -> Page:
    """The version with its pictures as they were at ``at`` (aware), else when it went out."""
    at = at or version.live_from
    content = rows.content(rows.versions().get(pk=version.pk)) or {}
    rest = {name: value for name, value in content.items() if name not in _SHOWN}
    return Page(
        version=version,
        headline=str(content.get("headline", "")),
        standfirst=str(content.get("standfirst", "")),
        byline=_byline(_list(content, "bylines")),
        lead_picture=_lead_picture(content, at),
        takeaways=_list(content, "takeaways"),
        body=_body(str(content.get("body", "")), at),
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


def _lead_picture(content: dict[str, Any], at: dt.datetime) -> Shown | None:
    number = content.get("lead_image")
    if not isinstance(number, int):
        return None
    image = Image.objects.filter(pk=number).first()
    caption, alt = (str(content.get(name) or "") for name in ("lead_caption", "lead_alt"))
    return _shown(number, image, caption=caption, alt=alt, at=at)


def _shown(number: int, image: Image | None, *, caption: str, alt: str, at: dt.datetime) -> Shown:
    if image is None:
        return Shown(caption or alt or f"Picture {number}", alt, "")
    address = reverse("admin:articles_image_original", args=[image.pk])
    return Shown(
        words=caption or str(image),
        alt=alt or image.alt_text,
        src=f"{address}?{urlencode({'at': at.isoformat()})}",
    )


def _body(html: str, at: dt.datetime) -> SafeString:
    clean = body.sanitise(html)
    images = Image.objects.in_bulk(body.image_ids(clean))

    def figure(reference: body.FigureReference) -> str:
        number = reference.image_id
        shown = _shown(
            number,
            images.get(number),
            caption=reference.caption,
            alt=reference.alt,
            at=at,
        )
        return format_html(
            '<figure class="note">{}<figcaption>Picture {}: {}</figcaption></figure>',
            _img(shown),
            number,
            shown.words,
        )

    return mark_safe(body.fill(clean, figure, lambda number, ticker: ""))


def _img(shown: Shown) -> str:
    if not shown.src:
        return ""
    return format_html('<img src="{}" alt="{}" loading="lazy">', shown.src, shown.alt)
