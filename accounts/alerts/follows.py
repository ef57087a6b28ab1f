"""Following authors and sections, and the switch for all mails about stories."""

import uuid
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Follow, User
from articles.models import Author, AuthorListing, Section
from articles.site import listings


class Kind(StrEnum):
    """What can be followed."""

    AUTHOR = "author"
    SECTION = "section"


Followed = Author | Section


def find(kind: str, pk: int) -> Followed | None:
    """The public author or section of that number, or None.

    An author is public from the first live story; before, nobody may learn of the name.
    """
    if kind == Kind.SECTION:
        return Section.objects.filter(pk=pk).first()
    if kind == Kind.AUTHOR:
        author = Author.objects.filter(pk=pk).first()
        rows = AuthorListing.objects.filter(author=author) if author else None
        return author if rows is not None and listings.live(rows, timezone.now()).exists() else None
    return None


def follow(user: User, followed: Followed) -> None:
    """Let the reader hear of each new story; again changes nothing."""
    Follow.objects.get_or_create(user=user, **_column(followed))


def unfollow(user: User, followed: Followed) -> None:
    """Stop that; again changes nothing."""
    Follow.objects.filter(user=user, **_column(followed)).delete()


def is_following(user: User, followed: Followed) -> bool:
    return Follow.objects.filter(user=user, **_column(followed)).exists()


def followed_by(user: User) -> QuerySet[Follow]:
    """What the reader follows, newest first, with names."""
    return Follow.objects.filter(user=user).select_related("author", "section")


def unfollow_row(user: User, pk: int) -> None:
    """Stop following by the number of the row: only ever the reader's own."""
    Follow.objects.filter(user=user, pk=pk).delete()


def switch_story_mail(public_id: uuid.UUID, *, on: bool) -> None:
    """Turn the mails about stories on or off; what the reader follows stays as it is."""
    User.objects.filter(public_id=public_id).update(wants_story_mail=on)


def _column(followed: Followed) -> dict[str, Any]:
    return {Kind.AUTHOR if isinstance(followed, Author) else Kind.SECTION: followed}
