"""Plain pages, as About or Privacy."""

from django.contrib import admin

from articles.desk.admin.base import DeskModelAdmin
from articles.models import PlainPage


@admin.register(PlainPage)
class PlainPageAdmin(DeskModelAdmin):
    menu = (70, "Pages")
    list_display = ["title", "slug", "position", "changed_at"]
    search_fields = ["title", "slug"]
    fields = ["title", "slug", "body", "position"]
    prepopulated_fields = {"slug": ["title"]}
