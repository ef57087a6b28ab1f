"""Moving pictures: an animated WebP that comes to rest.

What moves by itself for more than five seconds needs a button to stop it (WCAG 2.2.2), so ours
rest by then: short ones are repeated as often as that allows, long ones end on the frame they have
reached. Knows nothing of Django, as ``inspecting``.
"""

import io
from collections.abc import Iterator

import PIL.Image

from articles.photos.pixels import WEBP_QUALITY

SECONDS = 5
# What browsers make of frames that claim to stand for no time.
_SHORTEST, _INSTEAD = 20, 100
# Fast: there are many frames.
_METHOD = 2


def encode_moving(frames: Iterator[tuple[PIL.Image.Image, int]], *, xmp: bytes = b"") -> bytes:
    """Return the animated WebP of ``frames`` and the milliseconds each of them stands."""
    kept: list[PIL.Image.Image] = []
    durations: list[int] = []
    for frame, stands in frames:
        if sum(durations) >= SECONDS * 1000:
            break
        kept.append(frame)
        durations.append(stands if stands >= _SHORTEST else _INSTEAD)
    out = io.BytesIO()
    kept[0].save(
        out,
        "WEBP",
        save_all=True,
        append_images=kept[1:],
        duration=durations,
        loop=max(1, SECONDS * 1000 // sum(durations)),
        quality=WEBP_QUALITY,
        method=_METHOD,
        xmp=xmp,
    )
    return out.getvalue()
