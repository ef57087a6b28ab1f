"""What a form began from, and who saved the story since."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core import signing

from articles.desk import revisions, snapshots, states
from articles.models import Article, Revision

_SALT = "articles.desk.beginning"


@dataclass(frozen=True, slots=True)
class Savers:
    """Who saved last since a form was opened, in words.

    ``name`` begins a sentence; ``whose`` says whose words are meant ("Tom’s"); ``is_me`` when it
    was the writer in another window and nobody else.
    """

    name: str
    whose: str
    at: dt.datetime
    is_me: bool

    @property
    def when(self) -> str:
        """As "at 9:41 a.m.", or "on Jan. 24, 9:41 a.m." for another day."""
        clock = states.clock(self.at)
        return f"{'on' if ',' in clock else 'at'} {clock}"


def beginning(article: Article) -> str:
    """The text that a form begins from while no revision holds it, signed; else nothing.

    A story that came from elsewhere was never saved here. Without this, two people who opened it
    before its first save would have no common text to merge by.
    """
    if article.head:
        return ""
    return signing.dumps([article.pk, revisions.snapshot(article)], salt=_SALT, compress=True)


def began_from(
    article: Article, base: str, *, text: str = ""
) -> tuple[int | None, dict[str, Any] | None]:
    """The number and the content of the revision that a form's ``base`` names.

    ``text`` is the form's signed beginning, for a story that had no revision yet. Both are None
    where there is no such revision; only the content is where nobody knows it.
    """
    if not (base.isascii() and base.isdigit() and len(base) < 10):
        return None, None
    number = int(base)
    if number == 0:
        return 0, _signed(article, text) or _nothing(article)
    kept = article.revisions.filter(number=number).exclude(reason__in=Revision.BESIDE).first()
    return (number, kept.content) if kept else (None, None)


def _signed(article: Article, text: str) -> dict[str, Any] | None:
    try:
        pk, content = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return content if pk == article.pk else None


def _nothing(article: Article) -> dict[str, Any] | None:
    """The empty text that a story began from which was begun in a form; None for any other.

    Its first words made the draft, so the form of then carries no signed beginning.
    """
    return None if article.begun_as is None else snapshots.empty(language=article.language)


def savers(article: Article, *, since: int | None, user: Any) -> Savers:
    """Who saved the story after revision ``since`` (None: its newest only), for ``user``."""
    saves = article.revisions.exclude(reason__in=Revision.BESIDE).select_related("created_by")
    after = article.head - 1 if since is None else since
    newer = list(saves.filter(number__gt=after).defer("content"))
    people = {each.created_by_id: each.created_by for each in newer if each.created_by}
    at = newer[0].created_at if newer else article.saved_at
    if set(people) == {user.pk}:
        return Savers("You, in another window,", "the other window’s", at, is_me=True)
    names = [person.get_short_name() for pk, person in people.items() if pk != user.pk]
    if not names:
        return Savers("Someone", "theirs", at, is_me=False)
    name = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    whose = f"{names[0].split()[0]}’s" if len(names) == 1 and len(people) == 1 else "theirs"
    return Savers(name, whose, at, is_me=False)
