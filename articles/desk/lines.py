"""Fields of one line in a box that grows with its words."""

from typing import Any

from django import forms


class OneLineField(forms.CharField):
    """Text without line ends: a pasted one becomes a space, as Enter does nothing in the box."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").splitlines())


def line(css_class: str = "", *, count: int | None = None, rows: int = 1) -> forms.Textarea:
    """The box: ``count`` characters are counted down beside it."""
    attrs: dict[str, Any] = {"rows": rows, "data-oneline": ""}
    if css_class:
        attrs["class"] = css_class
    if count:
        attrs["data-count"] = count
    return forms.Textarea(attrs)
