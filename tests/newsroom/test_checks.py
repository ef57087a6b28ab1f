"""System checks that look into the database."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from tests.cast import make_user

pytestmark = pytest.mark.django_db


def found():
    return [
        m for m in run_checks(tags=["newsroom"], databases=["default"]) if m.id.endswith("E009")
    ]


def test_production_refuses_a_demo_account(settings):
    settings.IS_PRODUCTION = True
    assert not found()
    make_user("chief@example.com")
    (message,) = found()
    assert "chief@example.com" in message.msg


def test_a_demo_account_that_was_closed_is_no_obstacle(settings):
    settings.IS_PRODUCTION = True
    make_user("chief@example.com", is_active=False)
    assert not found()


def test_the_demo_may_have_demo_accounts():
    make_user("chief@example.com")
    assert not found()


def test_the_check_keeps_quiet_before_the_first_migration(settings):
    settings.IS_PRODUCTION = True
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user RENAME TO accounts_user_away")
    assert not found()
