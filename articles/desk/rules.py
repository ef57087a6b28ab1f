"""What a story needs before it may be published (rules §1): one set for every door."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import Truncator

from articles import body
from articles.models import Article, Image, PublishedArticle, Redirect
from articles.models.article import TAKEAWAY_LENGTH, Access
from articles.paths import path_of
from articles.photos.rights import Lack, lacks

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


def check(article: Article, *, at: dt.datetime) -> Findings:
    """Say everything at once that keeps ``article`` from being published at ``at`` (aware)."""
    return Findings(
        missing=(
            *_essentials(article),
            *_address(article, at),
            *_lead_picture(article),
            *_figures(article),
            *_takeaways(article),
            *_cut(article),
        ),
        doubts=tuple(_doubts(article)),
    )


def _essentials(article: Article) -> Iterator[Finding]:
    if not article.headline.strip():
        yield Finding("headline", "The headline is missing.", "headline")
    if article.section_id is None:
        yield Finding("section", "Choose a section.", "section")
    if not article.bylines.exists():
        yield Finding("author", "Name at least one author.", "bylines")
    if not body.plain_text(body.sanitise(article.body)).strip():
        yield Finding("body", "The body has no text.", "body")


def _address(article: Article, at: dt.datetime) -> Iterator[Finding]:
    if not article.slug:
        yield Finding("slug", "The address is missing.", "slug")
        return
    path = path_of(article, at=at)
    if is_taken(path, by_other_than=article):
        text = f"Another story has the address {path}. Use {free_slug(article, at=at)} instead."
        yield Finding("slug_taken", text, "slug")


def is_taken(path: str, *, by_other_than: Article) -> bool:
    """Whether ``path`` leads, or once led, to another story."""
    others = (
        PublishedArticle.objects.filter(path=path).exclude(article=by_other_than),
        Redirect.objects.filter(path=path).exclude(article=by_other_than),
    )
    return any(queryset.exists() for queryset in others)


def free_slug(article: Article, *, at: dt.datetime) -> str:
    """The story's slug with the first ending, from -2 on, that makes its address free."""
    longest = Article._meta.get_field("slug").max_length or 100
    number = 2
    while True:
        ending = f"-{number}"
        slug = article.slug[: longest - len(ending)] + ending
        if not is_taken(path_of(article, at=at, slug=slug), by_other_than=article):
            return slug
        number += 1


def _lead_picture(article: Article) -> Iterator[Finding]:
    if article.lead_image is not None:
        yield from _picture(
            article.lead_image, "The lead picture", field="lead_image", alt=article.lead_alt
        )


def _figures(article: Article) -> Iterator[Finding]:
    figures = body.figures(body.sanitise(article.body))
    images = Image.objects.in_bulk({figure.image_id for figure in figures})
    for figure in figures:
        image = images.get(figure.image_id)
        if image is None:
            text = (
                "A picture in the text is no longer in the library. Take it out or choose another."
            )
            yield Finding("figure_gone", text, "body")
        else:
            name = f"The picture “{Truncator(str(image)).chars(40)}” in the text"
            yield from _picture(image, name, field="body", alt=figure.alt)


def _picture(image: Image, name: str, *, field: str, alt: str) -> Iterator[Finding]:
    found = lacks(image, placed_alt=alt)
    if Lack.CREDIT in found:
        yield Finding("picture_credit", f"{name} has no credit.", field)
    if Lack.LICENCE in found:
        yield Finding("picture_licence", f"{name} has no licence.", field)
    if Lack.ALT_TEXT in found:
        text = f"{name} has no alt text. Describe it, or mark it as decorative."
        yield Finding("picture_alt", text, field)


def _takeaways(article: Article) -> Iterator[Finding]:
    takeaways = list(article.takeaways.all())
    if len(takeaways) > MOST_TAKEAWAYS:
        text = f"{len(takeaways)} key takeaways are too many: {MOST_TAKEAWAYS} at most."
        yield Finding("takeaways_many", text, "takeaways")
    for number, takeaway in enumerate(takeaways, start=1):
        if not takeaway.text.strip():
            yield Finding("takeaway_empty", f"Key takeaway {number} has no text.", "takeaways")
        elif len(takeaway.text) > TAKEAWAY_LENGTH:
            over = len(takeaway.text) - TAKEAWAY_LENGTH
            text = (
                f"Key takeaway {number} is {over} characters too long ({TAKEAWAY_LENGTH} at most)."
            )
            yield Finding("takeaway_long", text, "takeaways")


def _cut(article: Article) -> Iterator[Finding]:
    if article.access == Access.FREE:
        return
    free, withheld = body.cut(body.sanitise(article.body))
    behind = body.count_words(withheld)
    total = behind + body.count_words(free)
    if behind < LEAST_WITHHELD_WORDS or behind * 3 < total:
        text = (
            f"Only {behind} of {total} words lie behind the cut. Readers who sign in or pay get "
            f"at least {LEAST_WITHHELD_WORDS} words and a third of the story: move the end of "
            "the free part up, write more, or make the story free."
        )
        yield Finding("cut", text, "body")


def _doubts(article: Article) -> Iterator[Finding]:
    if not article.takeaways.exists():
        yield Finding("no_takeaways", "No key takeaways.", "takeaways")
    if len(article.headline) > LONG_HEADLINE:
        text = f"The headline is over {LONG_HEADLINE} characters."
        yield Finding("headline_long", text, "headline")
    if not article.standfirst.strip():
        yield Finding("no_standfirst", "No standfirst.", "standfirst")
    if not article.sources.exists():
        yield Finding("no_source", "No source that readers can check.", "sources")
    if not article.topics.exists():
        yield Finding("no_topics", "No topics.", "topics")
