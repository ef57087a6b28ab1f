"""Files that nobody should have to trust, all made here, the same each time.

``CORPUS`` has for each its maker and what becomes of it: the code it is refused with, or ``TAKEN``
where it shows a whole picture. What is taken is kept as it came, for staff, and never served: the
public files are drawn anew from its pixels.
"""

from collections.abc import Callable
from typing import NamedTuple

from tests.articles.photos.hostile import boxes, gifs, jpegs, others, pngs, words

TAKEN = "taken"
_ROOMS = (others, jpegs, pngs, gifs, boxes, words)


class Hostile(NamedTuple):
    make: Callable[[], bytes]
    verdict: str


CORPUS = {name: Hostile(make, TAKEN) for room in _ROOMS for name, make in room.TAKEN.items()} | {
    name: Hostile(make, code) for room in _ROOMS for name, (make, code) in room.REFUSED.items()
}

# What a browser says of a picture's name. None of it decides anything.
NAMES = {
    "a path": "../../../etc/cron.d/picture.jpg",
    "a path of Windows": "C:\\\\Windows\\\\system32\\\\picture.jpg",
    "a NUL": "picture.php\0.jpg",
    "letters from right to left": "picture\u202egpj.exe",
    "nine hundred letters": "p" * 900 + ".jpg",
    "no letters": "....",
    "a page": '<img src=x onerror=alert(1)>".jpg',
    "a program": "picture.php",
    "a drawing": "picture.svg",
    "lines": "picture\r\nX-Evil: 1.jpg",
    "a device": "CON.jpg",
    "signs of all the world": "Schiff ⛵ 船.jpg",
}
TYPES = ("text/html", "image/svg+xml", "application/x-php", "image/heic", "nonsense", "")
