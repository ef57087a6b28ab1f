"""The start page: the stories this person works on, and what was saved last."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from articles.desk import rights, states
from articles.models import Article

MOST = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One story of a list on the start page."""

    url: str
    title: str
    state: str
    label: str
    who: str
    when: str


def lists_for(user: Any) -> dict[str, list[Entry]]:
    """The lists "mine" and "latest" of someone who sees stories; nothing for others."""
    may_see = any(
        user.has_perm(f"articles.{right}_article") for right in ("view", "change", "change_own")
    )
    if not may_see:
        return {}
    stories = Article.objects.order_by("-saved_at", "-id")
    mine = Article.objects.filter(rights.of_own(user)).values("pk")
    return {"mine": _entries(stories.filter(pk__in=mine)), "latest": _entries(stories)}


def _entries(stories: QuerySet[Article]) -> list[Entry]:
    rows = stories.select_related("published").prefetch_related("bylines__author")[:MOST]
    return [_entry(article) for article in rows]


def _entry(article: Article) -> Entry:
    state, label = states.badge(article)
    return Entry(
        url=reverse("admin:articles_article_change", args=[article.pk]),
        title=str(article),
        state=state,
        label=label,
        who=", ".join(line.author.name for line in article.bylines.all()),
        when=f"Saved {states.clock(article.saved_at)}",
    )
