"""The first parts of addresses that the site keeps for itself."""

import re

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
