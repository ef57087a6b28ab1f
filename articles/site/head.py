"""What stands in the head of a page for search engines and for those who share it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.conf import settings

from articles import addresses
from articles.site.frame import Frame
from articles.site.presenters import ArticlePage

TITLE_LENGTH = 70
OPEN = "max-image-preview:large, max-snippet:-1, max-video-preview:-1"


@dataclass(frozen=True, slots=True)
class Head:
    """Title, description, canonical address and social tags of one page.

    ``tags`` are pairs for ``<meta property>``, ``twitter`` for ``<meta name>``.
    """

    title: str
    description: str
    canonical: str
    robots: str = OPEN
    tags: tuple[tuple[str, str], ...] = ()
    twitter: tuple[tuple[str, str], ...] = ()
    feed: str = ""
    feed_title: str = ""
    scripts: tuple[str, ...] = field(default=(), repr=False)


def absolute(path: str) -> str:
    """A path of this site as a whole address."""
    return f"{settings.SITE_URL}{path}"


def titled(text: str, frame: Frame) -> str:
    """A page's title with the publication's name, cut between words if it is long."""
    if len(text) > TITLE_LENGTH:
        text = f"{text[: TITLE_LENGTH - 1].rsplit(' ', 1)[0]}…"
    return f"{text} | {frame.name}"


def of_list(
    *,
    title: str,
    description: str,
    path: str,
    frame: Frame,
    feed: str = "",
    is_indexed: bool = True,
    scripts: tuple[str, ...] = (),
) -> Head:
    """The head of a list of stories or a plain page at ``path`` (with its query, if any)."""
    canonical = absolute(path)
    return Head(
        title=titled(title, frame),
        description=description,
        canonical=canonical,
        robots=OPEN if is_indexed else "noindex",
        tags=(
            ("og:type", "website"),
            ("og:title", title),
            ("og:url", canonical),
            ("og:site_name", frame.name),
            ("og:locale", frame.locale),
            *((("og:description", description),) if description else ()),
        ),
        twitter=(("twitter:card", "summary"),),
        feed=feed,
        feed_title=f"{frame.name}: {title}",
        scripts=scripts,
    )


def of_front(frame: Frame, *, feed: str, scripts: tuple[str, ...]) -> Head:
    """The head of the front page, whose title is the publication's name alone."""
    description = f"The latest news from {frame.name}: the day's lead story and every section."
    page = of_list(
        title=frame.name,
        description=description,
        path="/",
        frame=frame,
        feed=feed,
        scripts=scripts,
    )
    return replace(page, title=frame.name, feed_title=frame.name)


def of_article(page: ArticlePage, frame: Frame, scripts: tuple[str, ...]) -> Head:
    return Head(
        title=titled(page.short_headline, frame),
        description=page.description,
        canonical=absolute(page.path),
        robots=OPEN if page.is_free else f"{OPEN}, noarchive",
        tags=tuple(_article_tags(page, frame)),
        twitter=tuple(_twitter(page)),
        feed=addresses.of_view("articles:feed-rss"),
        feed_title=frame.name,
        scripts=scripts,
    )


def _article_tags(page: ArticlePage, frame: Frame) -> Iterator[tuple[str, str]]:
    yield "og:type", "article"
    yield "og:title", page.short_headline
    yield "og:description", page.description
    yield "og:url", absolute(page.path)
    yield "og:site_name", frame.name
    yield "og:locale", page.language.replace("-", "_")
    if page.social:
        yield "og:image", absolute(page.social.picture.largest_url)
        yield "og:image:width", str(page.social.picture.width)
        yield "og:image:height", str(page.social.picture.height)
        yield "og:image:alt", page.social.alt
    yield "article:published_time", page.published.iso
    if page.modified != page.published:
        yield "article:modified_time", page.modified.iso
    for person in page.authors:
        yield "article:author", absolute(person.url)
    yield "article:section", page.section.name
    for topic in page.topics:
        yield "article:tag", topic.name


def _twitter(page: ArticlePage) -> Iterator[tuple[str, str]]:
    yield "twitter:card", "summary_large_image" if page.social else "summary"
    if page.social:
        yield "twitter:image", absolute(page.social.picture.largest_url)
        if page.social.alt:
            yield "twitter:image:alt", page.social.alt
