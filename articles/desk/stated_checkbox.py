"""A checkbox that tells “no” from “not asked”: a form without it changes nothing of its field."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString


class StatedCheckbox(forms.CheckboxInput):
    """Sends an empty value where it is not ticked, by a hidden field of the same name before it."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        return format_html('<input type="hidden" name="{}" value="">{}', name, box)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


def keep_unasked(form: forms.ModelForm[Any], names: tuple[str, ...]) -> None:
    """Give each field of ``names`` that was not in the posted form the value it has already."""
    for name in names:
        if name in form.fields and form.add_prefix(name) not in form.data:
            form.cleaned_data[name] = getattr(form.instance, name)
