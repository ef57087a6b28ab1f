"""The picture library: what came in, whose it is, and where it is used."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.desk.admin.base import DeskForm, DeskModelAdmin
from articles.models import Image
from articles.photos import library, uploads
from articles.photos.renditions import picture
from articles.photos.rights import Lack, lacking, lacking_something, lacks
from articles.photos.uses import Use, uses

_ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,image/avif"
_LONG = {"rows": 3, "data-oneline": ""}


class ImageForm(DeskForm):
    """The words of a picture. Its file stays what it was."""

    class Meta:
        model = Image
        fields = library.WORDS
        widgets = {
            "caption": forms.Textarea(attrs={**_LONG, "data-count": 600}),
            "alt_text": forms.Textarea(attrs={**_LONG, "data-count": 500}),
        }


class UploadForm(ImageForm):
    """A new picture: the words, and the file they are about."""

    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        help_text=f"{uploads.TAKEN} At most 40 MB and 50 megapixels.",
    )
    checked: uploads.Checked | None = None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        verdict = file.verdict if hasattr(file, "verdict") else uploads.verdict(file)
        if isinstance(verdict, ValidationError):
            raise verdict
        self.checked = verdict
        return file

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook after all checks
        if self.errors and self.checked:
            self.add_error("file", "Choose the file once more: browsers do not keep it.")


class Missing(admin.SimpleListFilter):
    """Pictures of which something is not said that must be."""

    title = "missing"
    parameter_name = "missing"
    names: ClassVar = {
        "any": (None, "Anything"),
        "credit": (Lack.CREDIT, "Without credit"),
        "licence": (Lack.LICENCE, "Without licence"),
        "alt": (Lack.ALT_TEXT, "Without alt text"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label) for key, (_, label) in self.names.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.names.get(self.value() or "")
        if chosen is None:
            return queryset
        return queryset.filter(lacking(chosen[0]) if chosen[0] else lacking_something())


@admin.register(Image)
class ImageAdmin(DeskModelAdmin):
    menu = (30, "Pictures")
    # The library writes its own events: an import or a task corrects credits, too.
    audited = False
    list_display = ["thumb", "words", "credited", "licensed", "described"]
    list_display_links = ["thumb"]
    list_filter = [Missing]
    list_per_page = 24
    search_fields = ["caption", "credit", "creator", "source", "alt_text", "original_name"]
    search_help_text = "Caption, credit or creator"
    readonly_fields = ["preview", "facts"]

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        file = ["preview", "facts"] if obj else ["file"]
        words = [*file, "caption", "alt_text", "is_decorative"]
        rights = ["credit", "creator", "source", "copyright_notice", "licence"]
        return [(None, {"fields": words}), ("Rights", {"fields": rights, "classes": ["side"]})]

    @admin.display(description="Picture")
    def thumb(self, image: Image) -> SafeString:
        shown = picture(image)
        first = shown.jpeg_srcset.split()[0]
        return format_html(
            '<img class="thumb" src="{}" width="{}" height="{}" loading="lazy" alt="{}">',
            first,
            shown.width,
            shown.height,
            f"Open: {image}",
        )

    @admin.display(description="Caption", ordering="caption")
    def words(self, image: Image) -> str:
        return str(image)

    @admin.display(description="Credit", ordering="credit")
    def credited(self, image: Image) -> str:
        return image.credit or _need("No credit")

    @admin.display(description="Licence", ordering="licence")
    def licensed(self, image: Image) -> str:
        return image.licence or _need("No licence")

    @admin.display(description="Alt text", empty_value="")
    def described(self, image: Image) -> str:
        return _need("No alt text") if Lack.ALT_TEXT in lacks(image) else ""

    @admin.display(description="Picture")
    def preview(self, image: Image) -> str:
        context = {"picture": picture(image), "alt": image.alt_text}
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
            return
        library.add(obj, form.checked, by=request.user)
        if (same := library.same_as(obj)) is not None:
            url = reverse("admin:articles_image_change", args=[same.pk])
            text = 'The library had this very picture already: <a href="{}">{}</a>. Both are kept.'
            messages.warning(request, format_html(text, url, same))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say by name which stories and authors a picture is in; a figure is no foreign key."""
        deleted, counts, _, _ = super().get_deleted_objects(objs, request)
        found = [use for image in objs for use in uses(image)]
        # Nothing goes with a picture, so no right on anything else is needed.
        return deleted, counts, set(), [self._link(use) for use in found]

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        library.take_out(obj, by=request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if isinstance(image := kwargs.get("obj"), Image):
            places = [(self._link(use), use.note) for use in uses(image)]
            context |= {"uses": places, "lacks": lacks(Image.objects.get(pk=image.pk))}
        return super().render_change_form(request, context, *args, **kwargs)

    def _link(self, use: Use) -> str:
        """The name of a place, leading there where the desk has a page for it."""
        if not self.admin_site.is_registered(use.model):
            return use.title
        name = f"admin:{use.model._meta.app_label}_{use.model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[use.pk]), use.title)


def _need(text: str) -> SafeString:
    return format_html('<span class="need">{}</span>', text)
