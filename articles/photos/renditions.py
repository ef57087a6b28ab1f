"""The public sizes of a picture: which widths there are, and their addresses.

Nothing here touches a file or the database: a page that has the few columns of ``ImageFacts``
knows all addresses. The files behind them are made by ``making`` and served by ``views``.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.conf import settings

# One file a step; a browser picks the smallest that fills its place. Pixels.
LADDER = (320, 480, 640, 800, 960, 1200, 1600, 2000)
# What a browser without srcset gets.
FALLBACK_WIDTH = 960


class Measured(Protocol):
    """What a picture must tell: an ``Image``, ``ImageFacts``, or a row like them.

    ``width`` and ``height`` are pixels as seen, after the camera's orientation is applied.
    """

    @property
    def rendition_name(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


class ImageFacts(NamedTuple):
    """The columns of ``Image`` that its addresses need, for pages that fetch them by value."""

    rendition_name: str
    width: int
    height: int
    format: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to print. ``width`` and ``height`` are those of ``largest_url``, in pixels.

    ``src`` and ``largest_url`` are JPEG, paths on this site.
    """

    width: int
    height: int
    src: str
    jpeg_srcset: str
    webp_srcset: str
    largest_url: str


def picture(image: Measured) -> Picture:
    """Return the addresses of every public size of ``image``, a row or ``ImageFacts``."""
    widths = widths_of(image.width)
    start = f"{settings.MEDIA_URL}r/{image.rendition_name}/"
    fallback = max((width for width in widths if width <= FALLBACK_WIDTH), default=widths[0])
    return Picture(
        width=widths[-1],
        height=height_at(widths[-1], image.width, image.height),
        src=f"{start}{fallback}.jpg",
        jpeg_srcset=", ".join(f"{start}{width}.jpg {width}w" for width in widths),
        webp_srcset=", ".join(f"{start}{width}.webp {width}w" for width in widths),
        largest_url=f"{start}{widths[-1]}.jpg",
    )


def widths_of(width: int) -> tuple[int, ...]:
    """The steps of a picture ``width`` pixels wide: never enlarged, always at least one."""
    return tuple(step for step in LADDER if step <= width) or (width,)


def height_at(step: int, width: int, height: int) -> int:
    """The height, in pixels, of a ``width`` by ``height`` picture brought to ``step`` wide."""
    return max(1, round(height * step / width))
