"""A form that was open while another person saved the same thing.

It carries what each field showed when it was opened. What only the other one changed is kept as
they left it; where both changed a field to something different, the person is asked.
"""

import datetime as dt
import json
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

FIELD = "began"
"""The hidden field that carries it, as JSON: the text of each field by its name."""


def beginning(form: forms.ModelForm[Any]) -> str:
    """What ``form`` shows of its instance, for the hidden field."""
    return json.dumps({name: _stored(form, name) for name in _names(form)})


def settle(form: forms.ModelForm[Any]) -> list[str]:
    """Set the cleaned values of ``form`` beside what is stored now. Call it at the end of clean.

    Out: the names of the fields that only another person changed, which keep that. A field that
    both changed gets an error that shows the other value; sent again, the own one replaces it.
    """
    began = _read(form.data.get(form.add_prefix(FIELD), ""))
    theirs, asked = [], []
    for name in _names(form):
        if name not in form.cleaned_data or name not in began:
            continue
        base, stored = began[name], _stored(form, name)
        mine = _text(form.fields[name], form.cleaned_data[name])
        if stored in (base, mine):
            continue
        if mine == base:
            form.cleaned_data[name] = _value(form, name)
            theirs.append(name)
        else:
            asked.append(name)
    for name in asked:
        form.add_error(name, _question(form, name))
    _begin_anew(form, began, {name: _stored(form, name) for name in asked})
    return theirs


def _names(form: forms.ModelForm[Any]) -> list[str]:
    known = {field.name for field in form.instance._meta.concrete_fields}
    return [name for name in form.fields if name in known and name in form.initial]


def _stored(form: forms.ModelForm[Any], name: str) -> str:
    field = form.fields[name]
    return _text(field, form.get_initial_for_field(field, name))


def _value(form: forms.ModelForm[Any], name: str) -> Any:
    return getattr(form.instance, name)


def _text(field: forms.Field, value: Any) -> str:
    """A value as the field shows it: what it cannot show is no change."""
    shown = field.prepare_value(value)
    if isinstance(shown, dt.datetime):
        return f"{shown:%Y-%m-%dT%H:%M}"
    return "" if shown is None else str(shown).replace("\r\n", "\n").strip()


def _read(text: str) -> dict[str, str]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _question(form: forms.ModelForm[Any], name: str) -> str:
    field = form.fields[name]
    text = _stored(form, name)
    for value, label in getattr(field, "choices", ()):
        if str(value) == text:
            text = str(label)
    now = f"“{text}”" if text else "nothing"
    return f"Another person changed this meanwhile, to {now}. Save again to put yours in its place."


def _begin_anew(form: forms.ModelForm[Any], began: dict[str, str], seen: dict[str, str]) -> None:
    """The next post knows what this page shows as the other value."""
    if seen:
        told = json.dumps(began | seen)
        # What was posted is immutable.
        form.data = MultiValueDict(form.data)
        form.data.setlist(form.add_prefix(FIELD), [told])
