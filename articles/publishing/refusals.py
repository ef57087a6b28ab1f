"""Why the door stays shut. Each says to a person what is in the way, and nothing has changed."""

from collections.abc import Sequence

from articles.desk.merging import Conflict
from articles.desk.rules import Finding, Findings


class PublishRefused(Exception):
    """The story breaks a publish rule. ``findings`` says everything that is missing."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(" ".join(finding.text for finding in findings.missing))
        self.findings = findings

    @classmethod
    def because(cls, code: str, text: str, field: str = "work") -> "PublishRefused":
        """A refusal of one finding."""
        return cls(Findings((Finding(code, text, field),), ()))


class NotPublished(Exception):
    """There is nothing public, or nothing waiting, that this act could be about."""


class Misplaced(Exception):
    """The words to correct do not stand where they should."""


class QueueConflict(Exception):
    """The queued update changes the same places as what is to go out now: the desk decides.

    ``conflicts`` are those of ``articles.desk.merging``: mine goes out now, theirs waits.
    """

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(
            "The update that waits changes the same places. Decide which words it keeps."
        )
        self.conflicts = conflicts
