"""The address of a story: its first day in the newsroom's zone, and its slug."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import BigIntegerField, DateTimeField, F, Q
from django.utils import timezone

from articles.models import Article, Publication, PublishedArticle, PublishedVersion, Redirect
from articles.prepared import Prepared

_DAY = len("/yyyy/mm/dd/")


def path_of(article: Article, *, at: dt.datetime, slug: str) -> str:
    """``/yyyy/mm/dd/slug/`` of a story that is, or would be, first published at ``at`` (aware).

    The day is fixed once somebody could have seen the story; only the slug may change later.
    """
    public = getattr(article, "published", None)
    if public is not None and _is_fixed(public):
        return moved(public.path, slug=slug)
    return first_path(at=at, slug=slug)


def _is_fixed(public: PublishedArticle) -> bool:
    now = timezone.now()
    is_out = public.withdrawn_at is None and public.published_at <= now
    return is_out or was_seen(public.article_id, at=now)


def first_path(*, at: dt.datetime, slug: str, zone: dt.tzinfo | None = None) -> str:
    """The address of a story that nobody has seen yet: its day is that of ``at``.

    ``zone``: the newsroom's, where the caller knows it; else it is looked up.
    """
    zone = zone or (_publication.first() or Publication()).zone_info
    return f"{at.astimezone(zone):/%Y/%m/%d/}{slug}/"


_publication = Prepared(lambda: Publication.objects.order_by("pk").only("zone")[:1])


def moved(path: str, *, slug: str) -> str:
    """The address of the same day with another slug."""
    return f"{path[:_DAY]}{slug}/"


def was_seen(article: Article | int, *, at: dt.datetime) -> bool:
    """Whether some version of a story was public at or before ``at`` (aware)."""
    number = article if isinstance(article, int) else article.pk
    return bool(_one_seen(article=number, at=at))


_one_seen = Prepared(
    lambda article, at: (
        PublishedVersion.objects.filter(article=article, live_from__lte=at)
        .filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=F("live_from")))
        .order_by()
        .values_list("pk")[:1]
    ),
    article=BigIntegerField(),
    at=DateTimeField(),
)


def of_stories(numbers: Iterable[int]) -> list[str]:
    """Every address that the stories of these numbers have or had, whether they are out or not.
    For caches, which are told that what they keep there is over. Two queries."""
    wanted = list(numbers)
    published = PublishedArticle.objects.filter(article_id__in=wanted)
    former = Redirect.objects.filter(article_id__in=wanted)
    return [*published.values_list("path", flat=True), *former.values_list("path", flat=True)]
