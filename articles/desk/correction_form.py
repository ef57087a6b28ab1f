"""The form of a public correction."""

from typing import Any

from django import forms
from django.utils.text import Truncator

from articles.models import Correction
from articles.models.article import Access
from articles.publishing import Correcting, Prefer, places

_KINDS = [
    (value, label)
    for value, label in Correction.Kind.choices
    if value != Correction.Kind.RETRACTION
]
PREFER = [
    (Prefer.NOW.value, "keeps the words that go out now"),
    (Prefer.QUEUED.value, "keeps its own words"),
    (Prefer.DROP.value, "is taken out; I schedule a new one"),
]
"""What an update may do, at its time, where it changes the same place."""


class CorrectionForm(forms.Form):
    """What readers are told, and which words of the story change with it."""

    kind = forms.ChoiceField(label="What it is", choices=_KINDS)
    text = forms.CharField(
        label="What readers are told",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": 2000}),
        help_text="What was wrong, and what is right.",
    )
    place = forms.ChoiceField(label="Where", required=False)
    old = forms.CharField(
        label="Wrong words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As they stand there now. Empty: no word of the story changes.",
    )
    new = forms.CharField(
        label="Right words", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    quotes_withheld = forms.BooleanField(
        label="The note quotes the part behind the cut",
        required=False,
        help_text="Then only those who may read the story whole see it.",
    )
    signature = forms.CharField(label="Signed by", max_length=200, required=False)
    changes = forms.ChoiceField(
        label="The changes that were saved since",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("leave", "Leave them unpublished: correct what readers see now"),
            ("publish", "Publish them with this note"),
        ],
    )
    prefer_queue = forms.ChoiceField(
        label="The update that waits changes the same place. At its time it",
        required=False,
        widget=forms.RadioSelect,
        choices=PREFER,
    )

    def __init__(
        self, data: Any, *, live: dict[str, Any] | None, has_changes: bool, signature: str
    ) -> None:
        initial = {"signature": signature, "changes": "leave"}
        super().__init__(data, initial=initial, label_suffix="")
        live = live or {}
        self._choose_places(live)
        if live.get("access", Access.FREE) == Access.FREE:
            del self.fields["quotes_withheld"]
        if not has_changes:
            del self.fields["changes"]
        self._queue_field = self.fields["prefer_queue"]
        if not data or "prefer_queue" not in data:
            del self.fields["prefer_queue"]

    def _choose_places(self, live: dict[str, Any]) -> None:
        choices = [("", "The story as a whole")]
        choices += [(place, _label(place, words)) for place, words in places(live)]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it stands above
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("old") and not values.get("place"):
            self.add_error("place", "Choose where the wrong words stand.")
        if values.get("new") and not values.get("old"):
            self.add_error("old", "Copy the wrong words from the story.")
        return values

    def ask_about_the_queue(self, why: str) -> None:
        """Show the question which words the update keeps."""
        self.fields["prefer_queue"] = self._queue_field
        self.add_error("prefer_queue", why)

    def publishes_changes(self) -> bool:
        return self.cleaned_data.get("changes") == "publish"

    def prefer(self) -> Prefer:
        return Prefer(self.cleaned_data.get("prefer_queue") or Prefer.ASK)

    def correcting(self) -> Correcting:
        """What was typed, for the door."""
        values = self.cleaned_data
        return Correcting(
            text=values["text"],
            kind=values["kind"],
            place=values["place"],
            old=values["old"],
            new=values["new"],
            quotes_withheld=values.get("quotes_withheld", False),
            signature=values["signature"],
        )


def _label(place: str, words: str) -> str:
    kind, _, number = place.partition(":")
    names = {"body": f"Paragraph {number}", "takeaways": f"Takeaway {number}"}
    return f"{names.get(kind, kind.capitalize())}: {Truncator(words).chars(60)}"
