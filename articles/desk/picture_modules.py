"""The scripts of the pages on which pictures are added and described."""

from django.forms.widgets import Script
from django.http import HttpRequest
from js_asset import ImportMap
from js_asset.media import Media

UPLOADING_MODULES = {"desk/dom": "desk/dom.js", "desk/uploading": "desk/uploading.js"}


def media(module: str, request: HttpRequest) -> Media:
    """``module`` with its import map, which runs only with the page's nonce, and its styles."""
    own = Media(  # type: ignore[no-untyped-call]
        importmap=ImportMap(UPLOADING_MODULES),  # type: ignore[no-untyped-call]
        css={"all": ["desk/many_pictures.css"]},
        js=[Script(f"{module}.js", type="module")],
    )
    nonce = getattr(request, "csp_nonce", "")
    return Media.from_media(own, nonce=nonce)  # type: ignore[no-any-return, no-untyped-call]
