"""The words in which a file is refused. Each says what to do about it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

from articles.photos.limits import MAX_BYTES, MAX_FRAMES, MAX_MOVING_PIXELS, MAX_PIXELS, MAX_SIDE

TAKEN = "JPEG, PNG, GIF, WebP and AVIF are taken."
_SMALLER = "Save it smaller and try again."
_NAMES = {"WEBP": "WebP"}


def refusal(code: str, **facts: Any) -> ValidationError:
    """The error for a form, with ``code``; ``facts`` are those of ``inspecting.Refused``."""
    return ValidationError(_WORDS[code](**facts), code=code)


def _kind(*, name: str = "") -> str:
    if not name:
        return f"This is not a picture we can read. {TAKEN}"
    return f"This is {_with_article(name)} file. {TAKEN} Save it as a JPEG and try again."


def _with_article(name: str) -> str:
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _pixels(*, most: int = MAX_PIXELS, kind: str = "") -> str:
    limit = f"more than {most // 1_000_000} megapixels"
    if most == MAX_PIXELS:
        return f"The picture has {limit}. {_SMALLER}"
    name = _NAMES.get(kind, kind)
    return f"The picture has {limit}, the most for {name}. Save it smaller, or as a JPEG."


def _side(*, size: tuple[int, int]) -> str:
    measures = f"{size[0]:,} by {size[1]:,} pixels"
    return f"The picture is {measures}; a side may have {MAX_SIDE:,}. {_SMALLER}"


_WORDS: dict[str, Callable[..., str]] = {
    "empty": lambda: "The file is empty.",
    "too_many_bytes": lambda: f"The file is larger than {MAX_BYTES // 1024**2} MB. {_SMALLER}",
    "kind": _kind,
    "svg": lambda: f"SVG drawings are not taken, since they may hold scripts. {TAKEN}",
    "pixels": _pixels,
    "side": _side,
    "frames": lambda: f"The picture moves through more than {MAX_FRAMES} frames. Save it shorter.",
    "moving": lambda: (
        f"The frames of the picture have more than {MAX_MOVING_PIXELS // 1_000_000} megapixels "
        "together. Save it shorter or smaller."
    ),
    "broken": lambda: (
        "The file is damaged or cut off: it cannot be read to its end. Get it again and try anew."
    ),
    "slow": lambda: (
        "The picture takes too long to read. Open it in a picture program, save it as a new JPEG "
        "and try again."
    ),
    "memory": lambda: (
        "The picture needs more memory than one may have. Save it smaller, or as a JPEG."
    ),
}
