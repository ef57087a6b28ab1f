"""The public sizes of a picture: which there are, and their addresses.

Nothing here touches a file or the database: a page that has the few columns of ``ImageFacts``
knows all addresses. The files behind them are made by ``making`` and served by ``views``.

AVIF, which nearly all browsers take, has the fine ladder; WebP and JPEG, for the rest, every
second step or so. All steps of all kinds are made where somebody asks; the worker makes those that
pages print.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, Protocol

from django.conf import settings

from articles.photos.crops import Crop, own_width
from articles.photos.tones import tone

Extension = Literal["avif", "webp", "jpg"]
EXTENSIONS: tuple[Extension, ...] = ("avif", "webp", "jpg")

# One file a step; a browser picks the smallest that fills its place. Pixels.
LADDER = (320, 480, 640, 800, 960, 1200, 1600, 2000)
_LADDERS = {
    # Above a story, and on the cards of networks, which want 1200.
    Crop.WIDE: (480, 640, 800, 960, 1200, 1600, 2000),
    # In lists, at most half a window.
    Crop.STANDARD: (320, 480, 640, 960, 1200),
    # Portraits, at most 160 wide; the last two are for search engines.
    Crop.SQUARE: (160, 320, 480, 800, 1200),
    Crop.MOVING: (480, 960),
    Crop.MOVING_WIDE: (480, 960),
}
_FEW = {160, 320, 640, 960, 1600}
# What a browser without srcset gets.
FALLBACK_WIDTH = 960
# The largest portrait that a page shows.
_PORTRAIT = 480
# All frames of a moving picture together; a larger one stands still.
MOVING_PIXELS = 60_000_000


class Measured(Protocol):
    """What a picture must tell: an ``Image``, ``ImageFacts``, or a row like them.

    ``width`` and ``height`` are pixels as seen, after the camera's orientation is applied. Cuts for
    lists never ask for ``frames``.
    """

    @property
    def rendition_name(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def colour(self) -> str: ...
    @property
    def frames(self) -> int: ...


class ImageFacts(NamedTuple):
    """The columns of ``Image`` that its addresses need, for pages that fetch them by value."""

    rendition_name: str
    width: int
    height: int
    format: str = ""
    colour: str = "clear"
    frames: int = 1


class Step(NamedTuple):
    """One public file of a picture. ``width`` in pixels."""

    width: int
    extension: Extension
    crop: Crop = Crop.WHOLE


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to print. ``width`` and ``height`` are those of ``largest_url``, in pixels.

    ``src`` and ``largest_url`` are JPEG, paths on this site. All but JPEG is empty until the worker
    has made the files: a JPEG is made in an instant where somebody asks, an AVIF is not.
    ``moving_srcset`` (animated WebP) is empty for a picture that stands still, too. ``tone``:
    classes of the colour that holds its place.
    """

    width: int
    height: int
    src: str
    avif_srcset: str
    webp_srcset: str
    jpeg_srcset: str
    moving_srcset: str
    tone: str
    largest_url: str


def picture(image: Measured, *, crop: Crop = Crop.WHOLE) -> Picture:
    """Return the addresses of ``image``, a row or ``ImageFacts``, in the shape of ``crop``."""
    widths = _widths(image, crop)
    few = _few(widths)
    start = _start(image, crop)
    is_made = bool(image.colour)
    fallback = max((width for width in few if width <= FALLBACK_WIDTH), default=few[0])
    return Picture(
        width=widths[-1],
        height=height_at(widths[-1], image.width, image.height, crop),
        src=f"{start}{fallback}.jpg",
        avif_srcset=_srcset(start, widths, "avif") if is_made else "",
        webp_srcset=_srcset(start, few, "webp") if is_made else "",
        jpeg_srcset=_srcset(start, few, "jpg"),
        moving_srcset=_moving_srcset(image, crop) if is_made else "",
        tone=tone(image.colour),
        largest_url=f"{start}{widths[-1]}.jpg",
    )


def widths_of(width: int, crop: Crop = Crop.WHOLE) -> tuple[int, ...]:
    """The steps of a cut ``width`` pixels wide: never enlarged, always at least one."""
    return tuple(step for step in _LADDERS.get(crop, LADDER) if step <= width) or (width,)


def height_at(step: int, width: int, height: int, crop: Crop = Crop.WHOLE) -> int:
    """The height, in pixels, of a ``width`` by ``height`` picture, cut, at ``step`` wide."""
    ratio = crop.ratio or Fraction(width, height)
    return max(1, round(step / ratio))


def exists(image: Measured, step: Step) -> bool:
    """Whether ``image`` has such a public file, made or not."""
    if step.crop.moves:
        return step.extension == "webp" and step.width in _moving_widths(image, step.crop)
    return step.width in _widths(image, step.crop)


def printed(image: Measured) -> Iterator[Step]:
    """The files that pages name: what the worker makes, the small ones first."""
    for crop in (Crop.STANDARD, Crop.WHOLE, Crop.WIDE):
        widths = _widths(image, crop)
        yield from (Step(width, "avif", crop) for width in widths)
        yield from (Step(width, "webp", crop) for width in _few(widths))
        yield from (Step(width, "jpg", crop) for width in _few(widths))
    portraits = [width for width in _widths(image, Crop.SQUARE) if width <= _PORTRAIT]
    yield from (Step(width, "jpg", Crop.SQUARE) for width in portraits)
    for crop in (Crop.MOVING, Crop.MOVING_WIDE):
        yield from (Step(width, "webp", crop) for width in _moving_widths(image, crop))


def batches(image: Measured) -> Iterator[list[Step]]:
    """The same in the order of need: what every browser takes first, then one shape at a time."""
    steps = list(printed(image))
    yield [step for step in steps if step.extension == "jpg"]
    for crop in Crop:
        if others := [step for step in steps if step.crop == crop and step.extension != "jpg"]:
            yield others


def _widths(image: Measured, crop: Crop) -> tuple[int, ...]:
    return widths_of(own_width(crop, image.width, image.height), crop)


def _few(widths: tuple[int, ...]) -> tuple[int, ...]:
    """Every second step or so, and always the largest."""
    return tuple(width for width in widths if width in _FEW or width == widths[-1])


def _moving_srcset(image: Measured, crop: Crop) -> str:
    moving = {Crop.WHOLE: Crop.MOVING, Crop.WIDE: Crop.MOVING_WIDE}.get(crop)
    if moving is None:
        return ""
    return _srcset(_start(image, moving), _moving_widths(image, moving), "webp")


def _moving_widths(image: Measured, crop: Crop) -> tuple[int, ...]:
    """The steps at which all frames together are not too much; none for a still picture."""
    if image.frames < 2:
        return ()
    return tuple(
        step
        for step in _widths(image, crop)
        if image.frames * step * height_at(step, image.width, image.height, crop) <= MOVING_PIXELS
    )


def _start(image: Measured, crop: Crop) -> str:
    return f"{settings.MEDIA_URL}r/{image.rendition_name}{crop.suffix}/"


def _srcset(start: str, widths: tuple[int, ...], extension: Extension) -> str:
    return ", ".join(f"{start}{width}.{extension} {width}w" for width in widths)
