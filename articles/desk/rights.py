"""Who may do what with a story (rules §1: roles). The server asks here before every act."""

from typing import Any

from django.db.models import Q

from articles.models import Article


def of_own(user: Any) -> Q:
    """The stories that are this person's: they began them, or stand in the byline."""
    return Q(created_by=user) | Q(bylines__author__user=user)


def is_own(user: Any, article: Article) -> bool:
    """Whether the story is this person's."""
    return Article.objects.filter(of_own(user), pk=article.pk).exists()


def may_see(user: Any) -> bool:
    """Whether ``user`` sees the desk's stories."""
    return any(
        user.has_perm(f"articles.{right}_article") for right in ("view", "change", "change_own")
    )


def may_change(user: Any, article: Article | None) -> bool:
    """Whether ``user`` may change this story; without a story, whether any at all."""
    if user.has_perm("articles.change_article"):
        return True
    if not user.has_perm("articles.change_own_article"):
        return False
    return article is None or is_own(user, article)


def may_approve(user: Any) -> bool:
    """Whether ``user`` may approve stories and ask for changes."""
    allowed: bool = user.has_perm("articles.approve_article")
    return allowed


def may_publish(user: Any) -> bool:
    """Whether ``user`` may publish stories and take them off the site."""
    allowed: bool = user.has_perm("articles.publish_article")
    return allowed


def may_correct(user: Any) -> bool:
    """Whether ``user`` may correct in public what is on the site."""
    allowed: bool = user.has_perm("articles.correct_article")
    return allowed


def may_retract(user: Any) -> bool:
    """Whether ``user`` may take a story back for good."""
    allowed: bool = user.has_perm("articles.retract_article")
    return allowed


def may_lift_embargo(user: Any) -> bool:
    """Whether ``user`` may end an embargo before its time."""
    allowed: bool = user.has_perm("articles.lift_embargo")
    return allowed


def may_copy(user: Any) -> bool:
    """Whether ``user`` may begin a story with the words of another."""
    return may_see(user) and bool(user.has_perm("articles.add_article"))


def may_share(user: Any, article: Article) -> bool:
    """Whether ``user`` may show this story to somebody outside before it is out."""
    return may_publish(user) or may_change(user, article)


def may_block(user: Any) -> bool:
    """Whether ``user`` may block a picture everywhere, and let it go again."""
    allowed: bool = user.has_perm("articles.block_image")
    return allowed


def gets_notices(user: Any) -> bool:
    """Whether the desk writes to ``user`` at all: of stories, or of the rights in pictures."""
    return may_see(user) or may_block(user)


def may_read_archive(user: Any) -> bool:
    """Whether ``user`` may read what was public once, and is no more."""
    allowed: bool = user.has_perm("articles.read_archive")
    return allowed


def may_see_originals(user: Any) -> bool:
    """Whether ``user`` may see pictures as they came in, also those that are shown nowhere."""
    return may_read_archive(user) or bool(user.has_perm("articles.block_image"))


def may_erase(user: Any) -> bool:
    """Whether ``user`` may erase the content of a published version."""
    allowed: bool = user.has_perm("articles.erase_version")
    return allowed
