"""The page to choose what stands where two people changed the same words."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from articles.desk import choices, merge_words, states
from articles.desk.ancestry import Savers
from articles.desk.merging import Merged
from articles.models import Article, Revision


def ask(
    request: HttpRequest,
    article: Article,
    kept: Revision,
    merged: Merged,
    savers: Savers,
    *,
    site: dict[str, Any],
    data: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page for the text ``kept`` and the story as it stands. ``data`` fills it again."""
    to_choose = choices.choices(merged, savers, data or {})
    return TemplateResponse(
        request,
        "desk/conflict.html",
        {
            **site,
            "title": _title(merged, savers),
            "article": article,
            "beginning": request.POST.get("beginning", ""),
            "kept": kept,
            "kept_when": states.clock(kept.created_at),
            "savers": savers,
            "taken": merge_words.taken(merged, savers),
            "choices": to_choose,
            "missing": sum(choice.is_missing for choice in to_choose),
        },
        status=status,
    )


def _title(merged: Merged, savers: Savers) -> str:
    if not merged.conflicts:
        return "Both fit together"
    who = "You changed" if savers.is_me else "You both changed"
    what = "the same words"
    if len(merged.conflicts) == 1:
        place = merged.conflicts[0].place
        if place.field == "body" and place.part != "cut":
            what = "the same paragraph"
    return f"{who} {what}{' in two windows' if savers.is_me else ''}"
