"""Once a month the desk is asked about complimentary subscriptions without an end (rules §8)."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.desk import open_ended
from accounts.models import DeskReport
from tests import cast
from tests.accounts.doors import run_tasks

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)


@pytest.fixture
def gift(reader):
    return cast.make_subscription(reader, kind="comp", ends_at=None, reason="Founding reader")


def mails():
    run_tasks()
    return mail.outbox


def test_the_desk_gets_one_mail_a_month_that_names_no_reader(jo, reader, gift):
    cast.staff("Editor")
    cast.make_subscription(cast.make_user(), kind="comp")
    cast.make_subscription(cast.make_user(), kind="comp", ends_at=None, ended_at=NOW)

    for _ in range(3):
        open_ended.report_monthly()

    (message,) = mails()
    assert message.to == [jo.email]
    assert message.subject == "1 complimentary subscription without an end"
    assert "Founding reader" in message.body
    assert f"/admin/accounts/user/by-id/{reader.public_id}/" in message.body
    assert reader.email not in message.body + message.alternatives[0][0]


def test_the_next_month_asks_again(jo, gift):
    # In New York it is still March at the second moment.
    for day, hour in ((31, 12), (32, 2), (33, 2)):
        at = dt.datetime(2027, 3, 1, tzinfo=dt.UTC) + dt.timedelta(days=day - 1, hours=hour)
        open_ended.report_monthly(at)

    assert len(mails()) == 2
    periods = DeskReport.objects.order_by("period").values_list("period", flat=True)
    assert list(periods) == ["2027-03", "2027-04"]


def test_with_none_there_is_no_mail(jo):
    open_ended.report_monthly()

    assert mails() == []


def test_the_list_shows_them(desk, reader, gift):
    cast.make_subscription(cast.make_user())

    page = desk.get(reverse("admin:accounts_subscription_changelist"), {"ends": "never"})

    assert list(page.context["cl"].result_list) == [gift]
