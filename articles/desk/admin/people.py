"""Authors: the people whose names stand above stories."""

from typing import Any

from django.contrib import admin
from django.db.models import Field, ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

from articles.desk.admin.base import DeskForm, DeskModelAdmin, OrderedRows
from articles.desk.picture_picker import PicturePicker
from articles.models import Author, AuthorLink


class AuthorForm(DeskForm):
    class Meta:
        model = Author
        fields = "__all__"  # the admin names them
        widgets = {"portrait": PicturePicker}


class LinkRows(OrderedRows):
    model = AuthorLink
    intro = "Where else readers find this author."
    fields = ["label", "url", "position"]


@admin.register(Author)
class AuthorAdmin(DeskModelAdmin):
    menu = (40, "Authors")
    form = AuthorForm
    list_display = ["name", "role", "slug"]
    search_fields = ["name", "slug"]
    search_help_text = "Name"
    fields = ["name", "slug", "role", "bio", "portrait", "user"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [LinkRows]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "user":
            users = db_field.remote_field.model._default_manager
            kwargs["queryset"] = users.filter(is_staff=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "bio":
            field.widget.attrs["data-count"] = db_field.max_length
        return field
