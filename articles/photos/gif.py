"""How many frames a GIF has, counted from its blocks without decoding one."""

from typing import IO

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B


def count_frames(file: IO[bytes], *, most: int) -> int:
    """Return the number of frames, at most ``most``. Raises ``EOFError`` for a cut-off file."""
    file.seek(0)
    _skip_palette(file, _exactly(file, 13)[10])
    frames = 0
    while frames < most:
        kind = file.read(1)
        # Some programs leave out the end mark.
        if not kind or kind[0] == _END:
            break
        if kind[0] == _IMAGE:
            _skip_palette(file, _exactly(file, 9)[8])
            frames += 1
        elif kind[0] != _EXTENSION:
            continue
        _exactly(file, 1)
        _skip_blocks(file)
    return frames


def _skip_blocks(file: IO[bytes]) -> None:
    while length := _exactly(file, 1)[0]:
        _exactly(file, length)


def _skip_palette(file: IO[bytes], flags: int) -> None:
    if flags & 0x80:
        _exactly(file, 3 * 2 ** ((flags & 0x07) + 1))


def _exactly(file: IO[bytes], length: int) -> bytes:
    data: bytes = file.read(length)
    if len(data) < length:
        raise EOFError
    return data
