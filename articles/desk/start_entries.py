"""One story, or one picture, of a list on the start page."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timesince import timesince

from articles.desk import states
from articles.models import Article, Image
from articles.models.article import Work
from articles.photos.renditions import Picture, picture
from articles.photos.rights import lacks, may_be_served


@dataclass(frozen=True, slots=True)
class Entry:
    """One story. ``need``: what it lacks at first sight; ``ask``: what was said of it last."""

    url: str
    title: str
    badges: tuple[states.Badge, ...]
    who: str
    when: str
    is_late: bool
    need: str
    ask: str


@dataclass(frozen=True, slots=True)
class PictureEntry:
    """One picture, and what it lacks. ``picture``: None where its files may not be fetched."""

    url: str
    title: str
    picture: Picture | None
    lacks: str


def entry(article: Article, *, now: dt.datetime) -> Entry:
    """The entry of a story with its public row, last actor, lead picture and byline at hand."""
    is_late = article.due_at is not None and article.due_at <= now
    return Entry(
        url=reverse("admin:articles_article_change", args=[article.pk]),
        title=str(article),
        badges=states.badges(article),
        who=", ".join(line.author.name for line in article.bylines.all()),
        when=_when(article, now=now),
        is_late=is_late,
        need=", ".join(_needs(article)),
        ask=_ask(article),
    )


def picture_entry(image: Image, *, now: dt.datetime) -> PictureEntry:
    return PictureEntry(
        url=reverse("admin:articles_image_change", args=[image.pk]),
        title=str(image),
        picture=picture(image) if may_be_served(image, now) else None,
        lacks=", ".join(f"no {lack}" for lack in lacks(image)).capitalize(),
    )


def _when(article: Article, *, now: dt.datetime) -> str:
    if article.due_at is not None and article.due_at <= now:
        return f"{timesince(article.due_at, now, depth=1)} late"
    if article.due_at is not None:
        return f"due {states.clock(article.due_at)}"
    published = getattr(article, "published", None)
    if published is not None and published.withdrawn_at is None and published.published_at > now:
        return f"goes out {states.clock(published.published_at)}"
    return f"saved {states.clock(article.saved_at)}"


def _needs(article: Article) -> list[str]:
    """What is missing at first sight; ``rules.check`` would ask the database for each story."""
    picture = article.lead_image
    lacking = lacks(picture, placed_alt=article.lead_alt) if picture else ()
    missing = {
        "headline": not article.headline.strip(),
        "section": article.section_id is None,
        "author": not article.bylines.all(),
        "body": not article.body.strip(),
    }
    return [*(name for name, is_missing in missing.items() if is_missing), *_of_picture(lacking)]


def _of_picture(lacking: tuple[str, ...]) -> list[str]:
    return [f"picture {lack}" for lack in lacking]


def _ask(article: Article) -> str:
    """The note of the last step, as "Tom asks: …"; only while it waits for an answer."""
    if not article.work_note or article.work not in (Work.IN_REVIEW, Work.CHANGES_REQUESTED):
        return ""
    who = article.work_by.get_short_name() if article.work_by else "Someone"
    verb = "asks" if article.work == Work.CHANGES_REQUESTED else "says"
    return f"{who} {verb}: {article.work_note}"
