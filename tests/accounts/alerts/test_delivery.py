"""Handing mails to a mail server that is well, unwell, or gone; over real SMTP on loopback."""

import datetime as dt
import time

import pytest
from django.utils import timezone

from accounts.alerts import deliver, follows
from accounts.alerts.deliver import PAUSES, deliver_due, recover_stuck
from accounts.alerts.fan_out import announce_due
from accounts.models import Delivery, User
from articles import publishing
from tests import cast
from tests.accounts.alerts.people import follower, tell
from tests.accounts.alerts.post_office import HANG_UP, PostOffice, Trap

pytestmark = pytest.mark.django_db

STATE = Delivery.State
MINUTES = dt.timedelta(minutes=1)


def row_of(user: User) -> Delivery:
    return Delivery.objects.get(reader=user)


def queue(*, readers: int = 1) -> list[User]:
    users = [follower() for _ in range(readers)]
    cast.make_story()
    announce_due(timezone.now())
    return users


def test_many_mails_go_over_one_line(office: PostOffice):
    users = queue(readers=5)

    done = deliver_due(timezone.now())

    assert done.sent == 5
    assert office.lines == 1
    assert office.taken == {user.email: 1 for user in users}
    assert {row.state for row in Delivery.objects.all()} == {STATE.SENT}
    assert row_of(users[0]).sent_at


def test_the_limit_is_kept(office: PostOffice):
    queue(readers=5)

    assert deliver_due(timezone.now(), limit=2).sent == 2
    assert deliver_due(timezone.now(), limit=2).sent == 2
    assert deliver_due(timezone.now(), limit=2).sent == 1
    assert deliver_due(timezone.now(), limit=2).total == 0


def test_the_queries_of_a_mail_do_not_grow_with_their_number(
    office: PostOffice, django_assert_max_num_queries
):
    queue(readers=20)

    # The claim and the note of each, and a handful for all.
    with django_assert_max_num_queries(2 * 20 + 20):
        assert deliver_due(timezone.now()).sent == 20


# --- What changed since it was queued -----------------------------------------------------------


def test_a_story_taken_off_the_site_is_no_longer_sent(office: PostOffice):
    user = follower()
    article = cast.make_article()
    cast.publish(article)
    announce_due(timezone.now())
    publishing.unpublish(article, editor=cast.ed())

    done = deliver_due(timezone.now())

    assert done.skipped == 1
    assert not office.taken
    assert row_of(user).state == STATE.SKIPPED
    publishing.publish(article, editor=cast.ed())
    assert tell().total == 0


def test_a_story_taken_off_while_its_mails_go_out_stops_them(office: PostOffice):
    for _ in range(4):
        follower()
    article = cast.make_article()
    cast.publish(article)
    announce_due(timezone.now())
    load = deliver.batch.load
    seen = []

    def then_unpublish(*args):
        parcels = load(*args)
        if not seen:
            publishing.unpublish(article, editor=cast.ed())
        seen.extend(parcels)
        return parcels

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver.batch, "load", then_unpublish)
        done = deliver_due(timezone.now())

    assert done.sent == 0
    assert done.skipped == 4
    assert not office.taken


def test_a_story_closed_meanwhile_is_sent_as_its_free_part(office: PostOffice):
    user = follower()
    article = cast.make_article(access="free")
    cast.publish(article)
    announce_due(timezone.now())
    load = deliver.batch.load
    seen = []

    def then_close(*args):
        parcels = load(*args)
        if not seen:
            article.access = "premium"
            article.save()
            cast.publish(article)
        seen.extend(parcels)
        return parcels

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver.batch, "load", then_close)
        deliver_due(timezone.now())

    assert [parcel.text.is_whole for parcel in seen] == [True, False]
    assert office.taken[user.email] == 1


@pytest.mark.parametrize(
    "leave",
    [
        lambda user: follows.unfollow(user, cast.lisa()),
        lambda user: follows.switch_story_mail(user.public_id, on=False),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    ],
    ids=["unfollowed", "unsubscribed", "closed"],
)
def test_who_left_meanwhile_gets_nothing(office: PostOffice, leave):
    [user] = queue()
    leave(user)

    deliver_due(timezone.now())

    assert not office.taken
    assert row_of(user).state == STATE.SKIPPED


# --- A mail server with words of its own --------------------------------------------------------


def test_a_refused_address_has_failed_with_the_servers_words(office: PostOffice):
    first, second = queue(readers=2)
    office.at = Trap("RCPT", 1, lambda: "550 No such person here")

    done = deliver_due(timezone.now())

    assert (done.refused, done.sent) == (1, 1)
    assert row_of(first).state == STATE.FAILED
    assert row_of(first).error == "550 No such person here"
    assert row_of(second).state == STATE.SENT
    assert deliver_due(timezone.now() + dt.timedelta(days=2)).total == 0


def test_a_refused_text_has_failed_and_was_taken_by_nobody(office: PostOffice):
    [user] = queue()
    office.at = Trap("text", 1, lambda: "554 Looks like spam")

    deliver_due(timezone.now())

    assert row_of(user).state == STATE.FAILED
    assert "spam" in row_of(user).error


@pytest.mark.parametrize(
    ("point", "answer"),
    [
        ("RCPT", "450 Come back later"),
        ("text", "452 No room"),
        ("MAIL", "451 Too many from you"),
        ("MAIL", "530 Who are you"),
        ("DATA", "421 Closing"),
    ],
)
def test_what_is_put_off_is_tried_again_later_and_sent_once(
    office: PostOffice, point: str, answer: str
):
    [user] = queue()
    at = timezone.now()
    office.at = lambda here, _: answer if here == point else None

    assert deliver_due(at).later == 1
    row = row_of(user)
    assert (row.state, row.attempts) == (STATE.QUEUED, 1)
    assert row.error
    assert deliver_due(at + MINUTES / 2).total == 0

    office.at = lambda *_: None
    assert deliver_due(at + 2 * MINUTES).sent == 1
    assert office.taken == {user.email: 1}


def test_a_mail_put_off_too_often_has_failed(office: PostOffice):
    [user] = queue()
    at = timezone.now()
    office.at = lambda here, _: "450 Not now" if here == "RCPT" else None

    for pause in PAUSES:
        assert deliver_due(at).later == 1
        at += pause + dt.timedelta(seconds=1)
    assert deliver_due(at).refused == 1

    assert row_of(user).state == STATE.FAILED
    assert "Not now" in row_of(user).error


# --- A line that breaks -------------------------------------------------------------------------


def test_a_line_lost_before_the_text_is_opened_anew_at_once(office: PostOffice):
    users = queue(readers=3)
    office.at = Trap("MAIL", 2, lambda: HANG_UP)

    done = deliver_due(timezone.now())

    assert done.sent == 3
    assert office.lines == 2
    assert office.taken == {user.email: 1 for user in users}


def test_a_server_that_ends_the_line_after_one_mail_gets_a_line_for_each(office: PostOffice):
    queue(readers=3)
    said: list[str] = []

    def one_a_line(point: str, _: str) -> str | None:
        if point == "connect":
            said.clear()
        if point == "MAIL":
            said.append("MAIL")
            return "421 One mail a line" if len(said) > 1 else None
        return None

    office.at = one_a_line

    assert deliver_due(timezone.now()).sent == 3
    assert office.lines == 3


@pytest.mark.parametrize("point", ["text", "taken"])
def test_a_line_lost_after_the_text_leaves_the_mail_unknown_for_good(
    office: PostOffice, point: str
):
    first, second = queue(readers=2)
    office.at = Trap(point, 1, lambda: HANG_UP)

    done = deliver_due(timezone.now())

    assert (done.unknown, done.sent) == (1, 1)
    assert row_of(first).state == STATE.UNKNOWN
    assert row_of(second).state == STATE.SENT
    assert deliver_due(timezone.now() + dt.timedelta(days=2)).total == 0
    assert office.taken[first.email] == (1 if point == "taken" else 0)


def test_a_mail_that_breaks_the_line_each_time_does_not_hold_up_the_others(office: PostOffice):
    first, *others = queue(readers=3)
    office.at = lambda point, address: (
        HANG_UP if point == "RCPT" and address == first.email else None
    )

    done = deliver_due(timezone.now())

    assert (done.later, done.sent) == (1, 2)
    assert row_of(first).state == STATE.QUEUED
    assert office.taken == {user.email: 1 for user in others}


def test_a_silent_server_is_given_up_on_and_nothing_is_sent_twice(office: PostOffice, settings):
    settings.EMAIL_TIMEOUT = 0.5
    first, _ = queue(readers=2)

    office.at = Trap("taken", 1, lambda: time.sleep(1.5))

    done = deliver_due(timezone.now())

    assert (done.unknown, done.sent) == (1, 1)
    assert row_of(first).state == STATE.UNKNOWN
    assert max(office.taken.values()) == 1


def test_an_unreachable_server_costs_no_mail_an_attempt_and_gets_rest(office: PostOffice, settings):
    [user] = queue()
    at = timezone.now()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    assert deliver_due(at).total == 0
    assert (row_of(user).state, row_of(user).attempts) == (STATE.QUEUED, 0)
    settings.EMAIL_PORT = port
    assert deliver_due(at + dt.timedelta(seconds=3)).total == 0, "it rests"
    assert deliver_due(at + dt.timedelta(seconds=6)).sent == 1


def test_a_server_gone_in_the_middle_leaves_the_rest_waiting(office: PostOffice):
    queue(readers=3)
    answers = iter([None, "421 Going down", "421 Going down"])
    lines = iter([None, "421 Down"])
    office.at = lambda point, _: (
        next(answers) if point == "MAIL" else next(lines) if point == "connect" else None
    )
    at = timezone.now()

    assert deliver_due(at).sent == 1

    assert Delivery.objects.filter(state=STATE.QUEUED, attempts=0, claimed_at=None).count() == 2
    office.at = lambda *_: None
    assert deliver_due(at + MINUTES).sent == 2
    assert max(office.taken.values()) == 1


# --- Workers that died --------------------------------------------------------------------------


def test_what_a_dead_worker_had_begun_is_unknown_after_five_minutes(office: PostOffice):
    [user] = queue()
    now = timezone.now()
    Delivery.objects.update(state=STATE.SENDING, claimed_at=now)

    assert recover_stuck(now + 4 * MINUTES) == 0
    assert recover_stuck(now + 6 * MINUTES) == 1

    assert row_of(user).state == STATE.UNKNOWN
    assert deliver_due(now + 10 * MINUTES).total == 0


def test_a_worker_that_was_only_slow_still_notes_what_it_knows(office: PostOffice):
    [user] = queue()

    def give_up() -> None:
        recover_stuck(timezone.now() + 6 * MINUTES)

    send = deliver.Line.send
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver.Line, "send", lambda line, mail: (send(line, mail), give_up())[0])
        deliver_due(timezone.now())

    assert row_of(user).state == STATE.SENT


def test_a_mail_that_cannot_be_written_fails_alone(office: PostOffice):
    first, _ = queue(readers=2)
    User.objects.filter(pk=first.pk).update(email="broken\n@example.com")
    first.emailaddress_set.update(email="broken\n@example.com")

    done = deliver_due(timezone.now())

    assert (done.refused, done.sent) == (1, 1)
    assert row_of(first).state == STATE.FAILED
