"""Finding stories by their words, at any number of stories.

Any part of a word is found in the stories saved last. Older ones are found by whole words through
the index of the site, so nothing reads every story.
"""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import Article, Author, Byline
from articles.site.search.engines import engine
from articles.site.search.query import parse

# Stories whose every letter is looked at; and how many are listed at most.
NEWEST = 10_000
MOST = 1_000
MOST_OLDER = 200


def matching(stories: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """Those of ``stories`` that hold all words of ``typed``: headline, standfirst, slug, author.

    Without a word, all of them.
    """
    words = typed.split()
    if not words:
        return stories
    says = Q()
    for word in words:
        says &= _says(word)
    since = _begin_of_newest()
    if since is None:
        return stories.filter(says)
    newest = stories.filter(says, saved_at__gte=since).order_by("-saved_at", "-pk")
    older = stories.filter(says | Q(slug=typed))
    numbers = {*newest.values_list("pk", flat=True)[: MOST + 1], *_older(older, typed)}
    return stories.filter(pk__in=numbers)


def _says(word: str) -> Q:
    fields = ("headline", "standfirst", "slug")
    condition = Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)
    named = Author.objects.filter(name__icontains=word).values_list("pk", flat=True)
    if authors := list(named[:MOST]):
        condition |= Q(Exists(Byline.objects.filter(article=OuterRef("pk"), author__in=authors)))
    return condition


def _begin_of_newest() -> dt.datetime | None:
    """When the last of the newest stories was saved; None if there are no more than those."""
    times = Article.objects.order_by("-saved_at", "-pk").values_list("saved_at", flat=True)
    return next(iter(times[NEWEST : NEWEST + 1]), None)


def _older(stories: QuerySet[Article], typed: str) -> list[int]:
    """The one with this address, and the newest public ones whose words these are."""
    found = list(stories.filter(slug=typed).values_list("pk", flat=True))
    query, now = parse(typed), timezone.now()
    if query.is_empty:
        return found
    keys = engine().look(query, at=now, before=None, size=MOST_OLDER).keys
    if keys:
        named = stories.filter(published__in=[key.id for key in keys])
        found += named.values_list("pk", flat=True)
    return found
