"""Where a picture is used: in stories, as a portrait, as the fallback of a section."""

from dataclasses import dataclass

from django.db.models import ProtectedError, Q, QuerySet

from articles.models import (
    Article,
    Author,
    Image,
    PublishedArticle,
    PublishedVersion,
    Section,
)

# Enough for a person to read.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Place:
    """One place: what it is called, a word on it, and the row of ``model`` that holds it."""

    title: str
    note: str
    model: type[Article] | type[Author] | type[Section]
    pk: int


class InUse(ProtectedError):
    """The picture is in use and stays. ``uses`` says where."""

    def __init__(self, uses: list[Place]) -> None:
        super().__init__("; ".join(use.title for use in uses), set())
        self.uses = uses


def uses(image: Image) -> list[Place]:
    """Return where ``image`` is used, newest stories first; at most some fifty of a kind.

    A figure is a reference in the text, which no foreign key protects: hence the search.
    """
    return [*_stories(image), *_portraits(image), *_fallbacks(image)]


def stories_with(image: Image) -> list[int]:
    """The numbers of all stories that show ``image`` now, would, or will: newest first."""
    public = _public(image).values_list("article_id", flat=True)
    working = _working(image).values_list("pk", flat=True)
    waiting = _waiting(image).values_list("article_id", flat=True)
    return sorted({*public, *working, *waiting}, reverse=True)


def _public(image: Image) -> QuerySet[PublishedArticle]:
    return PublishedArticle.objects.filter(
        Q(lead_image=image) | Q(body_html__contains=_reference(image))
    )


def _working(image: Image) -> QuerySet[Article]:
    return Article.objects.filter(Q(lead_image=image) | Q(body__contains=_reference(image)))


def _waiting(image: Image) -> QuerySet[PublishedVersion]:
    """The updates that wait for their time and bring the picture."""
    queued = PublishedVersion.objects.filter(
        queued_on__isnull=False, promoted_at=None, withdrawn_at=None
    )
    in_text = Q(content__body__icontains=_reference(image))
    return queued.filter(Q(content__lead_image=image.pk) | in_text)


def _reference(image: Image) -> str:
    return f'<figure data-image="{image.pk}"'


def _stories(image: Image) -> list[Place]:
    public, working = _public(image).order_by("-pk"), _working(image)
    notes = {
        number: "On the site" if withdrawn_at is None else "Taken off the site"
        for number, withdrawn_at in public.values_list("article_id", "withdrawn_at")[:_MOST]
    }
    # Of a story that is on the site too, its own word stays.
    notes = dict.fromkeys(_in_waiting(image), "In an update that waits for its time") | notes
    titles = dict(working.order_by("-pk").values_list("pk", "headline")[:_MOST])
    gone = set(notes) - set(titles)
    titles |= dict(Article.objects.filter(pk__in=gone).values_list("pk", "headline"))
    return [
        Place(
            title=titles[number] or "Story without a headline",
            note=notes.get(number, "Not on the site"),
            model=Article,
            pk=number,
        )
        for number in sorted(titles, reverse=True)
    ]


def _in_waiting(image: Image) -> list[int]:
    return list(_waiting(image).order_by("-pk").values_list("article_id", flat=True)[:_MOST])


def _portraits(image: Image) -> list[Place]:
    authors = Author.objects.filter(portrait=image).values_list("pk", "name")
    return [
        Place(title=name, note="Portrait", model=Author, pk=number)
        for number, name in authors[:_MOST]
    ]


def _fallbacks(image: Image) -> list[Place]:
    sections = Section.objects.filter(fallback_image=image).values_list("pk", "name")
    return [
        Place(title=name, note="Fallback picture of the section", model=Section, pk=number)
        for number, name in sections[:_MOST]
    ]
