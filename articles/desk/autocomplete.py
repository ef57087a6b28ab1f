"""Django's autocomplete, made safe for what people and scripts may post."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField

# A number of a thing is no longer than this in any database.
_LONGEST = 18

if TYPE_CHECKING:
    _Base = AutocompleteSelect
    _ManyField = ModelMultipleChoiceField[Any]
else:
    _Base = object
    _ManyField = ModelMultipleChoiceField


class _OnlyNumbers(_Base):
    """Django looks the posted values up to show them again, and stumbles over what is no number.

    The field has refused such a value by then; there is nothing to show.
    """

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        numbers = [v for v in value if not v or (str(v).isdecimal() and len(str(v)) <= _LONGEST)]
        return super().optgroups(name, numbers, attr)


class OneByName(_OnlyNumbers, AutocompleteSelect):
    """One thing, found by typing its name."""


class SomeByName(_OnlyNumbers, AutocompleteSelectMultiple):
    """Some things, found by typing their names."""


class SomeThings(_ManyField):
    """Some things by their numbers; one that no database could hold is no server error."""

    def clean(self, value: Any) -> Any:
        for number in value or ():
            if len(str(number)) > _LONGEST:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": number},
                )
        return super().clean(value)
