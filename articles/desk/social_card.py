"""How a story looks where it is shared and found: from the very tags its page will carry."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.photos.credits import Credit
from articles.site.head import TITLE_LENGTH, Head
from articles.site.presenters import DESCRIPTION_LENGTH, ArticlePage

WORD = "card"
CHOICE = (WORD, "Social card")

# What networks show large: this wide (pixels), and in this shape.
LEAST_WIDTH = 1200
SHAPE = 1.91
SHORTEST_DESCRIPTION = 50
# Of a picture's height; less than this is no longer the picture that was chosen.
_LEAST_SHOWN = 0.6


@dataclass(frozen=True, slots=True)
class SocialCard:
    """What others print of a story, and what is worth a look before it goes out.

    ``image`` is a path on this site, "" without a picture; its ``credit`` is for us alone.
    ``found_title`` is what search engines show. ``doubts`` are whole sentences.
    """

    title: str
    description: str
    site: str
    host: str
    way: str
    image: str
    image_alt: str
    credit: Credit | None
    is_large: bool
    found_title: str
    doubts: tuple[str, ...]


def card_of(page: ArticlePage, tags: Head) -> SocialCard:
    """The card of a page from the tags in its head."""
    named, twitter = dict(tags.tags), dict(tags.twitter)
    address = urlsplit(named["og:url"])
    return SocialCard(
        title=named["og:title"],
        description=named["og:description"],
        site=named["og:site_name"],
        host=address.netloc,
        way=" › ".join(part for part in address.path.split("/") if part),
        image=urlsplit(named.get("og:image", "")).path,
        image_alt=named.get("og:image:alt", ""),
        credit=page.social.credit if page.social else None,
        is_large=twitter["twitter:card"] == "summary_large_image",
        found_title=tags.title,
        doubts=tuple(_doubts(page, named)),
    )


def _doubts(page: ArticlePage, named: dict[str, str]) -> Iterator[str]:
    if len(named["og:title"]) > TITLE_LENGTH:
        yield (
            f"The headline has {len(named['og:title'])} letters; search engines and networks cut "
            f"it after about {TITLE_LENGTH}. Give the story a short headline."
        )
    yield from _about_description(page, named["og:description"])
    yield from _about_picture(page, named)


def _about_description(page: ArticlePage, description: str) -> Iterator[str]:
    if not page.standfirst:
        yield "There is no standfirst: the beginning of the text stands in its place."
    elif len(page.standfirst) > DESCRIPTION_LENGTH:
        yield (
            f"The standfirst has {len(page.standfirst)} letters; it is cut after "
            f"{DESCRIPTION_LENGTH}."
        )
    if len(description) < SHORTEST_DESCRIPTION:
        yield "The description is very short: search engines may take other words from the page."


def _about_picture(page: ArticlePage, named: dict[str, str]) -> Iterator[str]:
    if page.social is None and page.lead:
        yield "The lead picture may not be used on social cards: the card is small and has none."
        return
    if page.social is None:
        yield "There is no lead picture: the card is small and has no picture."
        return
    width, whole = int(named["og:image:width"]), page.social.image
    if width < LEAST_WIDTH:
        yield (
            f"The lead picture is {width} pixels wide; networks want {LEAST_WIDTH} to show it "
            "large and sharp."
        )
    shown = whole.width / SHAPE / whole.height
    if shown < _LEAST_SHOWN:
        yield (
            f"The lead picture is high: the card shows only {shown:.0%} of it, around the place "
            "that its crops keep."
        )
    if not named.get("og:image:alt"):
        yield "The lead picture has no alt text, so the card has none."
