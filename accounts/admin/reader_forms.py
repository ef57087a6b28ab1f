"""The forms of the reader's page: an account made at the desk, and one for each act."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from accounts.models import User
from accounts.models.desk import LONGEST_NOTE
from accounts.models.plans import MOST_DEVICES
from articles.desk.admin.base import DeskForm
from articles.desk.moment_field import MomentField

IN_THE_LOG = "It stands in the log, and the reader gets it with a copy of their data."


class NewPersonForm(DeskForm):
    """An account made at the desk; its address counts as confirmed."""

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="8 characters or more. Give it to the person; they can change it.",
    )

    class Meta:
        model = User
        fields = ["email", "name"]
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "username"})}

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's own signature
        self.instance.set_password(self.cleaned_data["password"])
        return super().save(commit=commit)


class ActForm(forms.Form):
    """What every act asks; a label ends without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def _reason() -> forms.CharField:
    return forms.CharField(label="Why, for the desk", max_length=300, help_text=IN_THE_LOG)


class ReasonForm(ActForm):
    reason = _reason()


class NoteForm(ActForm):
    text = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="For the desk. Readers get it with a copy of their data; it goes when they go.",
    )


class AddressForm(ActForm):
    address = forms.CharField(
        label="New e-mail address",
        max_length=500,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="It counts once it is confirmed from there. Both addresses are told.",
    )
    reason = _reason()


class DevicesForm(ActForm):
    limit = forms.IntegerField(
        label="Devices at once",
        min_value=1,
        max_value=MOST_DEVICES,
        help_text="A lower number throws nobody out.",
    )
    until = MomentField(label="Until", help_text="In the newsroom's time.")
    reason = _reason()


class OtherAccountForm(ActForm):
    """The account to empty: typed first, carried along by its id afterwards."""

    other = forms.CharField(
        label="The other account",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Its e-mail address, or its reader id.",
    )


class MergeForm(ActForm):
    other = forms.UUIDField(widget=forms.HiddenInput)
    reason = _reason()
