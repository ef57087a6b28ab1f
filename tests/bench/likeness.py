"""How alike two pictures are: SSIM of their light, 1 for the same.

By Pillow's own arithmetic, in windows of 8 by 8 pixels that do not overlap: no other library is
needed, and the figures compare among themselves.
"""

from typing import Any

from PIL import Image, ImageMath

WINDOW = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(one: Image.Image, other: Image.Image) -> float:
    """The structural similarity of two pictures of one size, at least 8 by 8 pixels."""
    x, y = (_light(each) for each in (one, other))
    means = {"x": _mean(x), "y": _mean(y)}
    squares = {
        name: _mean(ImageMath.lambda_eval(lambda of: of["a"] * of["b"], a=a, b=b))
        for name, a, b in (("xx", x, x), ("yy", y, y), ("xy", x, y))
    }
    windows = ImageMath.lambda_eval(_formula, **means, **squares)
    mean = windows.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, float)
    return mean


def _formula(of: dict[str, Any]) -> Any:
    x, y = of["x"], of["y"]
    alike = (x * y * 2 + _C1) * ((of["xy"] - x * y) * 2 + _C2)
    return alike / ((x * x + y * y + _C1) * (of["xx"] - x * x + of["yy"] - y * y + _C2))


def _light(image: Image.Image) -> Image.Image:
    """Whole windows only."""
    width, height = (side - side % WINDOW for side in image.size)
    return image.convert("L").crop((0, 0, width, height)).convert("F")


def _mean(image: Image.Image) -> Image.Image:
    return image.reduce(WINDOW)
