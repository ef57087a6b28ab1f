"""The form field of a story's body: an editor that grows around a plain textarea."""

import json
from typing import Any

from django import forms
from django.forms.widgets import Script
from js_asset import ImportMap
from js_asset.media import Media

from articles import body, embeds
from articles.desk.picture_picker import PICKER_MODULES, library_address

# Modules import each other by these names, so that each is fetched under its hashed address.
_MODULES = ImportMap(  # type: ignore[no-untyped-call]
    {
        "django-prose-editor/editor": "django_prose_editor/editor.js",
        **PICKER_MODULES,
        "desk/editor/body_html": "desk/editor/body_html.js",
        "desk/editor/cut": "desk/editor/cut.js",
        "desk/editor/embed": "desk/editor/embed.js",
        "desk/editor/figure": "desk/editor/figure.js",
        "desk/editor/keys": "desk/editor/keys.js",
        "desk/editor/links": "desk/editor/links.js",
        "desk/editor/office": "desk/editor/office.js",
        "desk/editor/pasted": "desk/editor/pasted.js",
        "desk/editor/placed_view": "desk/editor/placed_view.js",
        "desk/editor/placing": "desk/editor/placing.js",
        "desk/editor/text": "desk/editor/text.js",
        "desk/editor/toolbar": "desk/editor/toolbar.js",
    }
)


class BodyEditor(forms.Textarea):
    """The textarea of a body; ``static/desk/editor/editor.js`` turns it into the editor.

    ``words_only`` leaves out figures, embeds and the marker, for pages that are no stories.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, words_only: bool = False) -> None:
        super().__init__({"rows": 24, "class": "write-body", **(attrs or {})})
        self.words_only = words_only

    @property
    def media(self) -> Media:
        """The import map, the preset and its styles.

        The map is an inline script: print it with the page's nonce (``Media.from_media``).
        """
        return Media(  # type: ignore[no-untyped-call]
            importmap=_MODULES,
            css={"all": ["desk/picker.css", "desk/editor/editor.css"]},
            js=[Script("desk/editor/editor.js", type="module")],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tell the script where the pictures are and what may be embedded, or nothing of both."""
        context = super().get_context(name, value, attrs)
        library = "" if self.words_only else library_address()
        context["widget"]["attrs"]["data-body-editor"] = library
        if library:
            context["widget"]["attrs"]["data-embeds"] = json.dumps(embeds.for_editor())
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """A browser cannot point at the hidden textarea, so the server says what is missing."""
        return False


class BodyField(forms.CharField):
    """A body: what is posted is sanitised before anything else sees it."""

    widget = BodyEditor

    def __init__(self, **kwargs: Any) -> None:
        # The admin gives every long text its own textarea; a body keeps its editor.
        if not isinstance(kwargs.get("widget"), BodyEditor):
            kwargs["widget"] = BodyEditor()
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the sanitised body; one without words and pictures is empty."""
        return body.sanitise(super().to_python(value) or "")
