"""A story in a list: printed once for the same values and layout, and then remembered.

A card depends on nothing but what stands in the key, so nothing ever has to end it.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from articles.site.cards import Card

register = template.Library()

MOST = 512
"""Cards that one process remembers: some 2 MB."""


@register.simple_tag
def card(story: Card, **layout: Any) -> SafeString:
    """The card of ``story``, laid out as ``articles/_card.html`` says."""
    return _printed(story, **layout)


@lru_cache(MOST)
def _printed(story: Card, **layout: Any) -> SafeString:
    return SafeString(get_template("articles/_card.html").render({"card": story, **layout}))
