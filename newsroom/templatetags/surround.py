"""The head and foot of every page: printed once for the same values, and then remembered.

They depend on nothing but the values that stand in the key, so nothing ever has to end them.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from articles.site.frame import Frame, frame_of
from newsroom.masthead import Masthead, masthead_of

register = template.Library()

MOST = 64
"""Sections and days that one process remembers."""


@register.simple_tag(takes_context=True)
def masthead(context: template.RequestContext) -> SafeString:
    """The masthead with the menu; the section of the page is marked."""
    request = context["request"]
    return _masthead(
        frame_of(request),
        masthead_of(request),
        bool(context.get("is_front")),
        context.get("current_section_id"),
    )


@register.simple_tag(takes_context=True)
def footer(context: template.RequestContext) -> SafeString:
    request = context["request"]
    return _printed("articles/_footer.html", frame_of(request), masthead_of(request))


@lru_cache(MOST)
def _masthead(frame: Frame, head: Masthead, is_front: bool, section: int | None) -> SafeString:  # noqa: FBT001
    here = {"is_front": is_front, "current_section_id": section}
    return _print("articles/_masthead.html", frame=frame, masthead=head, **here)


@lru_cache(MOST)
def _printed(name: str, frame: Frame, head: Masthead) -> SafeString:
    return _print(name, frame=frame, masthead=head)


def _print(name: str, **values: Any) -> SafeString:
    return SafeString(get_template(name).render(values))
