"""Structured data (schema.org, JSON-LD) for pages, from the finished page objects.

It is made of what the page prints and nothing else, so it holds no withheld text.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from articles import addresses
from articles.models.article import Kind
from articles.photos.crops import Crop
from articles.photos.licences import deed_of
from articles.photos.renditions import picture
from articles.site.figures import Figure
from articles.site.frame import Frame
from articles.site.head import absolute
from articles.site.notes import Note
from articles.site.presenters import ArticlePage
from articles.site.things import Person

HEADLINE_LENGTH = 110
_TYPES = {
    Kind.NEWS: "NewsArticle",
    Kind.ANALYSIS: "AnalysisNewsArticle",
    Kind.OPINION: "OpinionNewsArticle",
    Kind.EXPLAINER: "BackgroundNewsArticle",
}
# Plain pages that tell how the newsroom works, by their address, and the property they answer.
_POLICIES = {
    "standards": "publishingPrinciples",
    "ethics": "ethicsPolicy",
    "corrections-policy": "correctionsPolicy",
}
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

# What search engines ask for.
_CROPS = (Crop.WIDE, Crop.STANDARD, Crop.SQUARE)

Data = dict[str, Any]


def script(data: Data) -> SafeString:
    """JSON for a script element: nothing in it can end the element or begin another."""
    whole = {"@context": "https://schema.org"} | data
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))


def article(page: ArticlePage, frame: Frame) -> Data:
    """The story as NewsArticle or a subtype, with all pictures that its page shows large."""
    data: Data = {
        "@type": _TYPES.get(Kind(page.kind), "NewsArticle"),
        "headline": _headline(page),
        "description": page.description,
        "datePublished": page.published.iso,
        "dateModified": page.modified.iso,
        "author": [_author(entry.name, entry.url) for entry in page.byline],
        "publisher": organisation(frame),
        "mainEntityOfPage": absolute(page.path),
        "url": absolute(page.path),
        "articleSection": page.section.name,
        "inLanguage": page.language,
        "isAccessibleForFree": page.is_free,
    }
    if page.pictures:
        data["image"] = [
            image(figure, crop=crop)
            for figure in page.pictures
            for crop in (_CROPS if figure is page.lead else (Crop.WHOLE,))
        ]
    if page.topics:
        data["keywords"] = [topic.name for topic in page.topics]
    if page.notes:
        data["correction"] = [correction(note) for note in page.notes]
    if not page.is_free:
        data["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".premium-body",
        }
    return data


def correction(note: Note) -> Data:
    """A public note, from those that the page prints."""
    return {"@type": "CorrectionComment", "text": note.text, "datePublished": note.moment.iso}


def image(figure: Figure, *, crop: Crop = Crop.WHOLE) -> Data:
    """A picture with its maker and rights, as search engines show them."""
    row = figure.image
    shown = picture(row, crop=crop)
    data: Data = {
        "@type": "ImageObject",
        "contentUrl": absolute(shown.largest_url),
        "url": absolute(shown.largest_url),
        "width": shown.width,
        "height": shown.height,
        "creditText": figure.credit.by,
    }
    if figure.caption:
        data["caption"] = figure.caption
    if row.creator:
        data["creator"] = {"@type": "Person", "name": row.creator}
    if row.copyright_notice:
        data["copyrightNotice"] = row.copyright_notice
    if licence := row.web_statement or deed_of(row.cc_licence):
        data["license"] = licence
    if row.licensor_url:
        data["acquireLicensePage"] = row.licensor_url
    if row.digital_source_type:
        data["digitalSourceType"] = row.digital_source_type
    return data


def organisation(frame: Frame) -> Data:
    """The publication itself."""
    data: Data = {
        "@type": "NewsMediaOrganization",
        "name": frame.name,
        "url": absolute("/"),
        "logo": {"@type": "ImageObject", "url": absolute(static("img/mark.svg"))},
        "correctionsPolicy": absolute(addresses.of_view("articles:corrections")),
    }
    for page in frame.pages:
        if page.slug in _POLICIES:
            data[_POLICIES[page.slug]] = absolute(page.url)
    return data


def website(frame: Frame) -> Data:
    return {
        "@type": "WebSite",
        "name": frame.name,
        "url": absolute("/"),
        "inLanguage": frame.language,
        "publisher": organisation(frame),
    }


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> Data:
    """The way to a page, as pairs of name and path, the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def profile(person: Person, links: Iterable[str], portrait: Figure | None) -> Data:
    """An author's page with the portrait that it shows."""
    about: Data = {"@type": "Person", "name": person.name, "url": absolute(person.url)}
    if person.role:
        about["jobTitle"] = person.role
    if person.bio:
        about["description"] = person.bio
    if portrait:
        about["image"] = image(portrait, crop=Crop.SQUARE)
    if same := list(links):
        about["sameAs"] = same
    return {"@type": "ProfilePage", "mainEntity": about}


def _author(name: str, path: str) -> Data:
    person: Data = {"@type": "Person", "name": name}
    return person | {"url": absolute(path)} if path else person


def _headline(page: ArticlePage) -> str:
    if len(page.headline) <= HEADLINE_LENGTH:
        return page.headline
    return page.short_headline[:HEADLINE_LENGTH]
