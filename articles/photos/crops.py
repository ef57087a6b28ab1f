"""The shapes a picture is shown in: whole, or cut around the place that crops keep."""

from enum import Enum
from fractions import Fraction


class Crop(Enum):
    """A shape. Its value stands behind the picture's public name; the whole picture's is empty.

    The last two are the same pictures with all their frames.
    """

    WHOLE = ""
    WIDE = "16x9"
    STANDARD = "4x3"
    SQUARE = "1x1"
    MOVING = "moving"
    MOVING_WIDE = "moving-16x9"

    @property
    def suffix(self) -> str:
        return f"-{self.value}" if self.value else ""

    @property
    def ratio(self) -> Fraction | None:
        """Width by height; None for that of the picture itself."""
        return _RATIOS.get(self)

    @property
    def moves(self) -> bool:
        return self in {Crop.MOVING, Crop.MOVING_WIDE}


_RATIOS = {
    Crop.WIDE: Fraction(16, 9),
    Crop.STANDARD: Fraction(4, 3),
    Crop.SQUARE: Fraction(1),
    Crop.MOVING_WIDE: Fraction(16, 9),
}


def parted(name: str) -> tuple[str, Crop]:
    """A public name as the picture's own part and the shape. Raises ``ValueError``."""
    picture, _, shape = name.partition("-")
    return picture, Crop(shape)


def own_width(crop: Crop, width: int, height: int) -> int:
    """How wide the largest cut of this shape is, in pixels, from a ``width`` by ``height`` one."""
    ratio = crop.ratio
    return width if ratio is None else max(1, min(width, round(height * ratio)))
