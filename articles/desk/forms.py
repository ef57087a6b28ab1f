"""The form of a story: what may be typed, and how it is shown while one types."""

import re

from django import forms
from django.core.exceptions import ValidationError

from articles.desk import rules
from articles.desk.admin.base import DeskForm
from articles.desk.body_editor import BodyField
from articles.desk.lines import OneLineField, line
from articles.desk.picture_picker import PicturePicker
from articles.models import Article
from articles.models.article import SHORT_HEADLINE_LENGTH

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LINES = {
    "headline": line("write-headline", count=rules.LONG_HEADLINE),
    "standfirst": line("write-standfirst", count=400, rows=2),
    "short_headline": line(count=SHORT_HEADLINE_LENGTH),
    "lead_caption": line(count=600, rows=2),
    "lead_alt": line(count=500, rows=2),
}


class ArticleForm(DeskForm):
    """A story as the desk writes it. Unfinished ones may be saved; publishing asks for more."""

    class Meta:
        model = Article
        fields = "__all__"  # the admin's fieldsets name them
        field_classes = {"body": BodyField, **dict.fromkeys(_LINES, OneLineField)}
        widgets = {
            "lead_image": PicturePicker,
            "internal_note": forms.Textarea(attrs={"rows": 2}),
            **_LINES,
        }

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if not _LANGUAGE_TAG.fullmatch(language):
            raise ValidationError("Write the language as a tag, as en or de-CH.")
        return language
