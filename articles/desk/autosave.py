"""What is typed is kept while one types: as a revision beside the story, never in it (rules §3)."""

import re
import uuid
from collections.abc import Container
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from articles.desk import conflicts, revisions, states, thinning
from articles.models import Article, Publication, Revision

# Each autosave looks at so many earlier ones; a save of the same tab looks at all of them.
LOOKS_BACK = 8
MOST_OFFERS = 3
_TAB = re.compile(r"[A-Za-z0-9-]{8,36}")
# Larger numbers are no revision's and overflow a database's integer.
_GREATEST = 2**31 - 1


def tab_of(data: Any) -> str:
    """The tab that a post names, or nothing when it names none that could be one."""
    tab = str(data.get("tab", ""))
    return tab if _TAB.fullmatch(tab) else ""


def base_of(data: Any) -> int | None:
    """The revision that a post says it began from."""
    base = str(data.get("base", ""))
    is_number = base.isascii() and base.isdigit() and len(base) < 11
    return int(base) if is_number and int(base) <= _GREATEST else None


def begun_of(data: Any) -> uuid.UUID | None:
    """The form of a new story that a post names."""
    try:
        return uuid.UUID(str(data.get("begun", "")))
    except ValueError:
        return None


def content_of(data: Any) -> dict[str, Any]:
    """All that was posted in the shape of ``revisions.snapshot``, however wrong or long it is."""
    content: dict[str, Any] = _storable(conflicts.posted_content(data))
    return content


def has_words(content: dict[str, Any]) -> bool:
    return bool(thinning.words(content))


def hold_for(writer: Any) -> None:
    """Let this person begin one story at a time, until the end of the transaction.

    An autosave and a save of the same new form may come at the same moment.
    """
    get_user_model()._default_manager.select_for_update(no_key=True).get(pk=writer.pk)


def begun(key: uuid.UUID | None, *, writer: Any) -> Article | None:
    """The story that this person began in the form ``key``, if there is one."""
    if key is None:
        return None
    return Article.objects.filter(begun_as=key, created_by=writer).first()


def key_for(key: uuid.UUID | None) -> uuid.UUID | None:
    """``key``, unless a story has it already: then none, for a story has one form only."""
    is_taken = key is not None and Article.objects.filter(begun_as=key).exists()
    return None if is_taken else key


@transaction.atomic
def begin(key: uuid.UUID, *, writer: Any) -> Article:
    """The draft of the form ``key``: made now, or by whoever came first."""
    hold_for(writer)
    publication = Publication.objects.first() or Publication()
    return begun(key, writer=writer) or Article.objects.create(
        begun_as=key_for(key), created_by=writer, language=publication.language
    )


def keep(
    article: Article, *, content: dict[str, Any], editor: Any, base: int | None, tab: str
) -> Revision | None:
    """Keep what was typed, and thin the autosaves before it. The story itself stays as it is.

    ``article`` is locked. The same words again are kept once; words that the story holds already,
    and that nothing typed since has changed, are not kept at all: then the answer is None.
    """
    newest = _newest(article, editor=editor, tab=tab)
    if newest is not None and newest.content == content:
        return newest
    if newest is None and conflicts.is_the_same(article, content):
        return None
    revision = Revision.objects.create(
        article=article,
        number=revisions.next_number(article),
        reason=Revision.Reason.AUTOSAVE,
        content=content,
        base=base,
        tab=tab,
        created_by=editor,
    )
    thinning.thin(revision, at_most=LOOKS_BACK)
    return revision


def offers(article: Article, *, user: Any, besides: Container[int | None] = ()) -> list[Revision]:
    """What ``user`` typed since the last save and has not saved: the newest of each tab.

    Newest first, a few at most. ``besides`` are the numbers of those already dealt with.
    """
    typed = article.revisions.filter(
        reason=Revision.Reason.AUTOSAVE, created_by=user, number__gt=article.head
    )
    newest: dict[str, int] = {}
    for number, tab in typed.order_by("number").values_list("number", "tab"):
        newest[tab or str(number)] = number
    wanted = sorted((n for n in newest.values() if n not in besides), reverse=True)[:MOST_OFFERS]
    found = typed.filter(number__in=wanted).order_by("-number") if wanted else ()
    return [r for r in found if not conflicts.is_the_same(article, r.content)]


def typed_by(user: Any, *, article: Article, number: int | None) -> Revision | None:
    """An autosave of ``user`` by its number: nobody is given another's unsaved words."""
    mine = article.revisions.filter(reason=Revision.Reason.AUTOSAVE, created_by=user)
    return None if number is None else mine.filter(number=number).first()


def newer(article: Article, *, base: int | None, user: Any) -> dict[str, str] | None:
    """Who saved after ``base``, and when, in words; None when nobody did."""
    if article.head <= (base or 0):
        return None
    head = article.revisions.filter(number=article.head).select_related("created_by").first()
    if head is None:
        return None
    who = _who(head, user)
    says = f"{sentence(f'{who} saved {when(head)}')} Saving will bring both together."
    return {"who": who, "when": states.clock(head.created_at), "says": says}


def when(revision: Revision) -> str:
    """When a revision was kept, as "at 9:41 a.m." or "on Jan. 24, 9:41 a.m."."""
    is_today = timezone.localdate(revision.created_at) == timezone.localdate()
    return f"{'at' if is_today else 'on'} {states.clock(revision.created_at)}"


def sentence(text: str) -> str:
    """End a sentence; the "p.m." of a clock has ended it already."""
    return text if text.endswith(".") else f"{text}."


def _who(revision: Revision, user: Any) -> str:
    if revision.created_by is None:
        return "Someone"
    is_me = revision.created_by_id == user.pk
    return "You, in another window," if is_me else revision.created_by.get_full_name()


def _newest(article: Article, *, editor: Any, tab: str) -> Revision | None:
    """The newest autosave of this tab since the last save."""
    if not tab:
        return None
    return (
        article.revisions.filter(
            reason=Revision.Reason.AUTOSAVE, created_by=editor, tab=tab, number__gt=article.head
        )
        .order_by("-number")
        .first()
    )


def _storable(value: Any) -> Any:
    """Without the one sign that no database takes."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {name: _storable(each) for name, each in value.items()}
    return value
