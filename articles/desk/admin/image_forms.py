"""The forms of one picture: its words, and those of a new one with its file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html

from articles.desk import meanwhile, picture_origins
from articles.desk.admin.base import DeskForm
from articles.desk.newsroom_time import zone_in_words
from articles.desk.stated_checkbox import StatedCheckbox, keep_unasked
from articles.models import Image, Publication
from articles.photos import library, uploads
from articles.photos.metadata.values import moment
from articles.photos.vocabularies import DATA_MINING, DIGITAL_SOURCE_TYPES

ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,image/avif"
_TERMS = {"data_mining": DATA_MINING, "digital_source_type": DIGITAL_SOURCE_TYPES}
_USES = ("on_web", "on_social", "in_mail")
_BOUNDS = ("licence_starts", "licence_ends")
_FOCUS = ("focal_x", "focal_y")
_WHOLE = 100
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
        labels = {"cc_licence": "Which Creative Commons"}
        help_texts = {"cc_licence": "With its version; only for the licence Creative Commons."}
        field_classes = {"web_statement": AddressField, "licensor_url": AddressField}
        widgets = {
            "caption": forms.Textarea(attrs={**_LONG, "data-count": 600}),
            **dict.fromkeys(_USES, StatedCheckbox),
            "alt_text": forms.Textarea(attrs={**_LONG, "data-count": 500}),
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 100, "data-focal": "x"}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 100, "data-focal": "y"}),
        }

    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, terms in _TERMS.items():
            if name in self.fields:
                now = getattr(self.instance, name)
                # What a file named and we have no word for stays a choice.
                others = {} if not now or now in terms else {now: now}
                choices = [("", "Not known"), *(terms | others).items()]
                self.fields[name].widget = forms.Select(choices=choices)
        for name in set(_FOCUS).intersection(self.fields):
            self.fields[name].required = False
        self._name_zone()
        self.meanwhile: list[str] = []
        if self.instance.pk:
            self.initial["began"] = meanwhile.beginning(self)
            for name, field in self.fields.items():
                if origin := picture_origins.explain(self.instance, name):
                    field.help_text = format_html("{}{}", field.help_text, origin)

    def _name_zone(self) -> None:
        zone = (Publication.objects.first() or Publication()).zone_info
        for name in _BOUNDS:
            if name in self.fields:
                at = getattr(self.instance, name) or timezone.now()
                text = "{} In {}."
                words = format_html(text, self.fields[name].help_text, zone_in_words(zone, at))
                self.fields[name].help_text = words

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        keep_unasked(self, _USES)
        if self.instance.pk:
            self.meanwhile = meanwhile.settle(self)
        self._check_creative_commons()
        return cleaned

    def _check_creative_commons(self) -> None:
        """Say at the field itself what the database would refuse of the whole."""
        if not {"licence", "cc_licence"} <= self.cleaned_data.keys():
            return
        is_cc = self.cleaned_data["licence"] == Image.Licence.CC
        if is_cc and not self.cleaned_data["cc_licence"]:
            self.add_error("cc_licence", "Creative Commons has several licences: choose which one.")
        elif self.cleaned_data["cc_licence"] and not is_cc:
            text = "Only a picture under Creative Commons has one: empty this, or change the kind."
            self.add_error("cc_licence", text)

    def clean_focal_x(self) -> int:
        return self._percent("focal_x")

    def clean_focal_y(self) -> int:
        return self._percent("focal_y")

    def _percent(self, name: str) -> int:
        """The typed percentage; that of the picture where none was typed."""
        typed: int | None = self.cleaned_data[name]
        if typed is None:
            now: int = getattr(self.instance, name)
            return now
        if typed > _WHOLE:
            raise ValidationError("A percentage: from 0 to 100.", code="focus")
        return typed

    def clean_date_created(self) -> str:
        typed: str = self.cleaned_data["date_created"]
        return moment(typed) or typed

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook after all checks
        # Whoever saves the page had the alt text before their eyes.
        has_seen = "alt_text" in self.data and "alt_text" not in self.meanwhile
        if has_seen and "alt_text" in self.fields:
            self.instance.alt_text_reviewed = True


class UploadForm(ImageForm):
    """A new picture: the words, and the file they are about."""

    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=f"{uploads.TAKEN} At most 40 MB and 50 megapixels, 25 in WebP and AVIF. What "
        "you leave empty below is filled with what the file says.",
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
