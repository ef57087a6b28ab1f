"""The field of a form for a day and time on the newsroom's clock."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.desk import newsroom_time
from articles.desk.newsroom_time import TimeComesTwice, UnclearTime

_AS_TYPED = "%Y-%m-%dT%H:%M"


class Typed(str):
    """A time as it was posted. ``fold`` says which is meant of two; None where nobody said."""

    fold: int | None = None


class MomentInput(forms.DateTimeInput):
    """The browser's own field; below it, when the clocks go back, which of the two is meant."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"type": "datetime-local", **(attrs or {})}, format=_AS_TYPED)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        typed = Typed(data.get(name) or "")
        typed.fold = {"0": 0, "1": 1}.get(data.get(f"{name}_fold", ""))
        return typed

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        field = {
            "name": name,
            "choices": _choices(self.format_value(value) or ""),
            "chosen": getattr(value, "fold", None),
        }
        # Both parts are escaped already.
        return SafeString(box + render_to_string("desk/which_moment.html", {"field": field}))


class MomentField(forms.DateTimeField):
    """A moment (aware, UTC), typed on the clock of the active zone, which is the newsroom's.

    What names no moment is refused in words, and of a time that comes twice one may be chosen.
    """

    widget = MomentInput

    def to_python(self, value: Any) -> dt.datetime | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return newsroom_time.parse(value, _zone(), fold=getattr(value, "fold", None))
        except UnclearTime as unclear:
            raise ValidationError(str(unclear), code="invalid") from unclear


def _choices(text: str) -> tuple[tuple[int, str], ...]:
    try:
        newsroom_time.parse(text, _zone())
    except TimeComesTwice as twice:
        return twice.choices
    except UnclearTime:
        pass
    return ()


def _zone() -> ZoneInfo:
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
