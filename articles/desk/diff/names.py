"""The names of the things that contents point at by number."""

from dataclasses import dataclass
from typing import Any

from articles import body
from articles.models import Author, Image, Section, Topic
from articles.photos.credits import credit_of
from articles.photos.renditions import picture

_MODELS: dict[str, Any] = {
    "section": Section,
    "lead_image": Image,
    "author": Author,
    "topics": Topic,
}


@dataclass(frozen=True, slots=True)
class Thumb:
    """A picture of the library, small: address, size in pixels, and the library's words."""

    src: str
    width: int
    height: int
    title: str
    caption: str
    alt: str
    credit: str


class Names:
    """What some contents (in the shape of ``revisions.snapshot``) point at, each kind read once."""

    def __init__(self, *contents: dict[str, Any]) -> None:
        wanted: dict[str, set[int]] = {kind: set() for kind in _MODELS}
        for content in contents:
            for kind, key in _references(content):
                if isinstance(key, int):
                    wanted[kind].add(key)
        self._things = {
            kind: model.objects.in_bulk(wanted[kind]) if wanted[kind] else {}
            for kind, model in _MODELS.items()
        }

    def name(self, kind: str, key: Any) -> str:
        """The name of a "section", "lead_image", "author" or one of "topics"; "" for none.

        A thing that is gone is told by its number, and what never was a number as it was typed.
        """
        if key in (None, ""):
            return ""
        if not isinstance(key, int):
            return str(key)
        return str(self._things[kind].get(key) or f"No. {key}, no longer there")

    def thumb(self, key: Any) -> Thumb | None:
        """The picture with that number, or None if there is none any more."""
        image = self._things["lead_image"].get(key) if isinstance(key, int) else None
        if image is None:
            return None
        shown = picture(image)
        return Thumb(
            src=shown.jpeg_srcset.split()[0],
            width=shown.width,
            height=shown.height,
            title=str(image),
            caption=image.caption,
            alt="" if image.is_decorative else image.alt_text,
            credit=str(credit_of(image)),
        )


def _references(content: dict[str, Any]) -> list[tuple[str, Any]]:
    figures = body.image_ids(body.sanitise(str(content.get("body") or "")))
    return [
        ("section", content.get("section")),
        ("lead_image", content.get("lead_image")),
        *(("lead_image", number) for number in figures),
        *(("author", row.get("author")) for row in content.get("bylines") or ()),
        *(("topics", topic) for topic in content.get("topics") or ()),
    ]
