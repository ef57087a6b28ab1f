"""What is in a file? Looked at in a child process: header, measures, frames, pixels, words.

Nothing of an upload is parsed anywhere else before it is found good. Knows nothing of Django, as
all that it imports.
"""

import io
import json
from typing import IO, Any

import PIL.Image

# Named here, for Pillow would load all forty of its decoders to find one of them.
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,  # noqa: F401
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from articles.photos.bare import bare, orientation
from articles.photos.gif import count_frames
from articles.photos.limits import (
    DECODERS,
    MAX_FRAMES,
    MAX_MOVING_PIXELS,
    MAX_PIXELS,
    MAX_SIDE,
    most_pixels,
)
from articles.photos.metadata import read
from articles.photos.pixels import size_as_seen
from articles.photos.signatures import begins_like_ours, name_of, webp_size

# One file is decoded by one thread: no others may be started, and each would cost memory.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

# A phone's JPEG with a second picture behind the first is a JPEG.
_KINDS = {"MPO": "JPEG"}


class Refused(Exception):
    """Why a file cannot be taken: a code, and what the words about it need to know."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def answer(data: bytes) -> bytes:
    """What ``uploads`` wants to know, as JSON: the result of ``inspect``, or the refusal."""
    try:
        told = inspect(data)
    except Refused as refusal:
        told = {"refused": refusal.code, "facts": refusal.facts}
    return json.dumps(told).encode()


def inspect(data: bytes) -> dict[str, Any]:
    """Decode a picture to its end. Raises ``Refused``, and ``MemoryError``.

    Out: ``kind``, one of ``DECODERS``; ``size``, width and height in pixels as seen; ``frames``, 1
    for one that stands; ``metadata``, ``Metadata`` as JSON, and ``unreadable``, its broken parts.
    """
    stream = io.BytesIO(data)
    _check_claim(data)
    with _opened(stream, data) as image:
        kind = str(image.format)
        kind = _KINDS.get(kind, kind)
        _check_measures(image, kind)
        frames = _frames_of(image, stream)
        size = size_as_seen(image.size, held=orientation(stream))
        _decode(image, frames)
    said = read(stream)
    told = {"metadata": said.as_json(), "unreadable": said.unreadable}
    return {"kind": kind, "size": size, "frames": frames, **told}


def _check_claim(data: bytes) -> None:
    """The decoder of WebP sets memory apart for all pixels before it tells how many there are."""
    width, height = webp_size(data)
    if width * height > most_pixels("WEBP"):
        raise Refused("pixels", most=most_pixels("WEBP"), kind="WEBP")


def _opened(stream: IO[bytes], data: bytes) -> PIL.Image.Image:
    """Read the header only."""
    try:
        return PIL.Image.open(bare(stream), formats=DECODERS)
    except (PIL.Image.DecompressionBombWarning, PIL.Image.DecompressionBombError):
        raise Refused("pixels", most=MAX_PIXELS) from None
    except PIL.UnidentifiedImageError:
        raise _unknown(data) from None
    except MemoryError:
        raise
    except Exception as error:  # decoders fail in every way on a bad file
        raise Refused("broken") from error


def _check_measures(image: PIL.Image.Image, kind: str) -> None:
    if image.width * image.height > most_pixels(kind):
        raise Refused("pixels", most=most_pixels(kind), kind=kind)
    if max(image.size) > MAX_SIDE:
        raise Refused("side", size=image.size)


def _frames_of(image: PIL.Image.Image, stream: IO[bytes]) -> int:
    try:
        frames = _counted(image, stream)
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("broken") from error
    if frames > MAX_FRAMES:
        raise Refused("frames")
    if frames > 1 and frames * image.width * image.height > MAX_MOVING_PIXELS:
        raise Refused("moving")
    return frames


def _counted(image: PIL.Image.Image, stream: IO[bytes]) -> int:
    if image.format == "GIF":
        # Pillow counts its frames by a walk that a hostile file makes endless.
        return count_frames(stream, most=MAX_FRAMES + 1)
    # The second picture in a phone's JPEG is no movement.
    return 1 if image.format in {"JPEG", "MPO"} else getattr(image, "n_frames", 1)


def _decode(image: PIL.Image.Image, frames: int) -> None:
    """All frames to their end, so that a cut-off file is seen now and not by a reader."""
    try:
        # A JPEG is read to its end at any scale; at an eighth it takes half the time.
        image.draft("", (max(1, image.width // 8), max(1, image.height // 8)))
        for number in range(max(1, frames)):
            image.seek(number)
            image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("broken") from error


def _unknown(data: bytes) -> Refused:
    if begins_like_ours(data):
        return Refused("broken")
    name = name_of(data)
    return Refused("svg") if name == "SVG" else Refused("kind", name=name)
