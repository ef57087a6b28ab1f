"""From an original to the pixels of its renditions: upright, sRGB, one frame, no metadata."""

import io
from typing import IO, Literal

import PIL.Image
from PIL import ImageCms

from articles.photos.bare import bare, orientation
from articles.photos.limits import DECODERS

Extension = Literal["jpg", "webp"]
EXTENSIONS: tuple[Extension, ...] = ("jpg", "webp")

JPEG_QUALITY = 80
WEBP_QUALITY = 78
WEBP_METHOD = 4

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
    """Decode ``original`` for renditions at most ``width`` pixels wide, as seen.

    Out: mode RGB or RGBA in sRGB, orientation applied, no metadata, not wider than ``width`` and
    never enlarged. Raises ``UnreadableOriginal``.
    """
    try:
        held = orientation(original)
        with PIL.Image.open(bare(original), formats=DECODERS) as image:
            _decode_for(image, width, held=held)
            upright = image.transpose(_TURNS[held]) if held in _TURNS else image
            sized = _shrink(_with_smooth_modes(upright), width)
            plain = _to_srgb(sized, image.info.get("icc_profile"))
    except Exception as error:  # decoders fail in every way on a bad file
        raise UnreadableOriginal(str(error)) from error
    # Savers fall back on what a picture still carries: let it carry nothing.
    plain.info = {}
    return plain


def encode(prepared: PIL.Image.Image, *, size: tuple[int, int], extension: Extension) -> bytes:
    """Return the file of ``prepared`` brought to ``size`` (width, height in pixels)."""
    image = prepared
    if image.size != size:
        image = image.resize(size, PIL.Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if extension == "webp":
        image.save(out, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    else:
        _on_white(image).save(out, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True)
    return out.getvalue()


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


def _with_smooth_modes(image: PIL.Image.Image) -> PIL.Image.Image:
    """Bring palettes, bits and deep greys into a mode whose neighbours can be averaged."""
    if image.mode.startswith("I"):
        return _eight_bit(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"1", "P"}:
        return image.convert("RGB")
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
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    converted = _by_profile(colours, profile) if profile else None
    # A copy, for the caller strips it, and the original must stay as it is.
    converted = converted or (colours.convert("RGB") if colours.mode != "RGB" else colours.copy())
    if alpha:
        converted.putalpha(alpha)
    return converted


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
