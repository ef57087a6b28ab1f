"""The picture library as the picker asks for it, and the form field that opens it."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from js_asset import ImportMap
from js_asset.media import Media

from articles.models import Image
from articles.photos.renditions import height_at, widths_of

_PAGE = 24
_MOST_WORDS = 8
_MOST_IDS = 200
_SEARCHED = ("caption", "credit", "creator", "source", "alt_text", "original_name")
# Larger numbers are no row's and overflow a database's integer.
_GREATEST_ID = 2**63 - 1

PICKER_MODULES = {"desk/dom": "desk/dom.js", "desk/picker": "desk/picker.js"}


@never_cache
@require_safe
def picture_picker(request: HttpRequest) -> JsonResponse:
    """Answer ``?q=`` with a page of matching pictures, or ``?id=7&id=8`` with these pictures.

    ``{"results": [{id, title, credit, caption, alt, decorative, width, height, thumb}, …],
    "next": address or null}``, newest first; width and height in pixels. Answers 401 to those
    signed out and 403 to those without the right to see pictures, in JSON: a redirect would be
    no answer for a script.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": "You are signed out."}, status=401)
    if not (request.user.is_staff and request.user.has_perm("articles.view_image")):
        return JsonResponse({"error": "Your account may not see the pictures."}, status=403)
    pictures = Image.objects.order_by("-id")
    if ids := _numbers(request.GET.getlist("id")[:_MOST_IDS]):
        return JsonResponse({"results": [_card(each) for each in pictures.filter(pk__in=ids)]})
    if before := _numbers([request.GET.get("before", "")]):
        pictures = pictures.filter(pk__lt=before[0])
    page = list(_matching(pictures, request.GET.get("q", ""))[: _PAGE + 1])
    return JsonResponse(
        {
            "results": [_card(each) for each in page[:_PAGE]],
            "next": _next_address(request, page[_PAGE - 1]) if len(page) > _PAGE else None,
        }
    )


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


def _matching(pictures: QuerySet[Image], query: str) -> QuerySet[Image]:
    """Every word must be found, in whichever field."""
    for word in query.replace("\x00", "").split()[:_MOST_WORDS]:
        found = Q()
        for field in _SEARCHED:
            found |= Q((f"{field}__icontains", word))
        pictures = pictures.filter(found)
    return pictures


def _numbers(values: list[str]) -> list[int]:
    numbers = [int(each) for each in values if each.isascii() and each.isdigit() and len(each) < 20]
    return [each for each in numbers if each <= _GREATEST_ID]


def _next_address(request: HttpRequest, last: Image) -> str:
    query = request.GET.copy()
    query["before"] = str(last.pk)
    return f"{request.path}?{query.urlencode()}"


def _card(image: Image) -> dict[str, Any]:
    step = widths_of(image.width)[0]
    return {
        "id": image.pk,
        "title": str(image),
        "credit": image.credit,
        "caption": image.caption,
        "alt": image.alt_text,
        "decorative": image.is_decorative,
        "width": step,
        "height": height_at(step, image.width, image.height),
        "thumb": f"{settings.MEDIA_URL}r/{image.rendition_name}/{step}.jpg",
    }
