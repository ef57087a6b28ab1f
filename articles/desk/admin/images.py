"""The picture library: what came in, whose it is, and where it is used."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from articles.desk import picture_origins
from articles.desk.admin.image_forms import ImageForm, UploadForm
from articles.desk.admin.image_list import ImageList
from articles.desk.admin.image_replace import ImageReplace
from articles.desk.admin.image_rights import without_files
from articles.desk.admin.image_together import ImageTogether
from articles.desk.admin.image_upload import ImageUpload
from articles.models import Image
from articles.photos import library, uploads
from articles.photos.doubles import doubles_of
from articles.photos.filling import FILLED
from articles.photos.renditions import picture
from articles.photos.rights import (
    has_doubtful_alt,
    lacks,
)
from articles.photos.storing import NotStored
from articles.photos.uses import uses


@admin.register(Image)
class ImageAdmin(ImageReplace, ImageUpload, ImageTogether, ImageList):
    menu = (30, "Pictures")
    # The library writes its own events: an import or a task corrects credits, too.
    audited = False
    readonly_fields = ["preview", "facts"]

    class Media:
        js = [forms.Script("desk/focal.js", defer=True)]

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        file = ["preview", ("focal_x", "focal_y"), "facts"] if obj else ["file"]
        words = [*file, "caption", "alt_text", "is_decorative"]
        rights = ["credit", "creator", "source", "copyright_notice"]
        rights += ["web_statement", "licensor_url", "data_mining"]
        licence = ["licence", "cc_licence", "licence_terms", "licence_starts", "licence_ends"]
        licence += ["on_web", "on_social", "in_mail"]
        making = ["digital_source_type", "date_created", "section"]
        return [
            (None, {"fields": words}),
            ("Rights", {"fields": rights, "classes": ["side"]}),
            ("Licence", {"fields": licence, "classes": ["side"]}),
            ("Making and filing", {"fields": making, "classes": ["side"]}),
        ]

    @admin.display(description="Picture")
    def preview(self, image: Image) -> str:
        if note := without_files(image):
            return note
        shapes = [("wide", "16:9"), ("standard", "4:3"), ("square", "1:1")]
        context = {"picture": picture(image), "alt": image.alt_text, "shapes": shapes}
        return render_to_string("desk/_preview.html", context)

    @admin.display(description="File")
    def facts(self, image: Image) -> str:
        size = f"{image.width:,} by {image.height:,} pixels"
        return ", ".join(filter(None, [image.original_name, image.get_format_display(), size]))

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        if super().has_change_permission(request, obj):
            return True
        may_own: bool = request.user.has_perm("articles.change_own_image")
        return may_own and (obj is None or obj.created_by_id == request.user.pk)

    def get_form(  # type: ignore[override]  # the stub spells out one of the keywords
        self, request: HttpRequest, obj: Image | None = None, **kwargs: Any
    ) -> Any:
        form = ImageForm if obj else UploadForm
        return super().get_form(request, obj, **{"form": form, **kwargs})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Before the admin opens its transaction: on SQLite nobody else could write while a large
        # picture is decoded.
        file: Any = request.FILES.get("file")
        if file is not None and self.has_add_permission(request):
            file.verdict = uploads.verdict(file)
        try:
            return super().add_view(request, form_url, extra_context)
        except NotStored as failure:
            messages.error(request, f"{failure} Your words are kept below: try again in a while.")
        # The form asks for the file once more, and shows all that was typed.
        request.FILES.clear()
        return super().add_view(request, form_url, extra_context)

    def save_model(
        self,
        request: HttpRequest,
        obj: Image,
        form: Any,
        change: bool,  # noqa: FBT001  # Django's signature
    ) -> None:
        if change:
            library.correct(obj, by=request.user)
            self._tell_of_others(request, form)
            return
        empty = [name for name in FILLED if not getattr(obj, name).strip()]
        library.add(obj, form.checked, by=request.user)
        self.tell_of_file(request, obj, [name for name in empty if getattr(obj, name)])
        if (same := doubles_of([obj]).get(obj.pk)) is not None:
            url = reverse("admin:articles_image_change", args=[same.pk])
            text = 'The library had this very picture already: <a href="{}">{}</a>. Both are kept.'
            messages.warning(request, format_html(text, url, same))

    def _tell_of_others(self, request: HttpRequest, form: Any) -> None:
        if names := form.meanwhile:
            labels = ", ".join(str(form.fields[name].label).lower() for name in names)
            messages.info(
                request, f"Another person changed this meanwhile, and it stays: {labels}."
            )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Image | None:
        """On the way to a save locked, so that nobody saves between its check and its end."""
        image: Image | None = super().get_object(request, object_id, from_field)
        if image and request.method == "POST" and connection.in_atomic_block:
            return Image.objects.select_for_update().filter(pk=image.pk).first()
        return image

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say by name which stories and authors a picture is in; a figure is no foreign key."""
        deleted, counts, _, _ = super().get_deleted_objects(objs, request)
        found = [use for image in objs for use in uses(image)]
        # Nothing goes with a picture, so no right on anything else is needed.
        return deleted, counts, set(), [self.link_to(use) for use in found]

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        library.take_out(obj, by=request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if isinstance(image := kwargs.get("obj"), Image):
            places = [(self.link_to(use), use.note) for use in uses(image)]
            stored = Image.objects.get(pk=image.pk)
            context |= {
                "uses": places,
                "lacks": lacks(stored),
                "is_alt_unread": has_doubtful_alt(stored),
                "file_says": picture_origins.file_says(stored),
                "unreadable": picture_origins.unreadable(stored),
            }
        return super().render_change_form(request, context, *args, **kwargs)
