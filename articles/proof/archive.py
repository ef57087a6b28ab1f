"""What a story said at a moment of the past."""

import datetime as dt

from django.db.models import Q

from articles.models import Article, PublishedArticle, PublishedVersion, Redirect


def live_at(article_id: int, at: dt.datetime) -> PublishedVersion | None:
    """The version that readers could see at ``at`` (aware), or None if the story was not public.

    Live at ``at`` = not withdrawn by then, ``live_from <= at``, greatest (``live_from``, number).
    """
    not_withdrawn = Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)
    # A story leaves the site at its time, whether or not the worker has come by since.
    gone = PublishedArticle.objects.filter(article=article_id, off_at__lte=at)
    if gone.exists():
        return None
    return (
        PublishedVersion.objects.defer("content")
        .filter(not_withdrawn, article=article_id, live_from__lte=at)
        .order_by("-live_from", "-number")
        .first()
    )


def story_at(path: str) -> Article | None:
    """The story that has or once had this address."""
    path = f"/{path.strip().strip('/')}/"
    published = PublishedArticle.objects.select_related("article").filter(path=path).first()
    if published is not None:
        return published.article
    moved = Redirect.objects.select_related("article").filter(path=path).first()
    return None if moved is None else moved.article
