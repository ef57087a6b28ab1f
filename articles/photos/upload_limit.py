"""No more of a file is kept than we would take: a disk cannot be filled by one request."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from articles.photos.limits import MAX_BYTES


class LimitHandler(FileUploadHandler):
    """Stands before the handlers that store, and swallows what comes after the limit.

    A file cut here is still larger than the limit, so that its form can say why it was refused.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._received += len(raw_data)
        is_past = self._received - len(raw_data) > MAX_BYTES
        return None if is_past else raw_data

    def file_complete(self, file_size: int) -> None:
        return None
