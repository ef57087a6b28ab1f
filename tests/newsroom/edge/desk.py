"""The subscriptions desk in a process of its own: ``python -m tests.newsroom.edge.desk LOG USER…``.

It gives readers a subscription, ends or refunds it, and signs out their only device, without end,
and writes it down as the publisher does. It is killed at any point.
"""

import json
import random
import sys
import time
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402

from accounts import devices, entitlements, subscriptions  # noqa: E402
from accounts.models import Device, User  # noqa: E402
from tests import cast  # noqa: E402

PAUSE = 0.1
SIGNED_OUT_ONE_IN = 60


def main(log: Path, readers: list[int]) -> None:
    chance = random.Random()
    gone: set[int] = set()
    while len(gone) < len(readers):
        user = User.objects.get(pk=chance.choice(readers))
        is_last = not devices.live(user).exists() or chance.randrange(SIGNED_OUT_ONE_IN) == 0
        act = "signed out" if is_last else chance.choice(("subscriber", "none"))
        fact = {"reader": user.pk, "number": time.monotonic_ns(), "act": act}
        _write(log, fact | {"began": time.monotonic()})
        if user.pk not in gone:
            _do(user, act, chance)
        if is_last:
            gone.add(user.pk)
        _write(log, fact | {"done": time.monotonic()})
        time.sleep(PAUSE)


def _do(user: User, act: str, chance: random.Random) -> None:
    at = timezone.now()
    running = entitlements.running(user, at)
    if act == "signed out":
        devices.end_others(user, None, ending=Device.Ending.BY_THE_DESK, by="", at=at)
    elif act == "subscriber" and not running:
        cast.make_subscription(user)
    elif act == "none" and chance.randrange(2):
        for subscription in running:
            subscriptions.end(subscription, reason="Asked for", by=cast.ed())
    elif act == "none":
        user.subscriptions.filter(ended_at=None).update(ended_at=at, ending="refunded")


def _write(log: Path, line: dict[str, object]) -> None:
    with log.open("a") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]])
