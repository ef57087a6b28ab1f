"""Ordered rows of a story as they are posted: bylines, takeaways, sources."""

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet

from articles.desk.admin.base import DeskForm

if TYPE_CHECKING:
    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    InlineFormSet = BaseInlineFormSet

MOST_ROWS = 1000


class RowForm(DeskForm):
    """One row. A row of which only the place was touched is an empty row."""

    position = forms.IntegerField(
        label="Order", required=False, min_value=0, max_value=MOST_ROWS, initial=0
    )
    # Made where the row is made, so that it is the same row in every window. The set looks at it.
    uid = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["uid"] = str(self.instance.uid)

    def has_changed(self) -> bool:
        if self.instance.pk:
            return super().has_changed()
        return any(name not in ("position", "uid") for name in self.changed_data)

    def validate_constraints(self) -> None:
        # The rows are written anew as a whole, so an author who moved from one row to another
        # clashes with nothing. The set itself looks for one that stands in it twice.
        return


class RowFormSet(InlineFormSet):
    """The rows of one kind: written anew, in their order, whenever they differ.

    Rows that the post does not mention stay, unless it says that it is whole.
    """

    def save(self, commit: bool = True) -> list[Any]:  # noqa: FBT001, FBT002
        """Write the rows in order. The story itself must be saved."""
        mine = [form for form in self.forms if self._is_kept(form)]
        self._note_changes(mine)
        before = list(self._stored())
        mine.sort(key=_place)
        rows = [form.instance for form in mine]
        rows += [] if self.is_whole else self._unmentioned(before)
        self._name(mine, rows)
        if [self._values(row) for row in rows] != [self._values(row) for row in before]:
            self._replace(rows)
        return rows

    def get_unique_error_message(self, unique_check: Any) -> str:
        return "One name stands here twice. Take one of the two out."

    def _is_kept(self, form: Any) -> bool:
        if form in self.deleted_forms:
            return False
        return bool(form.instance.pk) or form.has_changed()

    @property
    def is_whole(self) -> bool:
        """Whether the posted rows are all there are to be; a form shown again says so again."""
        return f"{self.prefix}-WHOLE" in (self.data or {})

    def _name(self, forms: list[Any], rows: list[Any]) -> None:
        """Give new rows the uid they were posted with; an unknown sort of it or a second one goes.

        A row that there is keeps its own, whatever is posted.
        """
        taken = {row.uid for row in rows if row.pk}
        for form in forms:
            if form.instance.pk:
                continue
            posted = row_uid(form.cleaned_data.get("uid", ""))
            uid = uuid.UUID(posted) if posted else uuid.uuid4()
            form.instance.uid = uuid.uuid4() if uid in taken else uid
            taken.add(form.instance.uid)

    def _unmentioned(self, before: list[Model]) -> list[Model]:
        mentioned = {form.instance.pk for form in self.initial_forms}
        return [row for row in before if row.pk not in mentioned]

    def _values(self, row: Model) -> tuple[Any, ...]:
        return tuple(
            getattr(row, field.attname)
            for field in _model(self)._meta.concrete_fields
            if not field.primary_key and field.name not in {self.fk.name, "position"}
        )

    def _replace(self, rows: list[Any]) -> None:
        self._stored().delete()
        for position, row in enumerate(rows):
            row.pk = None
            row._state.adding = True
            row.position = position
            setattr(row, self.fk.name, self.instance)
        _model(self)._default_manager.bulk_create(rows)

    def _stored(self) -> QuerySet[Any]:
        return _model(self)._default_manager.filter(**{self.fk.name: self.instance})

    def _note_changes(self, mine: list[Any]) -> None:
        """What the admin's own log asks for."""
        self.new_objects = [form.instance for form in mine if not form.instance.pk]
        self.changed_objects = [
            (form.instance, form.changed_data)
            for form in mine
            if form.instance.pk and form.has_changed()
        ]
        self.deleted_objects = [form.instance for form in self.deleted_forms if form.instance.pk]


def row_uid(value: Any) -> str | None:
    """The uid that a form sent, in its one spelling; None where it is none."""
    try:
        return str(uuid.UUID(str(value).strip()))
    except ValueError:
        return None


def _model(formset: Any) -> type[Model]:
    model: type[Model] = formset.model
    return model


def _place(form: Any) -> int:
    place: int | None = form.cleaned_data.get("position")
    # Python's sort is stable: rows of the same place stay as they were posted.
    return MOST_ROWS if place is None else place
