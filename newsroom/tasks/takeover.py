"""Taking over a new version while readers are served: prepare, then replace process by process."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass

from newsroom.tasks.children import Child


@dataclass
class Takeover:
    """Puts the code that now lies on the disk in the place of what the children run.

    The server starts new workers beside the old ones and lets those go when they are idle (see
    ``draining``), so no request is lost. The database is brought up to date first, while the old
    version still answers: migrations must suit both.
    """

    web: Child
    worker: Child
    preparation: subprocess.Popen[bytes] | None = None
    is_wanted: bool = False

    def ask(self) -> None:
        """Begin at the next look; while one is under way, once more after it."""
        self.is_wanted = True

    def look(self) -> str:
        """Go on with it. Out: what happened, in words, or an empty text."""
        if self.preparation is None:
            return self._begin() if self.is_wanted else ""
        code = self.preparation.poll()
        if code is None:
            return ""
        self.preparation = None
        if code:
            return "The new version could not be prepared, see above. The one so far goes on."
        self.web.tell(signal.SIGHUP)
        self.worker.tell(signal.SIGTERM)
        return "The new version is prepared; its processes take over one by one."

    def stop(self) -> None:
        """End a preparation that is under way; what it has committed stays."""
        if self.preparation is not None:
            self.preparation.terminate()
            self.preparation.wait()

    def _begin(self) -> str:
        self.is_wanted = False
        # A process of its own, for ours has the old code loaded.
        command = [sys.executable, "manage.py", "prepare", f"--ends-with={os.getpid()}"]
        self.preparation = subprocess.Popen(command, process_group=0)  # noqa: S603
        return "Preparing the new version …"
