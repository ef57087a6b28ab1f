"""The revisions of a story as pages list them: who, when, why, and where each one stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from articles.desk import states
from articles.models import Article, Revision
from articles.models.article import Work
from articles.publishing import PublicState, public_state

PAGE = 50
# What a select can hold and a person still read.
MOST_CHOICES = 100
# Words kept beside the story, as while typing, that one page of the list unfolds.
MOST_BESIDE = 200

_ON_SITE = {
    PublicState.SCHEDULED: ("scheduled", "Scheduled"),
    PublicState.LIVE: ("live", "On the site"),
    PublicState.LIVE_WITH_CHANGES: ("live", "On the site"),
    PublicState.ARCHIVED: ("live", "On the site"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One revision. ``before`` is the number of the one it is compared with, None for the first."""

    number: int
    who: str
    when: str
    reason: str
    note: str
    before: int | None
    badges: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A revision, or (without one) what was kept beside the story after the next line's."""

    line: Line | None
    beside: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; ``older`` is the number to go on before, if there are more."""

    entries: list[Entry]
    older: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One revision in a select, as "Revision 6, Lisa Morgan, today 9:12 a.m., Published"."""

    number: int
    text: str


def page(article: Article, *, before: int | None = None) -> Page:
    """The newest revisions of a story, or those with a number below ``before``."""
    kept = _kept(article)
    below = kept.filter(number__lt=before) if before is not None else kept
    main = list(below.exclude(reason__in=Revision.BESIDE)[: PAGE + 1])
    end = main[PAGE - 1].number if len(main) > PAGE else 0
    beside = list(below.filter(reason__in=Revision.BESIDE, number__gt=end)[: MOST_BESIDE + 1])
    if len(beside) > MOST_BESIDE:
        beside.pop()
        end = beside[-1].number
    entries = list(_entries(article, main, beside, end=end))
    return Page(entries, older=end or None)


def choices(article: Article, *, also: Iterable[int]) -> list[Choice]:
    """The newest revisions of a story to choose from, and those with the numbers ``also``."""
    kept = _kept(article)
    newest = kept.exclude(reason__in=Revision.BESIDE).values("pk")[:MOST_CHOICES]
    wanted = set(newest.values_list("pk", flat=True))
    found = kept.filter(pk__in=wanted) | kept.filter(number__in=list(also))
    return [Choice(each.number, _words(article, each)) for each in found]


def one_before(article: Article, number: int) -> int | None:
    """The number of the last saved revision below ``number``."""
    earlier = article.revisions.filter(number__lt=number).exclude(reason__in=Revision.BESIDE)
    found: int | None = earlier.values_list("number", flat=True).first()
    return found


def on_site(article: Article) -> int | None:
    """The number of the revision that readers see or will see; None where there is none."""
    if public_state(article) not in _ON_SITE:
        return None
    return article.published.revision or None


def moment(revision: Revision) -> str:
    """When it was kept, on the newsroom's clock: "today 9:12 a.m.", "yesterday 6 p.m."."""
    at, now = timezone.localtime(revision.created_at), timezone.localtime()
    days = (now.date() - at.date()).days
    if days in (0, 1):
        return f"{'yesterday' if days else 'today'} {date_format(at, 'P')}"
    return states.clock(revision.created_at)


def who(revision: Revision) -> str:
    """The name of the person who kept it; "" for the newsroom itself."""
    return revision.created_by.get_full_name() if revision.created_by else ""


def badges(article: Article, number: int) -> list[tuple[str, str]]:
    """Where the revision stands, as (shape, word): on the site, approved, newest."""
    found = []
    if number == on_site(article):
        found.append(_ON_SITE[public_state(article)])
    if number == article.approved_revision:
        is_now = article.work == Work.APPROVED
        found.append(("approved", "Approved") if is_now else ("draft", "Was approved"))
    if number == article.head:
        found.append(("draft", "Newest"))
    return found


def _kept(article: Article) -> QuerySet[Revision]:
    # Its content is large; a list never needs it.
    return article.revisions.select_related("created_by").defer("content").order_by("-number")


def _entries(
    article: Article, main: list[Revision], beside: list[Revision], *, end: int
) -> Iterable[Entry]:
    """The revisions down to number ``end``, each followed by what was kept beside the one below."""
    for revision, earlier in zip_longest(main, main[1:]):
        if after := [each for each in beside if each.number > revision.number]:
            yield Entry(None, [_line(article, each, revision.number) for each in after])
            beside = beside[len(after) :]
        if revision.number < end:
            return
        yield Entry(_line(article, revision, earlier.number if earlier else None))
    if beside:
        yield Entry(None, [_line(article, each, each.base) for each in beside])


def _line(article: Article, revision: Revision, before: int | None) -> Line:
    return Line(
        number=revision.number,
        who=who(revision),
        when=moment(revision),
        reason=revision.get_reason_display(),
        note=revision.note,
        before=before,
        badges=badges(article, revision.number),
    )


def _words(article: Article, revision: Revision) -> str:
    marks = [word for _, word in badges(article, revision.number)]
    parts = [str(revision), who(revision), moment(revision), revision.get_reason_display(), *marks]
    return ", ".join(filter(None, parts))
