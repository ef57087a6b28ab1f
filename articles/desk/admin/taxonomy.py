"""Sections and topics."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.desk.admin.base import DeskForm, DeskModelAdmin
from articles.desk.picture_picker import PicturePicker
from articles.models import Section, Topic


class SectionForm(DeskForm):
    class Meta:
        model = Section
        fields = ["name", "slug", "description", "fallback_image", "needs_four_eyes", "position"]
        widgets = {"fallback_image": PicturePicker}


@admin.register(Section)
class SectionAdmin(DeskModelAdmin):
    form = SectionForm
    menu = (60, "Sections")
    list_display = ["name", "slug", "needs_four_eyes", "position"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "description", "fallback_image", "needs_four_eyes", "position"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(DeskModelAdmin):
    menu = (50, "Topics")
    list_display = ["name", "slug", "ticker", "exchange"]
    search_fields = ["name", "slug", "ticker"]
    search_help_text = "Name or ticker"
    fields = ["name", "slug", "description", ("ticker", "exchange")]
    prepopulated_fields = {"slug": ["name"]}

    def get_deleted_objects(
        self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """A topic of any story stays, drafts included: it would vanish from them unseen."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        stories = {str(story) for topic in objs for story in topic.articles.all()[:20]}
        return deleted, counts, lacking, [*protected, *sorted(f"Story: {s}" for s in stories)]
