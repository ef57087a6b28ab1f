"""Writing an original where originals lie, which may fail for no fault of the desk."""

import logging

from articles.models import Image
from articles.photos.uploads import Checked

logger = logging.getLogger(__name__)


class NotStored(Exception):
    """The file could not be written: no room, or its place does not answer. Try again later."""


def store(image: Image, upload: Checked) -> None:
    """Write ``upload`` and name it in ``image``, unsaved. Raises ``NotStored``."""
    try:
        image.file.save(f"picture.{upload.extension}", upload.file, save=False)
    except OSError as error:
        logger.exception("An original could not be stored")
        raise NotStored("The file could not be stored: there is no room for it now.") from error
