"""The pages that list stories, and the plain pages."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe

from articles import addresses, body
from articles.models import Author, PlainPage, Section, Topic
from articles.site import caching, figures, head, lists, structured_data, things
from articles.site.caching import shared
from articles.site.frame import Frame, frame_of
from articles.site.keyset import BadKey, Place

# On the first page of a section: one large story and those beside it.
FEATURED = 4


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a list, and where its stories lead."""

    title: str
    path: str
    text: str = ""
    label: str = ""
    list_title: str = "All stories"
    feed: str = ""
    follow: tuple[str, int] | None = None


@shared
def latest(request: HttpRequest) -> HttpResponse:
    heading = Heading(
        "Latest stories",
        addresses.of_view("articles:latest"),
        text="Every story, newest first.",
        list_title="Newest first",
        feed=addresses.of_view("articles:feed-rss"),
    )
    return _list(request, heading, lists.latest, has_rail=False)


@shared
def section_detail(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    heading = Heading(
        section.name,
        section.get_absolute_url(),
        text=section.description,
        feed=addresses.of_slug("articles:section-feed-rss", slug),
        follow=("section", section.pk),
    )
    return _list(
        request,
        heading,
        lists.of_section(section.pk),
        extra={"current_section_id": section.pk, "no_kicker": True},
        featured=FEATURED,
    )


@shared
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    heading = Heading(
        topic.name,
        topic.get_absolute_url(),
        text=topic.description,
        label=_topic_label(topic),
        list_title="Latest on this topic",
        feed=addresses.of_slug("articles:topic-feed-rss", slug),
    )
    return _list(request, heading, lists.of_topic(topic.pk))


@shared
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's page: public from the first live story."""
    author = get_object_or_404(
        Author.objects.select_related("portrait").prefetch_related("links"), slug=slug
    )
    heading = Heading(
        author.name,
        author.get_absolute_url(),
        text=author.bio,
        label=author.role,
        list_title=f"Stories by {author.name}",
        feed=addresses.of_slug("articles:author-feed-rss", slug),
        follow=("author", author.pk),
    )
    now = timezone.now()
    person = things.person_of(author, at=now)
    portrait = figures.figure_of(person.portrait) if person.portrait else None
    links = list(author.links.all())
    about = structured_data.profile(person, [link.url for link in links], portrait)
    return _list(
        request,
        heading,
        lists.of_author(author.pk),
        extra={"person": person, "portrait": portrait, "links": links},
        scripts=(structured_data.script(about),),
        at=now,
        must_have_stories=True,
    )


@shared
def plain_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(PlainPage, slug=slug)
    frame = frame_of(request)
    html = body.sanitise(page.body)
    description = " ".join(body.plain_text(html).split())
    return render(
        request,
        "articles/plain_page.html",
        {
            "title": page.title,
            # Only what the sanitiser of stories lets through.
            "body_html": mark_safe(html),
            "head": head.of_list(
                title=page.title,
                description=description[:157] + "…" if len(description) > 160 else description,
                path=page.get_absolute_url(),
                frame=frame,
            ),
        },
    )


def _topic_label(topic: Topic) -> str:
    if not topic.ticker:
        return "Topic"
    return f"Topic · {topic.ticker}" + (f", {topic.exchange}" if topic.exchange else "")


def place_of(request: HttpRequest) -> Place:
    """Which page of a list the address asks for. A key that is not ours is an unknown page."""
    try:
        return Place.parse(
            caching.text_parameter(request, "before"), caching.text_parameter(request, "after")
        )
    except BadKey as error:
        raise Http404("No such page of the list") from error


def _list(
    request: HttpRequest,
    heading: Heading,
    read: lists.Read,
    *,
    extra: dict[str, object] | None = None,
    scripts: tuple[str, ...] = (),
    featured: int = 0,
    must_have_stories: bool = False,
    has_rail: bool = True,
    at: dt.datetime | None = None,
) -> HttpResponse:
    now, place, frame = at or timezone.now(), place_of(request), frame_of(request)
    page = read(now, place, frame)
    if must_have_stories and not page.cards:
        raise Http404("Nothing public yet")
    if place.after is not None and page.newer is None:
        # The top is reached: the first page shows it whole.
        return redirect(heading.path)
    rail = lists.beside(now, frame) if has_rail else []
    shown_large = featured if place.is_first and len(page.cards) >= featured else 0
    context = {
        "heading": heading,
        "page": page,
        "is_first_page": place.is_first,
        "feature": page.cards[:shown_large],
        "river": page.cards[shown_large:],
        "rail": rail,
        "head": _head(heading, place, page, frame, scripts),
    }
    return render(request, "articles/list.html", context | (extra or {}))


def _head(
    heading: Heading, place: Place, page: lists.ListPage, frame: Frame, scripts: tuple[str, ...]
) -> head.Head:
    way = [(frame.name, "/"), (heading.title, heading.path)]
    return head.of_list(
        title=heading.title,
        description=heading.text[:160] or f"{heading.title}: stories from {frame.name}.",
        path=f"{heading.path}{place.query}",
        frame=frame,
        feed=heading.feed,
        is_indexed=bool(page.cards),
        scripts=(*scripts, structured_data.script(structured_data.breadcrumbs(way))),
    )
