"""The page that gives a picture another file."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse

from articles.desk import picture_origins, rights
from articles.desk.admin.image_forms import ACCEPTED
from articles.desk.admin.image_rights import ImageRights
from articles.models import FormerFile, Image
from articles.photos import replacing, uploads
from articles.photos.storing import NotStored
from articles.photos.uses import uses

MIDDLE = (50, 50)
"""Percent: where the focal point is until somebody moves it."""


class ReplaceForm(forms.Form):
    file = forms.FileField(
        label="New file",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=f"{uploads.TAKEN} At most 40 MB and 50 megapixels, 25 in WebP and AVIF.",
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    checked: uploads.Checked | None = None

    def clean_file(self) -> Any:
        verdict = uploads.verdict(self.cleaned_data["file"])
        if isinstance(verdict, ValidationError):
            raise verdict
        self.checked = verdict
        return verdict.file


@dataclass(frozen=True, slots=True)
class Former:
    """A file that was replaced, as the page of its picture lists it."""

    name: str
    at: dt.datetime
    by: str
    size: str
    url: str


class ImageReplace(ImageRights):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.replace_view)
        return [
            path("<int:pk>/replace/", view, name="articles_image_replace"),
            *super().get_urls(),
        ]

    def replace_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the file on GET; on POST put it in the place of the old one.

        No transaction is open while the file is looked at.
        """
        image: Image = get_object_or_404(Image, pk=pk)
        if not self.has_change_permission(request, image):
            raise PermissionDenied
        is_post = request.method == "POST"
        form = ReplaceForm(request.POST, request.FILES) if is_post else ReplaceForm()
        form.label_suffix = ""
        if is_post and form.is_valid() and form.checked and self._replaced(request, image, form):
            return self._back(image)
        return self._page(
            request,
            "desk/replace_picture.html",
            image,
            title="Replace the file",
            form=form,
            seen=image.content_hash,
            places=[(self.link_to(place), place.note) for place in uses(image)],
        )

    def _replaced(self, request: HttpRequest, image: Image, form: ReplaceForm) -> bool:
        assert form.checked is not None  # noqa: S101 - the form is valid
        seen = form.cleaned_data["seen"]
        try:
            filled = replacing.replace(image, form.checked, by=request.user, seen=seen)
        except (replacing.NotReplaced, NotStored) as refusal:
            form.add_error("file", f"{refusal} Nothing was replaced.")
            image.refresh_from_db()
            return False
        messages.success(request, "The file is replaced. Words and uses are as they were.")
        if (image.focal_x, image.focal_y) != MIDDLE:
            messages.info(request, "Crops keep the same place as before: look whether it fits.")
        self.tell_of_file(request, image, filled)
        return True

    def tell_of_file(self, request: HttpRequest, image: Image, filled: list[str]) -> None:
        """Say what was filled from the file, its double, and what of it could not be read."""
        if filled:
            names = ", ".join(
                str(getattr(self.opts.get_field(name), "verbose_name", name)) for name in filled
            )
            messages.info(request, f"Filled from the file: {names}. Look it over.")
        if parts := picture_origins.unreadable(image):
            text = (
                f"What the file says of itself cannot all be read ({parts}). The picture is whole."
            )
            messages.warning(request, text)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        image = kwargs.get("obj")
        if isinstance(image, Image):
            may_download = rights.may_see_originals(request.user)
            files = image.former_files.select_related("replaced_by")
            context |= {
                "former_files": [_former(each, may_download=may_download) for each in files],
                "may_replace": self.has_change_permission(request, image),
            }
        return super().render_change_form(request, context, *args, **kwargs)


def _former(file: FormerFile, *, may_download: bool) -> Former:
    # The moment before it went, when it was the picture's own.
    before = file.replaced_at - dt.timedelta(microseconds=1)
    url = reverse("admin:articles_image_original", args=[file.image_id])
    return Former(
        name=file.original_name or "Without a name",
        at=file.replaced_at,
        by=file.replaced_by.get_full_name() if file.replaced_by else "",
        size=f"{file.width:,} by {file.height:,} pixels, {_bytes(file)}",
        url=f"{url}?{urlencode({'at': before.isoformat()})}" if may_download else "",
    )


def _bytes(file: FormerFile) -> str:
    try:
        return filesizeformat(file.file.size)
    except FileNotFoundError:
        return "gone"
    except OSError:
        # The storage is away for a while; the picture's words can be read and saved all the same.
        return "size not known just now"
