"""The ordered rows of a story's form."""

from typing import Any

from django import forms
from django.http import HttpRequest

from articles.desk.admin.base import OrderedRows
from articles.desk.lines import OneLineField, line
from articles.desk.row_forms import RowForm, RowFormSet
from articles.models import Byline, Source, Takeaway
from articles.models.article import TAKEAWAY_LENGTH


class StoryRows(OrderedRows):
    """Whoever may change the story may change its rows: the story's page has asked already."""

    form = RowForm
    formset = RowFormSet

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(  # type: ignore[override]  # as Django's own inlines
        self, request: HttpRequest, obj: Any
    ) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class BylineForm(RowForm):
    class Meta:
        model = Byline
        fields = ("author", "role", "position")
        help_texts = {"role": ""}
        widgets = {"role": forms.TextInput(attrs={"placeholder": "By"})}


class TakeawayForm(RowForm):
    class Meta:
        model = Takeaway
        fields = ("label", "text", "position")
        field_classes = {"label": OneLineField}
        widgets = {
            "label": line(),
            "text": forms.Textarea(attrs={"rows": 2, "data-count": TAKEAWAY_LENGTH}),
        }


class SourceForm(RowForm):
    class Meta:
        model = Source
        # The address is made by the admin, which knows that it begins with https.
        fields = ("title", "publisher", "position")
        field_classes = {"title": OneLineField}
        widgets = {"title": line()}


class BylineRows(StoryRows):
    model = Byline
    form = BylineForm
    panel = "side"
    fields = ["author", "role", "position"]
    autocomplete_fields = ["author"]


class TakeawayRows(StoryRows):
    model = Takeaway
    form = TakeawayForm
    intro = (
        f"One to seven, each up to {TAKEAWAY_LENGTH} characters. "
        "They stand after the first paragraph."
    )
    fields = ["label", "text", "position"]


class SourceRows(StoryRows):
    model = Source
    form = SourceForm
    intro = "Where readers can check what the story says."
    fields = ["title", "publisher", "url", "position"]
