"""Where a picture is used: in stories, on the site or at the desk, and as a portrait."""

from dataclasses import dataclass

from django.db.models import ProtectedError, Q

from articles.models import Article, Author, Image, PublishedArticle

# Enough for a person to read.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Use:
    """One place: what it is called, a word on it, and the row of ``model`` that holds it."""

    title: str
    note: str
    model: type[Article] | type[Author]
    pk: int


class InUse(ProtectedError):
    """The picture is in use and stays. ``uses`` says where."""

    def __init__(self, uses: list[Use]) -> None:
        super().__init__("; ".join(use.title for use in uses), set())
        self.uses = uses


def uses(image: Image) -> list[Use]:
    """Return where ``image`` is used, newest stories first; at most some fifty of a kind.

    A figure is a reference in the text, which no foreign key protects: hence the search.
    """
    return [*_stories(image), *_portraits(image)]


def _stories(image: Image) -> list[Use]:
    reference = f'<figure data-image="{image.pk}"'
    public = PublishedArticle.objects.filter(
        Q(lead_image=image) | Q(body_html__contains=reference)
    ).order_by("-pk")
    working = Article.objects.filter(Q(lead_image=image) | Q(body__contains=reference))
    notes = {
        number: "On the site" if withdrawn_at is None else "Taken off the site"
        for number, withdrawn_at in public.values_list("article_id", "withdrawn_at")[:_MOST]
    }
    titles = dict(working.order_by("-pk").values_list("pk", "headline")[:_MOST])
    gone = set(notes) - set(titles)
    titles |= dict(Article.objects.filter(pk__in=gone).values_list("pk", "headline"))
    return [
        Use(
            title=titles[number] or "Story without a headline",
            note=notes.get(number, "Not on the site"),
            model=Article,
            pk=number,
        )
        for number in sorted(titles, reverse=True)
    ]


def _portraits(image: Image) -> list[Use]:
    authors = Author.objects.filter(portrait=image).values_list("pk", "name")
    return [
        Use(title=name, note="Portrait", model=Author, pk=number)
        for number, name in authors[:_MOST]
    ]
