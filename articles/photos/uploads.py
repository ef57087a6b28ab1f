"""What may come into the library: checked by decoding, whatever name or type a file claims."""

import hashlib
from dataclasses import dataclass
from typing import Any

import PIL.Image
from django.core.exceptions import ValidationError
from django.core.files import File

from articles.models import Image
from articles.photos.bare import bare
from articles.photos.decoding import size_of_whole
from articles.photos.gif import count_frames
from articles.photos.limits import DECODERS, MAX_BYTES, MAX_FRAMES, MAX_PIXELS, MAX_SIDE
from articles.photos.metadata import Metadata, read

_KINDS = {
    "JPEG": Image.Format.JPEG,
    # A phone's JPEG with a second picture behind the first.
    "MPO": Image.Format.JPEG,
    "PNG": Image.Format.PNG,
    "GIF": Image.Format.GIF,
    "WEBP": Image.Format.WEBP,
    "AVIF": Image.Format.AVIF,
}
_EXTENSIONS = {Image.Format.JPEG: "jpg"}
# How our kinds begin: a file that does and cannot be opened is damaged.
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")
_AVIF_SIGNATURES = (b"ftypavif", b"ftypavis")
# Enough of a file to see that it is a drawing in words.
_HEAD = 4096

TAKEN = "JPEG, PNG, GIF, WebP and AVIF are taken."


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored. ``width`` and ``height`` are pixels as seen; one frame stands.

    ``metadata`` is what the file says of itself; where it is broken, less or nothing.
    """

    file: File[Any]
    format: Image.Format
    width: int
    height: int
    frames: int
    content_hash: str
    metadata: Metadata

    @property
    def extension(self) -> str:
        return _EXTENSIONS.get(self.format, self.format.value)


def check(file: File[Any]) -> Checked:
    """Return what ``file`` is, or raise ``ValidationError`` with the reason; nothing is stored.

    The size is looked at before anything is read, the number of pixels before any is decoded.
    """
    if not file.size:
        raise ValidationError("The file is empty.", code="empty")
    if file.size > MAX_BYTES:
        raise ValidationError(
            f"The file is larger than {MAX_BYTES // 1024**2} MB. Save it smaller and try again.",
            code="too_many_bytes",
        )
    kind, size, frames = _inspect(file)
    return Checked(
        file=file,
        format=kind,
        width=size[0],
        height=size[1],
        frames=frames,
        content_hash=_hash(file),
        metadata=_metadata(file),
    )


def verdict(file: File[Any]) -> Checked | ValidationError:
    """As ``check``, with the refusal handed back: for callers that judge first and tell later."""
    try:
        return check(file)
    except ValidationError as refusal:
        return refusal


def _inspect(file: File[Any]) -> tuple[Image.Format, tuple[int, int], int]:
    file.seek(0)
    try:
        # Reads the header only.
        image = PIL.Image.open(bare(file), formats=DECODERS)
    except (PIL.Image.DecompressionBombWarning, PIL.Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except PIL.UnidentifiedImageError:
        raise _unknown(file) from None
    except Exception as error:  # decoders fail in every way on a bad file
        raise _broken() from error
    with image:
        kind = _KINDS[str(image.format)]
        _check_measures(image)
        frames = _check_frames(image, file)
        pixels = image.width * image.height
    # To the end, so that a cut-off file is seen now and not by a reader.
    size = size_of_whole(file, pixels=pixels)
    if size is None:
        raise _broken()
    # The second picture in a phone's JPEG is no movement.
    return kind, size, 1 if kind == Image.Format.JPEG else frames


def _check_measures(image: PIL.Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    if max(image.size) > MAX_SIDE:
        raise ValidationError(
            f"The picture is {image.width:,} by {image.height:,} pixels; a side may have "
            f"{MAX_SIDE:,}. Save it smaller and try again.",
            code="side",
        )


def _check_frames(image: PIL.Image.Image, file: File[Any]) -> int:
    try:
        # Pillow counts a GIF's frames by a walk that a hostile file makes endless.
        frames = (
            count_frames(file, most=MAX_FRAMES + 1)
            if image.format == "GIF"
            else getattr(image, "n_frames", 1)
        )
    except Exception as error:
        raise _broken() from error
    if frames > MAX_FRAMES:
        raise ValidationError(
            f"The picture moves through more than {MAX_FRAMES} frames. Save it shorter.",
            code="frames",
        )
    return int(frames)


def _metadata(file: File[Any]) -> Metadata:
    found = read(file)
    file.seek(0)
    return found


def _hash(file: File[Any]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _unknown(file: File[Any]) -> ValidationError:
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(_SIGNATURES) or head[4:12] in _AVIF_SIGNATURES:
        return _broken()
    if b"<svg" in head.replace(b"\0", b"").lower():
        text = f"SVG drawings are not taken, since they may hold scripts. {TAKEN}"
        return ValidationError(text, code="svg")
    return ValidationError(f"This is not a picture we can read. {TAKEN}", code="kind")


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        f"The picture has more than {MAX_PIXELS // 1_000_000} megapixels. Save it smaller and "
        "try again.",
        code="pixels",
    )


def _broken() -> ValidationError:
    return ValidationError(
        "The file is damaged or cut off: it cannot be read to its end. Get it again and try anew.",
        code="broken",
    )
