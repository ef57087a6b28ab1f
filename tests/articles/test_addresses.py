"""A section may not take an address that the site uses."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver

from articles.addresses import RESERVED, is_reserved
from articles.models import Section


def first_parts(patterns, before=""):
    """The first part of every address in the URL configuration that is a fixed word."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and "/" not in route:
            yield from first_parts(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern | URLResolver):
            yield re.split(r"[/(]", route.lstrip("^"))[0]


def test_every_first_part_of_an_address_is_reserved():
    parts = {part for part in first_parts(get_resolver().url_patterns) if part}
    fixed = {part for part in parts if "<" not in part}
    assert {"account", "admin", "search", "feeds", "media", "sitemap.xml"} <= fixed
    assert fixed <= RESERVED


@pytest.mark.parametrize("slug", ["search", "2025", "account", "feeds"])
def test_a_section_named_like_an_address_is_refused_with_a_reason(slug):
    with pytest.raises(ValidationError, match="already uses"):
        Section(name="Mine", slug=slug).clean_fields()


@pytest.mark.parametrize("slug", ["world", "20255", "searching"])
def test_other_words_are_free(slug):
    assert not is_reserved(slug)
