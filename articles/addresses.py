"""Addresses: those that the site keeps for itself, and those of things by their slug."""

import re
from functools import lru_cache

from django.urls import reverse

# Kept complete by a test that walks the URL configuration.
RESERVED = frozenset(
    {
        "about",
        "account",
        "admin",
        "api",
        "authors",
        "billing",
        "corrections",
        "favicon.ico",
        "feeds",
        "healthz",
        "latest",
        "media",
        "metrics",
        "news-sitemap.xml",
        "preview",
        "readyz",
        "robots.txt",
        "search",
        "sitemap.xml",
        "sitemaps",
        "static",
        "topics",
    }
)
_YEAR = re.compile(r"\d{4}")


def is_reserved(slug: str) -> bool:
    """Whether ``/<slug>/`` already means something: a page of the site, or a year's stories."""
    return slug in RESERVED or _YEAR.fullmatch(slug) is not None


@lru_cache(maxsize=4096)
def of_slug(view: str, slug: str) -> str:
    """The address of a section, an author, a topic or a plain page; ``reverse`` takes ten times
    as long, and a page has dozens."""
    return reverse(view, args=[slug])


@lru_cache(maxsize=256)
def of_view(view: str) -> str:
    """The address of a page of which there is one."""
    return reverse(view)
