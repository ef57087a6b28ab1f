"""What a picture may be at most. Importing this makes Pillow's warning about bombs an error."""

import warnings

import PIL.Image

MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 50_000_000
# Their decoders need the memory of five pictures for one.
MAX_PIXELS_OF = {"WEBP": 25_000_000, "AVIF": 25_000_000}
# WebP holds no side over 16,383 pixels.
MAX_SIDE = 16_000
MAX_FRAMES = 200
# Of all frames of one that moves: each is decoded, here and for its renditions.
MAX_MOVING_PIXELS = 100_000_000

# The decoders we let near a file, whatever it calls itself. A phone's JPEG with a second picture
# in it (MPO) comes through the first.
DECODERS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")

PIL.Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=PIL.Image.DecompressionBombWarning)


def most_pixels(kind: str) -> int:
    """How many pixels a picture of a kind, one of ``DECODERS``, may have."""
    return MAX_PIXELS_OF.get(kind, MAX_PIXELS)
