"""What a story needs before it may be published (rules §1): one set for every door."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField
from django.utils.text import Truncator

from articles import body
from articles.desk import picture_rules
from articles.desk.newsroom_time import in_full
from articles.desk.snapshots import snapshot
from articles.models import Article, Image, PublishedArticle, Redirect
from articles.models.article import TAKEAWAY_LENGTH, Access
from articles.paths import path_of
from articles.photos.rights import Lack, has_doubtful_alt, lacks
from articles.prepared import Prepared

MOST_TAKEAWAYS = 7
LONG_HEADLINE = 110
# A gated story must be worth its gate.
LEAST_WITHHELD_WORDS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing or doubtful. ``field`` is the form's field to go to."""

    code: str
    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Findings:
    """``missing`` forbids publishing; ``doubts`` are only worth a look."""

    missing: tuple[Finding, ...]
    doubts: tuple[Finding, ...]


def check(article: Article, *, at: dt.datetime, content: dict[str, Any] | None = None) -> Findings:
    """Say everything at once that keeps ``content`` from going out at ``at`` (aware).

    ``content`` has the shape of ``snapshot``; without one it is the working copy as it stands.
    """
    content = snapshot(article) if content is None else content
    placed = _pictures(content)
    return Findings(
        missing=(
            *_state(article, at),
            *_essentials(content),
            *_address(article, content, at),
            *_missing_in(content, placed, at),
        ),
        doubts=(*_doubts(content), *_doubtful_alts(placed), *_doubtful_rights(placed, at)),
    )


def check_text(content: dict[str, Any], *, at: dt.datetime) -> list[Finding]:
    """What is missing in the text of a story that is new: all but whether its address is free.

    A text without pictures costs no query.
    """
    return [*_essentials(content), *_missing_in(content, _pictures(content), at)]


def _missing_in(
    content: dict[str, Any], placed: "Iterable[_Placed]", at: dt.datetime
) -> Iterator[Finding]:
    for each in placed:
        yield from _picture(each, at)
    yield from _takeaways(content)
    yield from _cut(content)


def _state(article: Article, at: dt.datetime) -> Iterator[Finding]:
    public = getattr(article, "published", None)
    if public is not None and public.retracted_at is not None:
        yield Finding("retracted", "This story was retracted. It never comes back.", "work")
    until = article.embargo_until
    if until is not None and at < until:
        yield Finding("embargo", f"Under embargo until {in_full(until)}.", "work")


def _essentials(content: dict[str, Any]) -> Iterator[Finding]:
    if not content["headline"].strip():
        yield Finding("headline", "The headline is missing.", "headline")
    if content["section"] is None:
        yield Finding("section", "Choose a section.", "section")
    if not content["bylines"]:
        yield Finding("author", "Name at least one author.", "bylines")
    if not body.plain_text(body.sanitise(content["body"])).strip():
        yield Finding("body", "The body has no text.", "body")


def _address(article: Article, content: dict[str, Any], at: dt.datetime) -> Iterator[Finding]:
    slug = content["slug"]
    if not slug:
        yield Finding("slug", "The address is missing.", "slug")
        return
    path = path_of(article, at=at, slug=slug)
    if is_taken(path, by_other_than=article):
        free = free_slug(article, at=at, slug=slug)
        text = f"Another story has the address {path}. Use {free} instead."
        yield Finding("slug_taken", text, "slug")


def is_taken(path: str, *, by_other_than: Article) -> bool:
    """Whether ``path`` leads, or once led, to another story."""
    return bool(_others_at(path=path, article=by_other_than.pk or 0))


_others_at = Prepared(
    lambda path, article: (
        PublishedArticle.objects.filter(path=path)
        .exclude(article=article)
        .values_list("path")
        .union(Redirect.objects.filter(path=path).exclude(article=article).values_list("path"))
    ),
    path=CharField(),
    article=BigIntegerField(),
)


def free_slug(article: Article, *, at: dt.datetime, slug: str) -> str:
    """``slug`` with the first ending, from -2 on, that makes the story's address free."""
    longest = Article._meta.get_field("slug").max_length or 100
    number = 2
    while True:
        ending = f"-{number}"
        tried = slug[: longest - len(ending)] + ending
        if not is_taken(path_of(article, at=at, slug=tried), by_other_than=article):
            return tried
        number += 1


@dataclass(frozen=True, slots=True)
class _Placed:
    """A picture in a story: the library's row, or None where it is gone, and its own alt text."""

    image: Image | None
    name: str
    field: str
    alt: str


def _pictures(content: dict[str, Any]) -> list[_Placed]:
    return [*_lead_picture(content), *_figures(content)]


def _lead_picture(content: dict[str, Any]) -> Iterator[_Placed]:
    if content["lead_image"] is None:
        return
    image = Image.objects.filter(pk=content["lead_image"]).first()
    if image is not None:
        yield _Placed(image, "The lead picture", "lead_image", content["lead_alt"])


def _figures(content: dict[str, Any]) -> Iterator[_Placed]:
    figures = body.figures(body.sanitise(content["body"]))
    images = Image.objects.in_bulk({figure.image_id for figure in figures})
    for figure in figures:
        image = images.get(figure.image_id)
        name = f"The picture “{Truncator(str(image)).chars(40)}” in the text" if image else ""
        yield _Placed(image, name, "body", figure.alt)


def _picture(placed: _Placed, at: dt.datetime) -> Iterator[Finding]:
    if placed.image is None:
        text = "A picture in the text is no longer in the library. Take it out or choose another."
        yield Finding("figure_gone", text, placed.field)
        return
    found = lacks(placed.image, placed_alt=placed.alt)
    if Lack.CREDIT in found:
        yield Finding("picture_credit", f"{placed.name} has no credit.", placed.field)
    if Lack.LICENCE in found:
        yield Finding("picture_licence", f"{placed.name} has no licence.", placed.field)
    if Lack.ALT_TEXT in found:
        text = f"{placed.name} has no alt text. Describe it, or mark it as decorative."
        yield Finding("picture_alt", text, placed.field)
    for code, text in picture_rules.refusals(placed.image, placed.name, at=at):
        yield Finding(code, text, placed.field)


def _doubtful_rights(pictures: Iterable[_Placed], at: dt.datetime) -> Iterator[Finding]:
    for placed in pictures:
        if placed.image is not None:
            for code, text in picture_rules.doubts(placed.image, placed.name, at=at):
                yield Finding(code, text, placed.field)


def _doubtful_alts(pictures: Iterable[_Placed]) -> Iterator[Finding]:
    for placed in pictures:
        if placed.image is not None and has_doubtful_alt(placed.image, placed_alt=placed.alt):
            text = f"{placed.name} has an alt text from its file that nobody has read."
            yield Finding("picture_alt_unread", text, placed.field)


def _takeaways(content: dict[str, Any]) -> Iterator[Finding]:
    takeaways = content["takeaways"]
    if len(takeaways) > MOST_TAKEAWAYS:
        text = f"{len(takeaways)} key takeaways are too many: {MOST_TAKEAWAYS} at most."
        yield Finding("takeaways_many", text, "takeaways")
    for number, takeaway in enumerate(takeaways, start=1):
        over = len(takeaway["text"]) - TAKEAWAY_LENGTH
        if not takeaway["text"].strip():
            yield Finding("takeaway_empty", f"Key takeaway {number} has no text.", "takeaways")
        elif over > 0:
            text = (
                f"Key takeaway {number} is {over} characters too long ({TAKEAWAY_LENGTH} at most)."
            )
            yield Finding("takeaway_long", text, "takeaways")


def _cut(content: dict[str, Any]) -> Iterator[Finding]:
    if content["access"] == Access.FREE:
        return
    free, withheld = body.cut(body.sanitise(content["body"]))
    behind = body.count_words(withheld)
    total = behind + body.count_words(free)
    if behind < LEAST_WITHHELD_WORDS or behind * 3 < total:
        text = (
            f"Only {behind} of {total} words lie behind the cut. Readers who sign in or pay get "
            f"at least {LEAST_WITHHELD_WORDS} words and a third of the story: move the end of "
            "the free part up, write more, or make the story free."
        )
        yield Finding("cut", text, "body")


def _doubts(content: dict[str, Any]) -> Iterator[Finding]:
    if not content["takeaways"]:
        yield Finding("no_takeaways", "No key takeaways.", "takeaways")
    if len(content["headline"]) > LONG_HEADLINE:
        text = f"The headline is over {LONG_HEADLINE} characters."
        yield Finding("headline_long", text, "headline")
    if not content["standfirst"].strip():
        yield Finding("no_standfirst", "No standfirst.", "standfirst")
    if not content["sources"]:
        yield Finding("no_source", "No source that readers can check.", "sources")
    if not content["topics"]:
        yield Finding("no_topics", "No topics.", "topics")
