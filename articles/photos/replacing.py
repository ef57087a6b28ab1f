"""Another file for a picture that keeps its words, its uses and its number."""

from typing import Any

from django.db import transaction

from articles.models import FormerFile, Image
from articles.photos import filling, former_names, log, withdrawing
from articles.photos.storing import store
from articles.photos.uploads import Checked


class NotReplaced(Exception):
    """The file stays as it was. The message is for a person."""


def replace(image: Image, upload: Checked, *, by: Any, seen: str) -> list[str]:
    """Make ``upload`` the file of ``image``; ``seen`` is the content hash that the person saw.

    What was typed stays, and what is empty is filled with what the new file says. The old original
    is kept as a ``FormerFile``; its public name is retired, and its public files go after the
    commit. Out: the fields that were filled. Raises ``NotReplaced`` and
    ``NotStored``.
    """
    new = Image(file=image.file.name, pk=image.pk)
    store(new, upload)
    try:
        with transaction.atomic():
            return _replace(image, str(new.file.name), upload, by=by, seen=seen)
    except BaseException:
        new.file.storage.delete(str(new.file.name))
        raise


def _replace(image: Image, file: str, upload: Checked, *, by: Any, seen: str) -> list[str]:
    stored = Image.objects.select_for_update().filter(pk=image.pk).first()
    if stored is None:
        raise NotReplaced("The picture was taken out of the library meanwhile.")
    if stored.content_hash != seen:
        raise NotReplaced("Another person replaced the file meanwhile. Look at it first.")
    if stored.content_hash == upload.content_hash:
        raise NotReplaced("This is the very file that the picture has already.")
    before = stored.rendition_name
    former = _keep(stored, by=by)
    filled = _take(stored, file, upload)
    stored.save()
    former_names.rename(before, stored.rendition_name)
    withdrawing.bring_back(stored)
    _record(stored, former, filled, by=by)
    image.refresh_from_db()
    return filled


def _keep(image: Image, *, by: Any) -> FormerFile:
    return FormerFile.objects.create(
        image=image,
        file=str(image.file.name),
        original_name=image.original_name,
        format=image.format,
        width=image.width,
        height=image.height,
        content_hash=image.content_hash,
        file_metadata=image.file_metadata,
        replaced_by=by,
    )


def _take(image: Image, file: str, upload: Checked) -> list[str]:
    image.file = file
    image.original_name = str(upload.file.name or "").rsplit("/", 1)[-1][-255:]
    image.format = upload.format
    image.width, image.height = upload.width, upload.height
    image.frames = upload.frames
    image.content_hash = upload.content_hash
    image.colour = ""
    return filling.fill(image, upload.metadata)


def _record(image: Image, former: FormerFile, filled: list[str], *, by: Any) -> None:
    details = {
        "file": [former.original_name, image.original_name],
        "content_hash": [former.content_hash, image.content_hash],
    }
    if filled:
        details["from_the_file"] = filled
    log.record(image, by=by, note="Replaced the file", details=details)
