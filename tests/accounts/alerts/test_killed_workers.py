"""Workers in real processes: killed, doubled, and talking to a mail server that misbehaves.

Whatever happens, no reader gets two mails; each gets one, or stands as unknown for the desk.
"""

import datetime as dt
import subprocess
import sys

import pytest
from django.utils import timezone

from accounts.alerts.deliver import deliver_due, recover_stuck
from accounts.alerts.fan_out import announce_due
from accounts.models import Delivery
from tests import cast
from tests.accounts.alerts.people import follower
from tests.accounts.alerts.post_office import POINTS, PostOffice, Trap
from tests.conftest import DATA
from tests.live import ROOT, child_environment

pytestmark = pytest.mark.django_db(transaction=True)

READERS = 3
STATE = Delivery.State


def start(office: PostOffice, *doom: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.doomed", "alerts", *doom],
        cwd=ROOT,
        env=child_environment(DATA, EMAIL_URL=office.url),
    )


def finish() -> None:
    """What the next worker does: give up what is stuck, and go on with the rest."""
    later = timezone.now() + dt.timedelta(minutes=6)
    for _ in range(2):
        recover_stuck(later)
        announce_due(later)
        deliver_due(later)


def check(office: PostOffice, *, unknown: set[int]) -> None:
    rows = list(Delivery.objects.select_related("reader"))
    assert len(rows) == READERS
    for row in rows:
        got = office.taken[row.reader.email]
        assert got <= 1, "a reader got two mails"
        assert got == 1 or row.state == STATE.UNKNOWN, f"a mail was lost as {row.state}"
    assert sum(row.state == STATE.UNKNOWN for row in rows) in unknown
    assert {row.state for row in rows} <= {STATE.SENT, STATE.UNKNOWN}


@pytest.fixture
def story(office: PostOffice) -> None:
    for _ in range(READERS):
        follower()
    cast.make_story()


# The second mail of three, where there is one: so that something lies behind and before it.
NTH = {"connect": 1, "EHLO": 1}
# How many may stand as unknown. Once the server has answered, the worker may have noted the mail
# before it is killed, or not.
UNKNOWN = {"connect": {0}, "EHLO": {0}, "answered": {0, 1}}


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_while_it_talks_to_the_mail_server_sends_nothing_twice(
    point: str, office: PostOffice, story: None
) -> None:
    worker = start(office)

    def kill() -> None:
        worker.kill()
        worker.wait()

    office.at = trap = Trap(point, NTH.get(point, 2), kill)
    assert worker.wait(60) == -9
    assert trap.sprung.wait(5)
    office.at = lambda *_: None

    finish()

    check(office, unknown=UNKNOWN.get(point, {1}))


@pytest.mark.parametrize(
    ("doom", "unknown"),
    [
        (("before", 'UPDATE "articles_announcement"', "1"), 0),
        (("after", 'INSERT INTO "accounts_delivery"', "1"), 0),
        (("before", "done_at", "2"), 0),
        (("before", 'UPDATE "accounts_delivery"…EXISTS', "2"), 0),
        (("after", 'UPDATE "accounts_delivery"…EXISTS', "2"), 1),
        (("before", 'UPDATE "accounts_delivery"…sent_at', "2"), 1),
        (("after", 'UPDATE "accounts_delivery"…sent_at', "2"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_worker_killed_between_two_statements_sends_nothing_twice(
    doom: tuple[str, ...], unknown: int, office: PostOffice, story: None
) -> None:
    assert start(office, *doom).wait(60) == -9

    finish()

    check(office, unknown={unknown})


def test_two_workers_at_once_send_each_mail_once(office: PostOffice) -> None:
    readers = [follower() for _ in range(40)]
    cast.make_story()

    workers = [start(office) for _ in range(2)]

    assert [worker.wait(60) for worker in workers] == [0, 0]
    finish()
    assert office.taken == {reader.email: 1 for reader in readers}
    assert not Delivery.objects.exclude(state=STATE.SENT).exists()
    assert not Delivery.objects.exclude(attempts=1).exists()
