"""The page that publishing would make of a working copy, for each kind of reader."""

import datetime as dt

from articles import composing
from articles.desk.snapshots import snapshot
from articles.models import Article, PublishedArticle, Section
from articles.paths import path_of
from articles.site import reading
from articles.site.frame import Frame
from articles.site.paywall import decide
from articles.site.presenters import ArticlePage
from articles.site.reader import ANONYMOUS, Grant, GrantKind, Reader

# No account has this number.
_NOBODY = 0


def readers(at: dt.datetime) -> dict[str, tuple[str, Reader]]:
    """The kinds of readers a story can be previewed as: (name, reader) by the address's word."""
    grant = Grant(GrantKind.PAID, starts_at=at - dt.timedelta(days=1), ends_at=None)
    return {
        "anonymous": ("Anyone", ANONYMOUS),
        "registered": ("Signed in", Reader(user_id=_NOBODY)),
        "subscriber": ("Subscriber", Reader(user_id=_NOBODY, grants=(grant,))),
    }


def page_for(article: Article, reader: Reader, *, frame: Frame, at: dt.datetime) -> ArticlePage:
    """The page of the working copy as ``reader`` would get it. Nothing is saved."""
    earlier = PublishedArticle.objects.filter(article=article).first()
    public = earlier or PublishedArticle(article=article, published_at=at)
    corrections = article.corrections.all()
    story = composing.compose(snapshot(article), public=public, at=at, corrections=corrections)
    story.path = path_of(article, at=at, slug=article.slug or "story")
    if article.section_id is None:
        story.section = Section(pk=_NOBODY, name="No section yet", slug="none")
    story.headline = story.headline or "Story without a headline"
    decision = decide(reading.subject(story), reader, at)
    topics = article.topics.values_list("pk", flat=True)
    return reading.preview_of(story, decision, topics=topics, frame=frame, at=at)
