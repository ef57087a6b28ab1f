"""The picture library: what came in, whose it is, and where it is used."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.desk import picture_origins
from articles.desk.admin.base import DeskForm
from articles.desk.admin.image_doubles import SameFileTwice
from articles.desk.admin.image_together import ImageTogether
from articles.desk.admin.image_upload import ImageUpload
from articles.models import Image
from articles.photos import library, uploads
from articles.photos.filling import FILLED
from articles.photos.metadata.values import moment
from articles.photos.renditions import picture
from articles.photos.rights import (
    Lack,
    has_doubtful_alt,
    lacking,
    lacking_something,
    lacks,
    with_doubtful_alt,
)
from articles.photos.uses import Use, uses
from articles.photos.vocabularies import DATA_MINING, DIGITAL_SOURCE_TYPES

_ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,image/avif"
_TERMS = {"data_mining": DATA_MINING, "digital_source_type": DIGITAL_SOURCE_TYPES}
_LONG = {"rows": 3, "data-oneline": ""}


class AddressField(forms.URLField):
    """An address; without a scheme it is one of https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **kwargs})


class ImageForm(DeskForm):
    """The words of a picture, each with where it comes from. Its file stays what it was."""

    class Meta:
        model = Image
        fields = library.WORDS
        field_classes = {"web_statement": AddressField, "licensor_url": AddressField}
        widgets = {
            "caption": forms.Textarea(attrs={**_LONG, "data-count": 600}),
            "alt_text": forms.Textarea(attrs={**_LONG, "data-count": 500}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, terms in _TERMS.items():
            if name in self.fields:
                now = getattr(self.instance, name)
                # What a file named and we have no word for stays a choice.
                others = {} if not now or now in terms else {now: now}
                choices = [("", "Not known"), *(terms | others).items()]
                self.fields[name].widget = forms.Select(choices=choices)
        if self.instance.pk:
            for name, field in self.fields.items():
                if origin := picture_origins.explain(self.instance, name):
                    field.help_text = format_html("{}{}", field.help_text, origin)

    def clean_date_created(self) -> str:
        typed: str = self.cleaned_data["date_created"]
        return moment(typed) or typed

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook after all checks
        # Whoever saves the page had the alt text before their eyes.
        if "alt_text" in self.data and "alt_text" in self.fields:
            self.instance.alt_text_reviewed = True


class UploadForm(ImageForm):
    """A new picture: the words, and the file they are about."""

    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        help_text=f"{uploads.TAKEN} At most 40 MB and 50 megapixels. What you leave empty below "
        "is filled with what the file says.",
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
        super()._post_clean()
        if self.errors and self.checked:
            self.add_error("file", "Choose the file once more: browsers do not keep it.")


class Missing(admin.SimpleListFilter):
    """Pictures of which something is not said that must be."""

    title = "missing"
    parameter_name = "missing"
    names: ClassVar[dict[str, tuple[Callable[[], Q], str]]] = {
        "any": (lacking_something, "Anything"),
        "credit": (partial(lacking, Lack.CREDIT), "Without credit"),
        "licence": (partial(lacking, Lack.LICENCE), "Without licence"),
        "alt": (partial(lacking, Lack.ALT_TEXT), "Without alt text"),
        "unread": (with_doubtful_alt, "Alt text unreviewed"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label) for key, (_, label) in self.names.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.names.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen[0]())


@admin.register(Image)
class ImageAdmin(ImageUpload, ImageTogether):
    menu = (30, "Pictures")
    # The library writes its own events: an import or a task corrects credits, too.
    audited = False
    list_display = ["thumb", "words", "credited", "licensed", "described"]
    list_display_links = ["thumb"]
    list_filter = [Missing, SameFileTwice]
    actions = ["together"]
    list_per_page = 24
    search_fields = ["caption", "credit", "creator", "source", "alt_text", "original_name"]
    search_help_text = "Caption, credit or creator"
    readonly_fields = ["preview", "facts"]

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        file = ["preview", "facts"] if obj else ["file"]
        words = [*file, "caption", "alt_text", "is_decorative"]
        rights = ["credit", "creator", "source", "copyright_notice"]
        rights += ["licence", "cc_licence", "licence_terms", "licence_starts", "licence_ends"]
        rights += ["on_web", "on_social", "in_mail", "section"]
        rights += ["web_statement", "licensor_url", "data_mining"]
        making = ["digital_source_type", "date_created"]
        return [
            (None, {"fields": words}),
            ("Rights", {"fields": rights, "classes": ["side"]}),
            ("Making", {"fields": making, "classes": ["side"]}),
        ]

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
        return image.get_licence_display() or _need("No licence")

    @admin.display(description="Alt text", empty_value="")
    def described(self, image: Image) -> str:
        if Lack.ALT_TEXT in lacks(image):
            return _need("No alt text")
        return _need("Alt text unreviewed") if has_doubtful_alt(image) else ""

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
        empty = [name for name in FILLED if not getattr(obj, name).strip()]
        library.add(obj, form.checked, by=request.user)
        self._tell_of_file(request, obj, [name for name in empty if getattr(obj, name)])
        if (same := library.same_as(obj)) is not None:
            url = reverse("admin:articles_image_change", args=[same.pk])
            text = 'The library had this very picture already: <a href="{}">{}</a>. Both are kept.'
            messages.warning(request, format_html(text, url, same))

    def _tell_of_file(self, request: HttpRequest, image: Image, filled: list[str]) -> None:
        """Say what was filled from the file, and whether something in it could not be read."""
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
            stored = Image.objects.get(pk=image.pk)
            context |= {
                "uses": places,
                "lacks": lacks(stored),
                "is_alt_unread": has_doubtful_alt(stored),
                "file_says": picture_origins.file_says(stored),
                "unreadable": picture_origins.unreadable(stored),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _link(self, use: Use) -> str:
        """The name of a place, leading there where the desk has a page for it."""
        if not self.admin_site.is_registered(use.model):
            return use.title
        name = f"admin:{use.model._meta.app_label}_{use.model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[use.pk]), use.title)


def _need(text: str) -> SafeString:
    return format_html('<span class="need">{}</span>', text)
