"""From an original to its renditions: upright, sRGB, no metadata but the rights we print.

Knows nothing of Django, as ``inspecting``.
"""

import io
from collections.abc import Iterator
from typing import IO

import PIL.Image
from PIL import ImageCms, ImageOps

from articles.photos.bare import bare, orientation
from articles.photos.limits import DECODERS

JPEG_QUALITY = 80
# As near to the original as that JPEG, by SSIM.
AVIF_QUALITY = 69
AVIF_SPEED = 8
WEBP_QUALITY = 78
WEBP_METHOD = 4

# Instead of an average.
CLEAR = "clear"

# What brings a picture upright, by Exif's number.
_TURNS = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}
_WHITE = (255, 255, 255)
_SRGB = ImageCms.createProfile("sRGB")


class UnreadableOriginal(Exception):
    """The original's pixels cannot be read (any more)."""


def prepare(original: IO[bytes], *, width: int) -> PIL.Image.Image:
    """Decode the first frame of ``original`` for renditions up to ``width`` pixels wide, as seen.

    Out: mode RGB or RGBA in sRGB, orientation applied, no metadata, not wider than ``width`` and
    never enlarged. Raises ``UnreadableOriginal``.
    """
    try:
        held = orientation(original)
        with PIL.Image.open(bare(original), formats=DECODERS) as image:
            _decode_for(image, width, held=held)
            return _finished(image, width, held=held)
    except Exception as error:  # decoders fail in every way on a bad file
        raise UnreadableOriginal(str(error)) from error


def frames(original: IO[bytes], *, width: int) -> Iterator[tuple[PIL.Image.Image, int]]:
    """As ``prepare``, of each frame, with the milliseconds it stands. Decoded one at a time."""
    try:
        held = orientation(original)
        with PIL.Image.open(bare(original), formats=DECODERS) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                image.load()
                stands = int(image.info.get("duration", 0))
                yield _finished(image, width, held=held), stands
    except Exception as error:
        raise UnreadableOriginal(str(error)) from error


def shaped(
    prepared: PIL.Image.Image, size: tuple[int, int], *, focus: tuple[int, int] | None
) -> PIL.Image.Image:
    """Bring to ``size`` (width, height in pixels).

    ``focus``: the place that a cut to this shape keeps, in percent from left and top, in the sense
    of Pillow's ``centering``; None for a picture that is shown whole.
    """
    if prepared.size == size:
        return prepared
    if focus is None:
        return prepared.resize(size, PIL.Image.Resampling.LANCZOS)
    centering = (focus[0] / 100, focus[1] / 100)
    return ImageOps.fit(prepared, size, PIL.Image.Resampling.LANCZOS, centering=centering)


def encode(image: PIL.Image.Image, *, extension: str, xmp: bytes = b"") -> bytes:
    """Return the file of ``image``, which says nothing of itself but ``xmp``."""
    out = io.BytesIO()
    if extension == "webp":
        image.save(out, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD, xmp=xmp)
    elif extension == "avif":
        # One thread: the other processor is for readers.
        image.save(
            out, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1, xmp=xmp or None
        )
    else:
        plain = _on_white(image)
        plain.save(out, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True, xmp=xmp)
    return out.getvalue()


def colour_of(prepared: PIL.Image.Image) -> str:
    """Its average, as #8899aa; ``CLEAR`` for one that shows the page through."""
    if prepared.mode == "RGBA":
        return CLEAR
    red, green, blue = prepared.resize((1, 1), PIL.Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"


def size_as_seen(size: tuple[int, int], *, held: int) -> tuple[int, int]:
    """Width and height in pixels after the camera's orientation, 1 to 8, is applied."""
    return size[::-1] if _lies_on_its_side(held) else size


def _lies_on_its_side(held: int) -> bool:
    return held in {5, 6, 7, 8}


def _decode_for(image: PIL.Image.Image, width: int, *, held: int) -> None:
    """Decode the first frame; a JPEG only as large as needed, which saves most of the work."""
    seen_width, seen_height = size_as_seen(image.size, held=held)
    if width < seen_width:
        needed = (width, max(1, round(seen_height * width / seen_width)))
        image.draft("", needed[::-1] if _lies_on_its_side(held) else needed)
    image.load()


def _finished(image: PIL.Image.Image, width: int, *, held: int) -> PIL.Image.Image:
    upright = image.transpose(_TURNS[held]) if held in _TURNS else image
    sized = _shrink(_with_smooth_modes(upright), width)
    plain = _without_needless_alpha(_to_srgb(sized, image.info.get("icc_profile")))
    # Savers fall back on what a picture still carries: let it carry nothing.
    plain.info = {}
    return plain


def _with_smooth_modes(image: PIL.Image.Image) -> PIL.Image.Image:
    """Bring palettes, bits and deep greys into a mode whose neighbours can be averaged."""
    if image.mode.startswith("I"):
        return _eight_bit(image)
    if image.has_transparency_data:
        return image.convert("LA" if image.mode in {"L", "LA"} else "RGBA")
    if image.mode in {"1", "P"}:
        return image.convert("L" if image.mode == "1" else "RGB")
    return image


def _eight_bit(image: PIL.Image.Image) -> PIL.Image.Image:
    """A 16-bit grey brought to 8 bits; Pillow's own conversion would clip it to white."""
    return image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")


def _shrink(image: PIL.Image.Image, width: int) -> PIL.Image.Image:
    if image.width <= width:
        return image
    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, PIL.Image.Resampling.LANCZOS)


def _to_srgb(image: PIL.Image.Image, profile: bytes | None) -> PIL.Image.Image:
    """Convert to RGB by the embedded colour profile; without a usable one, by the plain rule."""
    alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
    colours = image.convert("RGB" if image.mode == "RGBA" else "L") if alpha else image
    converted = _by_profile(colours, profile) if profile else None
    # A copy, for the caller strips it, and the original must stay as it is.
    converted = converted or (colours.convert("RGB") if colours.mode != "RGB" else colours.copy())
    if alpha:
        converted.putalpha(alpha)
    return converted


def _without_needless_alpha(image: PIL.Image.Image) -> PIL.Image.Image:
    """Many programs store an alpha channel that hides nothing."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    return image


def _by_profile(image: PIL.Image.Image, profile: bytes) -> PIL.Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A broken profile, or one for other colours, is no reason to refuse a picture.
        return None


def _on_white(image: PIL.Image.Image) -> PIL.Image.Image:
    if image.mode != "RGBA":
        return image
    ground = PIL.Image.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground
