"""Picture files in a bucket that speaks S3, as django-storages keeps them.

A bucket fails in words of its own. Here they become those of a disk, so that whoever asks a storage
need not know which it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

# Seconds. A reader waits for these, and so does one of few threads.
CONNECT_TIMEOUT = 3
READ_TIMEOUT = 15
ATTEMPTS = 2
# Bytes; larger files go through a temporary file.
HELD_IN_MEMORY = 4 * 1024 * 1024


class BucketStorage(S3Storage):  # type: ignore[misc]  # the library has no types
    """A folder of a bucket. ``url`` gives addresses of this site, never the bucket's.

    Raises ``OSError`` where the bucket does not answer or refuses, ``FileNotFoundError`` where it
    has no such file.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=_config(options.get("endpoint_url")), **options)

    def get_default_settings(self) -> dict[str, Any]:
        """What can be given in OPTIONS: all that the library knows, and ``base_url``."""
        known: dict[str, Any] = super().get_default_settings()
        return known | {"base_url": None, "max_memory_size": HELD_IN_MEMORY}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """The path on this site. Raises ``ValueError`` for files that have no address."""
        if self.base_url is None:
            raise ValueError("Originals have no address.")
        return f"{self.base_url}{name}"

    def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no error."""
        with _failing_as_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such a file. A folder is none."""
        with _failing_as_a_disk():
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The names of folders and of files in ``path``; none where nothing was ever stored."""
        with _failing_as_a_disk():
            folders, files = super().listdir(path)
            return folders, files

    def size(self, name: str) -> int:
        """Bytes."""
        with _failing_as_a_disk():
            return int(super().size(name))

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with _failing_as_a_disk():
            file: File[bytes] = super()._open(name, mode)
            # Fetched here and now: later it could only fail in the bucket's words.
            return file.open(mode)

    def _save(self, name: str, content: File[Any]) -> str:
        with _failing_as_a_disk():
            return str(super()._save(name, content))


@contextmanager
def _failing_as_a_disk() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise OSError(f"the bucket failed: {error}") from error


def _config(endpoint: str | None) -> Config:
    # Servers of one's own seldom know Amazon's newer check sums, or a host name for each bucket.
    check_sums = "when_required" if endpoint else "when_supported"
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "auto"},
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        retries={"mode": "standard", "max_attempts": ATTEMPTS},
        request_checksum_calculation=check_sums,
        response_checksum_validation=check_sums,
    )
