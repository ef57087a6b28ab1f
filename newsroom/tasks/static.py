"""Static files for the server, collected when something about them changed."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Collect, name by content and compress the static files. Out: whether that was needed."""
    note = settings.STATIC_ROOT / ".collected"
    fingerprint = _fingerprint()
    if note.exists() and note.read_text() == fingerprint:
        return False
    note.unlink(missing_ok=True)
    # Nothing is cleared: pages that are out in caches still ask for files of the last version.
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(fingerprint)
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256(staticfiles_storage.__class__.__name__.encode())
    for finder in get_finders():
        for path, storage in finder.list(None):
            facts = (storage.size(path), storage.get_modified_time(path).timestamp())
            digest.update(f"{path}{facts}".encode())
    return digest.hexdigest()
