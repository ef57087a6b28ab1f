"""The address of a story: its first day in the newsroom's zone, and its slug."""

import datetime as dt

from articles.models import Article, Publication, PublishedArticle


def path_of(article: Article, *, at: dt.datetime, slug: str | None = None) -> str:
    """``/yyyy/mm/dd/slug/`` of a story that is, or would be, first published at ``at`` (aware).

    The day is fixed by the first publication; only the slug may change later.
    """
    first = PublishedArticle.objects.filter(article=article).values_list("path", flat=True).first()
    if first is not None:
        day = first[: len("/yyyy/mm/dd/")]
    else:
        publication = Publication.objects.first() or Publication()
        day = f"{at.astimezone(publication.zone_info):/%Y/%m/%d/}"
    return f"{day}{article.slug if slug is None else slug}/"
