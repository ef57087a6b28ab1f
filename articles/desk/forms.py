"""The form of a story: what may be typed, and how it is shown while one types."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.desk import rules
from articles.desk.admin.base import DeskForm
from articles.desk.body_editor import BodyField
from articles.desk.picture_picker import PicturePicker
from articles.models import Article
from articles.models.article import SHORT_HEADLINE_LENGTH

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _line(css_class: str = "", *, count: int | None = None, rows: int = 1) -> forms.Textarea:
    """A box that grows with its words, in which Enter does nothing."""
    attrs: dict[str, Any] = {"rows": rows, "data-oneline": ""}
    if css_class:
        attrs["class"] = css_class
    if count:
        attrs["data-count"] = count
    return forms.Textarea(attrs)


class ArticleForm(DeskForm):
    """A story as the desk writes it. Unfinished ones may be saved; publishing asks for more."""

    class Meta:
        model = Article
        fields = "__all__"  # the admin's fieldsets name them
        field_classes = {"body": BodyField}
        widgets = {
            "headline": _line("write-headline", count=rules.LONG_HEADLINE),
            "standfirst": _line("write-standfirst", count=400, rows=2),
            "short_headline": _line(count=SHORT_HEADLINE_LENGTH),
            "lead_image": PicturePicker,
            "lead_caption": _line(count=600, rows=2),
            "lead_alt": _line(count=500, rows=2),
            "internal_note": forms.Textarea(attrs={"rows": 2}),
        }

    def clean_headline(self) -> str:
        return _one_line(self.cleaned_data["headline"])

    def clean_standfirst(self) -> str:
        return _one_line(self.cleaned_data["standfirst"])

    def clean_short_headline(self) -> str:
        return _one_line(self.cleaned_data["short_headline"])

    def clean_lead_caption(self) -> str:
        return _one_line(self.cleaned_data["lead_caption"])

    def clean_lead_alt(self) -> str:
        return _one_line(self.cleaned_data["lead_alt"])

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if not _LANGUAGE_TAG.fullmatch(language):
            raise ValidationError("Write the language as a tag, as en or de-CH.")
        return language


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
