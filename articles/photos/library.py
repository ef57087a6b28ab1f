"""What happens to pictures of the library: taken in, corrected, taken out."""

import datetime as dt
from functools import partial
from typing import Any

from django.core.files.storage import storages
from django.db import transaction

from articles.models import Image
from articles.photos import filling, former_names, log, rights, withdrawing
from articles.photos.storing import store
from articles.photos.tasks import make_renditions
from articles.photos.uploads import Checked
from articles.photos.uses import InUse, uses

# What a person says about a picture, and may correct.
WORDS = (
    "creator",
    "credit",
    "source",
    "copyright_notice",
    "licence",
    "cc_licence",
    "licence_terms",
    "licence_starts",
    "licence_ends",
    "on_web",
    "on_social",
    "in_mail",
    "web_statement",
    "licensor_url",
    "data_mining",
    "digital_source_type",
    "date_created",
    "caption",
    "alt_text",
    "is_decorative",
    "focal_x",
    "focal_y",
    "section",
)
# What decides whether its files may be public.
RIGHTS = frozenset(rights.COLUMNS)


def add(image: Image, upload: Checked, *, by: Any) -> Image:
    """Store ``upload`` as the file of the new ``image``, whose words are set. Out: the saved row.

    Words that are empty are filled with what the file says, and what it says is kept.
    ``by`` is the user who uploads, or None for the system. Raises ``NotStored``.
    """
    name = str(upload.file.name or "")
    image.original_name = name.rsplit("/", 1)[-1][-255:]
    image.format = upload.format
    image.width, image.height = upload.width, upload.height
    image.frames = upload.frames
    image.content_hash = upload.content_hash
    image.created_by = by
    filled = filling.fill(image, upload.metadata)
    store(image, upload)
    try:
        with transaction.atomic():
            image.save()
            details = {"from_the_file": ", ".join(filled)} if filled else None
            log.record(image, by=by, note="Added", details=details)
            _make_renditions_later(image)
    except BaseException:
        image.file.storage.delete(str(image.file.name))
        raise
    return image


def correct(image: Image, *, by: Any) -> list[str]:
    """Save the corrected words of ``image``, with an Event. Out: the fields that changed.

    Pages look pictures up when they are rendered, so the correction shows at once.
    """
    with transaction.atomic():
        before = Image.objects.select_for_update().get(pk=image.pk)
        kept = (*WORDS, "alt_text_reviewed")
        changed = [name for name in kept if _kept(before, name) != _kept(image, name)]
        if changed:
            image.save(update_fields=changed)
            details = {name: [_kept(before, name), _kept(image, name)] for name in changed}
            log.record(image, by=by, note="Changed", details=details)
        former_names.rename(before.rendition_name, image.rendition_name)
        if image.rendition_name != before.rendition_name or RIGHTS.intersection(changed):
            withdrawing.bring_back(image)
    return changed


def _kept(image: Image, name: str) -> Any:
    """A value as an event keeps it; a row by its number."""
    value = getattr(image, f"{name}_id" if name == "section" else name)
    return value.isoformat() if isinstance(value, dt.datetime) else value


def take_out(image: Image, *, by: Any) -> None:
    """Delete a picture and its files, with an Event. Raises ``InUse`` where it is used."""
    with transaction.atomic():
        former = image.former_files.values_list("file", flat=True)
        originals = [str(image.file.name), *former]
        if found := uses(image):
            raise InUse(found)
        log.record(image, by=by, note="Deleted")
        former_names.retire(image.rendition_name)
        image.delete()
        for original in originals:
            transaction.on_commit(partial(storages["default"].delete, original))


def _make_renditions_later(image: Image) -> None:
    transaction.on_commit(partial(make_renditions.enqueue, image.pk))
