"""What a follower gets, and what never travels by mail."""

import pytest

from tests import cast
from tests.accounts.alerts.people import (
    LEAKS,
    follower,
    mails_to,
    premium_story,
    tell,
    whole,
)

pytestmark = pytest.mark.django_db


def test_a_premium_story_reaches_three_followers_each_as_far_as_the_plan_goes():
    subscriber = follower(user=cast.sam())
    lapsed = follower(user=cast.lapsed())
    without = follower()
    story = premium_story()

    tell()

    assert [len(mails_to(user)) for user in (subscriber, lapsed, without)] == [1, 1, 1]
    full = whole(mails_to(subscriber)[0])
    assert all(marker in full for name, marker in LEAKS.items() if name != "alt")
    assert "[Picture: Quarry at dusk. Ana Duarte / Testing Pictures.]" in full
    for user in (lapsed, without):
        text = whole(mails_to(user)[0])
        assert [
            name for name, marker in LEAKS.items() if marker.casefold() in text.casefold()
        ] == []
        assert "eleven ships" in text
        assert story.path in text
    assert "Your subscription has ended" in whole(mails_to(lapsed)[0])
    assert "With a subscription" in whole(mails_to(without)[0])
