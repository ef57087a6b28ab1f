"""Keys that make themselves, for newsrooms that are tried out."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def kept_key(path: Path) -> str:
    """A key of the demo: made once, readable by the owner only."""
    try:
        # Two processes may start at once: the key is whole before it has its name.
        if not path.exists():
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(50))
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text()
    except OSError:
        return secrets.token_urlsafe(50)  # a check refuses to start without a data folder
