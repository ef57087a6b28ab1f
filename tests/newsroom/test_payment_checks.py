"""Keys for payments that would do harm are refused before the start."""

import pytest
from django.core.checks import run_checks

GOOD = {
    "STRIPE_SECRET_KEY": "sk_live_zyx",
    "STRIPE_WEBHOOK_SECRET": "whsec_zyx",
    "STRIPE_API_URL": "https://api.stripe.com",
    "IS_PRODUCTION": True,
}
OURS = ("newsroom.E012", "newsroom.E013", "newsroom.E015", "newsroom.W001")


def found(settings, **changes):
    for name, value in (GOOD | changes).items():
        setattr(settings, name, value)
    return [message.id for message in run_checks(tags=["newsroom"]) if message.id in OURS]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"STRIPE_SECRET_KEY": "rk_live_zyx"}, []),
        ({"STRIPE_SECRET_KEY": "", "STRIPE_WEBHOOK_SECRET": ""}, []),
        ({"STRIPE_SECRET_KEY": "sk_test_zyx"}, ["newsroom.W001"]),
        ({"STRIPE_SECRET_KEY": "sk_test_zyx", "IS_PRODUCTION": False}, []),
        ({"IS_PRODUCTION": False}, ["newsroom.E012"]),
        ({"STRIPE_SECRET_KEY": "rk_live_zyx", "IS_PRODUCTION": False}, ["newsroom.E012"]),
        ({"STRIPE_WEBHOOK_SECRET": ""}, ["newsroom.E013"]),
        ({"STRIPE_API_URL": "http://127.0.0.1:8123"}, ["newsroom.E015"]),
        ({"STRIPE_API_URL": ""}, ["newsroom.E015"]),
        (
            {
                "STRIPE_SECRET_KEY": "sk_test_zyx",
                "STRIPE_API_URL": "http://127.0.0.1:8123",
                "IS_PRODUCTION": False,
            },
            [],
        ),
    ],
)
def test_keys_fit_the_mode_and_each_other(settings, changes, expected):
    assert found(settings, **changes) == expected
