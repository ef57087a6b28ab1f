"""Who may do what with a story (rules §1: roles). The server asks here before every act."""

from typing import Any

from django.db.models import Q

from articles.models import Article


def of_own(user: Any) -> Q:
    """The stories that are this person's: they began them, or stand in the byline."""
    return Q(created_by=user) | Q(bylines__author__user=user)


def may_change(user: Any, article: Article | None) -> bool:
    """Whether ``user`` may change this story; without a story, whether any at all."""
    if user.has_perm("articles.change_article"):
        return True
    if not user.has_perm("articles.change_own_article"):
        return False
    return article is None or Article.objects.filter(of_own(user), pk=article.pk).exists()


def may_publish(user: Any) -> bool:
    """Whether ``user`` may publish stories and take them off the site."""
    allowed: bool = user.has_perm("articles.publish_article")
    return allowed


def may_read_archive(user: Any) -> bool:
    """Whether ``user`` may read what was public once, and is no more."""
    allowed: bool = user.has_perm("articles.read_archive")
    return allowed


def may_erase(user: Any) -> bool:
    """Whether ``user`` may erase the content of a published version."""
    allowed: bool = user.has_perm("articles.erase_version")
    return allowed
