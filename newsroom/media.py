"""Where pictures lie: in directories of this machine, or in a bucket that speaks S3.

Both hold two kinds: originals, for staff only and never served by address, and the public files.
The code that reads and writes them is the same.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from newsroom.environment import Environment

_PUBLIC = "/media/r/"
# For whoever hands files out past the newsroom, and so does not know when a licence ends.
_ASK_EACH_TIME = "public, no-cache"


@dataclass(frozen=True)
class Bucket:
    """What the environment says of a bucket. Empty: not said."""

    name: str
    endpoint: str
    region: str
    access_key: str
    secret_key: str

    @classmethod
    def named_in(cls, env: Environment) -> "Bucket":
        """The bucket of the variables ``MEDIA_S3_…``."""
        return cls(
            name=env.str("MEDIA_S3_BUCKET", default=""),
            endpoint=env.str("MEDIA_S3_ENDPOINT", default=""),
            region=env.str("MEDIA_S3_REGION", default=""),
            access_key=env.str("MEDIA_S3_ACCESS_KEY", default=""),
            secret_key=env.str("MEDIA_S3_SECRET_KEY", default=""),
        )

    def problems(self) -> list[str]:
        """What of it would go wrong later, as sentences."""
        others = ("endpoint", "region", "access_key", "secret_key")
        given = [f"MEDIA_S3_{each.upper()}" for each in others if getattr(self, each)]
        if not self.name:
            return [f"MEDIA_S3_BUCKET is missing, and {given[0]} is set"] if given else []
        found = []
        if bool(self.access_key) != bool(self.secret_key):
            lacking = "SECRET" if self.access_key else "ACCESS"
            found.append(f"MEDIA_S3_{lacking}_KEY is missing, and the other key is set")
        if self.endpoint and not self.endpoint.startswith(("https://", "http://")):
            found.append("MEDIA_S3_ENDPOINT does not begin with https://")
        if find_spec("storages") is None or find_spec("boto3") is None:
            found.append("the package django-storages[s3] is not installed")
        return found


def storages_of(bucket: Bucket, *, data: Path) -> dict[str, dict[str, Any]]:
    """The originals ("default") and the public files ("renditions") as Django's STORAGES."""
    if bucket.name and not bucket.problems():
        return {
            "default": _in_bucket(bucket, "originals"),
            "renditions": _in_bucket(
                bucket,
                "renditions",
                # A file is written whole, again the same, and never another under its name.
                file_overwrite=True,
                base_url=_PUBLIC,
                object_parameters={"CacheControl": _ASK_EACH_TIME},
            ),
        }
    return {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": data / "originals", "base_url": None},
        },
        "renditions": {
            "BACKEND": "articles.photos.storage.WholeFileStorage",
            "OPTIONS": {"location": data / "renditions", "base_url": _PUBLIC},
        },
    }


def _in_bucket(bucket: Bucket, folder: str, **options: Any) -> dict[str, Any]:
    return {
        "BACKEND": "articles.photos.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": bucket.name,
            "endpoint_url": bucket.endpoint or None,
            "region_name": bucket.region or None,
            # Without keys, those of the machine's role.
            "access_key": bucket.access_key or None,
            "secret_key": bucket.secret_key or None,
            "location": folder,
            "file_overwrite": False,
            **options,
        },
    }
