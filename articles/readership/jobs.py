"""What the worker does for the lists of what is read."""

from django.utils import timezone

from articles.readership import keeping, rolling_up


def renew_most_read() -> None:
    """Put the most read stories in their order of now."""
    rolling_up.roll_up(timezone.now())


def forget_old_reads() -> None:
    """Remove the counts that no list asks for any more."""
    keeping.forget_old(timezone.now())
