"""A form that was posted after its writer's session had ended: kept for them alone, for an hour.

Browsers with scripts ask to sign in before they post; this is for those without (rules §3).
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.desk import autosave
from articles.models import Article, KeptPost, Revision

LASTS = dt.timedelta(hours=1)


def keep(writer: Any, *, data: Any, article: Article | None, begun: uuid.UUID | None) -> KeptPost:
    """Keep what was posted, in place of an earlier post of the same story."""
    return KeptPost.objects.update_or_create(
        user=writer,
        article=article,
        begun_as=None if article else begun,
        defaults={
            "content": autosave.content_of(data),
            "base": autosave.base_of(data),
            "tab": autosave.tab_of(data),
            "kept_at": timezone.now(),
        },
    )[0]


def of(user: Any) -> Any:
    """The posts that are still kept for ``user``."""
    return KeptPost.objects.filter(user=user, kept_at__gt=timezone.now() - LASTS)


@transaction.atomic
def take_up(post: KeptPost) -> tuple[Article, Revision | None]:
    """Make a kept post an autosave of its writer, who has signed in again. A new story begins."""
    article = post.article
    if article is None:
        assert post.begun_as is not None  # noqa: S101 - the database says so
        article = autosave.begin(post.begun_as, writer=post.user)
    locked = Article.objects.select_for_update().get(pk=article.pk)
    revision = autosave.keep(
        locked, content=post.content, editor=post.user, base=post.base, tab=post.tab
    )
    post.delete()
    return locked, revision


def forget_old() -> None:
    """Remove what nobody came back for."""
    KeptPost.objects.filter(kept_at__lte=timezone.now() - LASTS).delete()
