"""What the worker does about money."""

from accounts.billing import posting, reconciling, working_off


def work_off() -> int:
    """Look at what the provider told of. Out: how much there was."""
    return working_off.work_off()


def send_mails() -> None:
    """Send the mails about money that are due."""
    posting.send_due()


def reconcile() -> None:
    """Once a day: look at everything, and forget old notices."""
    reconciling.look_at_all()
    reconciling.forget_old()
