"""The picture library as the picker asks for it, and the form field that opens it."""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from js_asset import ImportMap
from js_asset.media import Media

from articles.desk.picture_cards import card
from articles.desk.picture_modules import UPLOADING_MODULES
from articles.models import Image, Publication
from articles.photos.search_words import matching

_PAGE = 24
_MOST_IDS = 200
# Larger numbers are no row's and overflow a database's integer.
_GREATEST_ID = 2**63 - 1

PICKER_MODULES = {**UPLOADING_MODULES, "desk/picker": "desk/picker.js"}


@never_cache
@require_safe
def picture_picker(request: HttpRequest) -> JsonResponse:
    """Answer ``?q=`` with a page of matching pictures, or ``?id=7&id=8`` with these pictures.

    ``{"results": [card, …], "next": address or null, "upload": address or null}``, newest first;
    for a card see ``picture_cards``. ``?mine=1`` leaves those this person brought; ``upload`` is
    where they may add a picture, and ``who`` where a new token is given. Answers 401 to those
    signed out and 403 to those without the right to see pictures, in JSON: a redirect would be
    no answer for a script.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": "You are signed out."}, status=401)
    if not (request.user.is_staff and request.user.has_perm("articles.view_image")):
        return JsonResponse({"error": "Your account may not see the pictures."}, status=403)
    zone = (Publication.objects.first() or Publication()).zone_info
    with timezone.override(zone):
        return JsonResponse(_answer(request))


def _answer(request: HttpRequest) -> dict[str, Any]:
    pictures, now = Image.objects.order_by("-id"), timezone.now()
    if request.GET.get("mine"):
        pictures = pictures.filter(created_by_id=request.user.pk)
    if ids := numbers(request.GET.getlist("id")[:_MOST_IDS]):
        return {"results": [card(each, at=now) for each in pictures.filter(pk__in=ids)]}
    if before := numbers([request.GET.get("before", "")]):
        pictures = pictures.filter(pk__lt=before[0])
    page = list(matching(pictures, request.GET.get("q", ""))[: _PAGE + 1])
    return {
        "results": [card(each, at=now) for each in page[:_PAGE]],
        "next": _next_address(request, page[_PAGE - 1]) if len(page) > _PAGE else None,
        "upload": _upload_address(request),
        "who": reverse("admin:articles_article_who"),
    }


class PicturePicker(forms.TextInput):
    """The number of a picture; ``static/desk/picker.js`` makes it a choice by sight."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", **(attrs or {})})

    @property
    def media(self) -> Media:
        """The module, its import map and its styles."""
        return Media(  # type: ignore[no-untyped-call]
            importmap=ImportMap(PICKER_MODULES),  # type: ignore[no-untyped-call]
            css={"all": ["desk/picker.css"]},
            js=[Script("desk/picker.js", type="module")],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tell the script where the picture library answers."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-picture-picker"] = library_address()
        return context


def library_address() -> str:
    """Where :func:`picture_picker` answers."""
    return reverse("admin:articles_image_picker")


def _upload_address(request: HttpRequest) -> str | None:
    may_add = request.user.has_perm("articles.add_image")
    return reverse("admin:articles_image_add_one") if may_add else None


def numbers(values: list[str]) -> list[int]:
    """The numbers of rows among ``values``; whatever else was sent is left out."""
    found = [int(each) for each in values if each.isascii() and each.isdigit() and len(each) < 20]
    return [each for each in found if each <= _GREATEST_ID]


def _next_address(request: HttpRequest, last: Image) -> str:
    query = request.GET.copy()
    query["before"] = str(last.pk)
    return f"{request.path}?{query.urlencode()}"
