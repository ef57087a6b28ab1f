"""Many pictures at once: one request a file where there is a script, one for all without."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import get_text_list

from articles.desk import picture_modules, picture_origins
from articles.desk.admin.base import DeskModelAdmin
from articles.desk.admin.script_answers import asks_for_json, for_both, for_scripts, refuse
from articles.desk.picture_cards import card
from articles.desk.picture_picker import numbers
from articles.models import Image
from articles.photos import library, uploads
from articles.photos.doubles import doubles_of
from articles.photos.filling import FILLED
from articles.photos.limits import MAX_BYTES
from articles.photos.storing import NotStored
from articles.photos.uses import InUse

# Of one form without a script: each is decoded while its sender waits.
MOST_IN_ONE_FORM = 20
_MOST_SHOWN = 100
# What stands around a file in a request.
_AROUND = 64 * 1024
_TOO_LARGE = f"The file is larger than {MAX_BYTES // 1024**2} MB. Save it smaller and try again."


class ImageUpload(DeskModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        one = for_scripts(
            self.admin_site,
            method="POST",
            most_bytes=MAX_BYTES + _AROUND,
            too_long=_TOO_LARGE,
            thing="picture",
        )
        both = for_both(self.admin_site, thing="picture")
        own = [
            ("add-many/", self.admin_site.admin_view(self.add_many_view), "add_many"),
            ("add-one/", one(self.add_one_view), "add_one"),
            ("<int:pk>/take-back/", both(self.take_back_view), "take_back"),
        ]
        return [
            *(path(route, view, name=f"articles_image_{name}") for route, view, name in own),
            *super().get_urls(),
        ]

    def add_many_view(self, request: HttpRequest) -> HttpResponse:
        """The page to choose files; ``?id=7&id=8`` shows what has come in. On POST take them in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._take_many(request)
        ids = list(dict.fromkeys(numbers(request.GET.getlist("id")[:_MOST_SHOWN])))
        found = Image.objects.in_bulk(ids)
        arrived = [found[pk] for pk in ids if pk in found]
        doubles = doubles_of(arrived)
        context = {
            **self.admin_site.each_context(request),
            "title": "Add pictures",
            "opts": self.opts,
            "media": picture_modules.media("desk/many_pictures", request),
            "accepted": uploads.TAKEN,
            "most_bytes": MAX_BYTES,
            "most_files": MOST_IN_ONE_FORM,
            "arrived": [self._told(request, image, doubles) for image in arrived],
            "together": _together(arrived),
        }
        return TemplateResponse(request, "desk/add_many.html", context)

    def add_one_view(self, request: HttpRequest) -> HttpResponse:
        """Take in one file for a script: 201 with its card, 422 with the reason against it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        file = request.FILES.get("file")
        if file is None:
            return refuse(422, "No file came with this. Choose it once more.")
        try:
            image = _take_in(file, by=request.user)
        except ValidationError as bad:
            return refuse(422, " ".join(bad.messages))
        except NotStored as failure:
            return refuse(503, f"{failure} Try again in a while.")
        return JsonResponse(self._told(request, image, doubles_of([image])), status=201)

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a picture out again that the library had already."""
        image = get_object_or_404(Image, pk=pk)
        if not self._may_take_back(request, image, doubles_of([image])):
            raise PermissionDenied
        name = str(image)
        try:
            library.take_out(image, by=request.user)
        except InUse as used:
            places = get_text_list([use.title for use in used.uses], "and")
            said = f"“{name}” is in use and stays: {places}."
            if asks_for_json(request):
                return refuse(409, said)
            messages.error(request, said)
            return _back_to(request.GET.getlist("id"))
        if asks_for_json(request):
            return JsonResponse({"said": "Taken out again."})
        messages.success(request, f"“{name}” was taken out again. The other one stays.")
        return _back_to(each for each in request.GET.getlist("id") if each != str(pk))

    def _take_many(self, request: HttpRequest) -> HttpResponse:
        files = request.FILES.getlist("files")
        if not files:
            messages.error(request, "Choose one picture or more.")
        taken = []
        for file in files[:MOST_IN_ONE_FORM]:
            try:
                taken.append(_take_in(file, by=request.user))
            except ValidationError as bad:
                messages.error(request, f"“{file.name}” was not added. {' '.join(bad.messages)}")
            except NotStored as failure:
                messages.error(request, f"“{file.name}” was not added. {failure}")
        for file in files[MOST_IN_ONE_FORM:]:
            said = f"“{file.name}” was not added: {MOST_IN_ONE_FORM} come in at once."
            messages.error(request, f"{said} Choose it again.")
        if taken:
            n = len(taken)
            messages.success(request, f"{n} picture{'' if n == 1 else 's'} added.")
        return _back_to(str(image.pk) for image in taken)

    def _told(
        self, request: HttpRequest, image: Image, doubles: dict[int, Image]
    ) -> dict[str, Any]:
        """The card of a picture that came in, with what its file filled and whether we had it."""
        same = doubles.get(image.pk)
        said = image.file_metadata
        filled = [name for name in FILLED if FILLED[name] in said and getattr(image, name).strip()]
        labels = [str(getattr(self.opts.get_field(name), "verbose_name", name)) for name in filled]
        may_take_back = self._may_take_back(request, image, doubles)
        return {
            **card(image, at=timezone.now()),
            "filled": labels,
            "unreadable": picture_origins.unreadable(image),
            "same_as": None if same is None else card(same, at=timezone.now()),
            "take_back": reverse("admin:articles_image_take_back", args=[image.pk])
            if may_take_back
            else None,
        }

    def _may_take_back(self, request: HttpRequest, image: Image, doubles: dict[int, Image]) -> bool:
        """Whoever may delete it; and whoever brought it, while the library has it twice."""
        is_mine = image.created_by_id == request.user.pk
        return self.has_delete_permission(request, image) or (is_mine and image.pk in doubles)


def _take_in(file: File[Any], *, by: Any) -> Image:
    """Raises ``ValidationError``. No transaction is open while the file is decoded: on SQLite
    nobody else could write meanwhile.
    """
    return library.add(Image(), uploads.check(file), by=by)


def _together(images: Iterable[Image]) -> str:
    query = urlencode([("id", image.pk) for image in images])
    return f"{reverse('admin:articles_image_together')}?{query}"


def _back_to(ids: Iterable[str]) -> HttpResponseRedirect:
    query = urlencode([("id", each) for each in ids])
    address = reverse("admin:articles_image_add_many")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
