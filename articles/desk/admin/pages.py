"""Plain pages, as About or Privacy."""

from django.contrib import admin

from articles.desk.admin.base import DeskForm, DeskModelAdmin
from articles.desk.body_editor import BodyEditor, BodyField
from articles.models import PlainPage


class PlainPageForm(DeskForm):
    body = BodyField(required=False, widget=BodyEditor(words_only=True))


@admin.register(PlainPage)
class PlainPageAdmin(DeskModelAdmin):
    menu = (70, "Pages")
    form = PlainPageForm
    list_display = ["title", "slug", "position", "changed_at"]
    search_fields = ["title", "slug"]
    fields = ["title", "slug", "body", "position"]
    prepopulated_fields = {"slug": ["title"]}
