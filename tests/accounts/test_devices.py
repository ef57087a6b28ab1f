"""The limit of devices, as readers meet it (rules §7)."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Device, DeviceOverride, Plan
from tests import cast
from tests.accounts.doors import (
    FIREFOX,
    SAFARI,
    fill,
    pending,
    preselected,
    run_tasks,
    sign_in,
    signed_in,
)
from tests.accounts.doors import browser as new_browser

pytestmark = pytest.mark.django_db

CHOOSE = "/account/devices/choose/"


@pytest.fixture
def max_():
    return cast.max_()


@pytest.fixture
def premium():
    cast.make_publication()
    return cast.make_story(access="premium").get_absolute_url()


@pytest.fixture
def free():
    return cast.make_story().get_absolute_url()


def live(user):
    return list(Device.objects.filter(user=user, ended_at=None).order_by("slot"))


def is_full(client, path):
    return client.get(path).context["page"].is_full


def test_five_browsers_take_slots_one_to_five(max_):
    fill(max_)

    assert [device.slot for device in live(max_)] == [1, 2, 3, 4, 5]


def test_the_sixth_gets_the_choice_page_and_nothing_is_ended(max_):
    fill(max_)

    client = pending(max_)

    page = client.get(CHOOSE).content.decode()
    assert "That is one device too many" in page
    assert len(live(max_)) == 5
    assert page.count('type="radio"') == 5


def test_a_pending_reader_sees_no_account_and_reads_free_stories(max_, premium, free):
    fill(max_)
    client = pending(max_)

    for path in ("/account/", "/account/devices/", "/account/name/"):
        assert client.get(path).status_code == 302
    assert "max@example.com" not in client.get("/account/devices/choose/").content.decode()
    assert is_full(client, free)
    assert not is_full(client, premium)
    assert client.get(premium)["Cache-Control"] == "private, no-store"


def test_the_longest_unseen_is_preselected(max_):
    fill(max_)
    third = live(max_)[2]
    Device.objects.filter(pk=third.pk).update(last_seen_at=timezone.now() - dt.timedelta(days=3))

    page = pending(max_).get(CHOOSE).content.decode()

    assert preselected(page) == [str(third.pk)]


def test_choosing_ends_that_one_and_admits_this_one(max_, premium):
    clients = fill(max_)
    first = live(max_)[0]
    client = pending(max_, SAFARI)

    response = client.post(CHOOSE, {"device": first.pk})

    assert response["Location"] == "/account/"
    assert is_full(client, premium)
    assert not is_full(clients[0], premium)
    assert is_full(clients[1], premium)
    newest = live(max_)[0]
    assert (newest.slot, newest.name) == (1, "Safari on iPhone")


def test_choosing_leads_back_to_the_story(max_):
    fill(max_)
    client = new_browser()
    sign_in(client, max_.email, next="/latest/")

    response = client.post(CHOOSE, {"device": live(max_)[0].pk})

    assert response["Location"] == "/latest/"


def test_a_choice_already_gone_is_refused_in_words_and_can_be_made_again(max_):
    fill(max_)
    first, second = live(max_)[:2]
    one, other = pending(max_), pending(max_)
    one.post(CHOOSE, {"device": first.pk})

    refused = other.post(CHOOSE, {"device": first.pk})

    assert refused.status_code == 409
    assert "Things changed meanwhile" in refused.content.decode()
    assert len(live(max_)) == 5
    assert other.post(CHOOSE, {"device": second.pk})["Location"] == "/account/"


@pytest.mark.parametrize("value", ["", "abc", "999999999", "9" * 400, "-1"])
def test_a_choice_that_is_none_changes_nothing(max_, value):
    fill(max_)
    client = pending(max_)

    assert client.post(CHOOSE, {"device": value}).status_code == 409
    assert len(live(max_)) == 5


def test_nobody_ends_the_device_of_somebody_else(max_):
    fill(max_)
    sam = cast.sam()
    signed_in(sam)
    theirs = live(sam)[0]
    client = pending(max_)

    assert client.post(CHOOSE, {"device": theirs.pk}).status_code == 409
    inside = signed_in(cast.registered())
    inside.post("/account/devices/sign-out/", {"device": theirs.pk})
    assert live(sam) == [theirs]


def test_the_choice_page_is_only_for_who_gave_the_password(max_):
    assert new_browser().get(CHOOSE)["Location"] == "/account/sign-in/"
    assert new_browser().post(CHOOSE, {"device": 1})["Location"] == "/account/sign-in/"


def test_going_away_leaves_all_as_it_was(max_, premium):
    fill(max_)
    client = pending(max_)

    client.post("/account/sign-out/", {"next": "/account/sign-in/"})

    assert client.get(CHOOSE)["Location"] == "/account/sign-in/"
    assert len(live(max_)) == 5


def test_a_slot_freed_meanwhile_lets_the_pending_reader_in(max_):
    clients = fill(max_)
    client = pending(max_)
    clients[3].post("/account/sign-out/")

    assert "There is room for this device now" in client.get(CHOOSE).content.decode()
    assert client.post(CHOOSE)["Location"] == "/account/"
    assert [device.slot for device in live(max_)] == [1, 2, 3, 4, 5]


def test_signing_in_again_in_the_same_browser_reuses_its_slot(max_):
    clients = fill(max_)
    clients[1].cookies.pop("session")

    assert sign_in(clients[1], max_.email)["Location"] == "/account/"
    assert len(live(max_)) == 5


def test_two_readers_of_one_browser_have_a_slot_each(max_):
    client = signed_in(max_)
    client.post("/account/sign-out/")
    sam = cast.sam()
    sign_in(client, sam.email)
    client.post("/account/sign-out/")
    sign_in(client, max_.email)

    assert len(live(max_)) == 1
    assert live(sam) == []


def test_a_forged_device_cookie_takes_no_slot_of_others(max_):
    fill(max_)
    client = new_browser()
    client.cookies["device"] = live(max_)[0].key_hash

    assert sign_in(client, max_.email)["Location"] == CHOOSE


def test_the_key_lies_in_the_database_as_a_hash_only(max_):
    client = signed_in(max_)

    key = client.cookies["device"].value
    assert len(key) == 32
    assert live(max_)[0].key_hash != key
    assert len(live(max_)[0].key_hash) == 64


def test_the_one_put_out_is_told_at_its_next_request_once(max_, premium):
    cast.make_publication(zone="America/New_York")
    clients = fill(max_)
    pending(max_).post(CHOOSE, {"device": live(max_)[0].pk})

    page = clients[0].get(premium)
    text = page.content.decode()

    assert page.status_code == 200
    assert "You were signed out here from Firefox on Windows, today, " in text
    assert page["Cache-Control"] == "private, no-store"
    assert "You were signed out" not in clients[0].get(premium).content.decode()
    assert "session" not in {name for name, c in clients[0].cookies.items() if c.value}


def test_the_telling_waits_for_a_page_and_is_not_lost_in_a_redirect(max_):
    clients = fill(max_)
    pending(max_).post(CHOOSE, {"device": live(max_)[0].pk})

    response = clients[0].get("/account/")
    assert response.status_code == 302

    assert "You were signed out here" in clients[0].get(response["Location"]).content.decode()


def test_the_one_put_out_gets_a_mail_that_asks_was_this_not_you(max_):
    fill(max_)
    run_tasks()
    mail.outbox.clear()
    pending(max_, SAFARI).post(CHOOSE, {"device": live(max_)[0].pk})
    run_tasks()

    signed_out = next(m for m in mail.outbox if m.subject.startswith("Signed out"))
    assert signed_out.to == ["max@example.com"]
    assert signed_out.subject == "Signed out: Firefox on Windows"
    assert "from Safari on iPhone" in signed_out.body
    assert "Was this not you?" in signed_out.body


def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(max_):
    client = signed_in(max_)
    run_tasks()
    assert mail.outbox[-1].subject == "New sign-in: Firefox on Windows"
    assert f"{timezone.now():%Y}" in mail.outbox[-1].body
    mail.outbox.clear()
    client.post("/account/sign-out/")

    sign_in(client, max_.email)
    run_tasks()

    assert mail.outbox == []


def test_the_mail_tells_the_time_of_the_newsrooms_clock(max_):
    cast.make_publication(zone="America/New_York")
    signed_in(max_)
    Device.objects.update(created_at=dt.datetime(2026, 11, 26, 3, 41, tzinfo=dt.UTC))
    run_tasks()

    assert "November 25, 2026, 10:41 p.m. (America/New_York)" in mail.outbox[-1].body


def test_the_list_shows_each_device_with_its_id_and_the_count(max_):
    clients = fill(max_, 2)

    page = clients[0].get("/account/devices/").content.decode()

    for device in live(max_):
        assert f'data-device-id="{device.pk}"' in page
    assert "2 of 5" in page
    assert page.count("This device") == 1
    assert "Active now" in page


def test_ending_one_from_the_list_takes_effect_at_its_next_request(max_, premium):
    here, there = fill(max_, 2)
    device = live(max_)[1]

    page = here.post("/account/devices/sign-out/", {"device": device.pk}, follow=True)

    assert "Firefox on Windows is signed out" in page.content.decode()
    assert not is_full(there, premium)
    assert is_full(here, premium)


def test_ending_it_twice_says_that_it_was_done(max_):
    here, _ = fill(max_, 2)
    device = live(max_)[1]
    here.post("/account/devices/sign-out/", {"device": device.pk})

    page = here.post("/account/devices/sign-out/", {"device": device.pk}, follow=True)

    assert "signed out already" in page.content.decode()


def test_ending_the_device_in_hand_is_signing_out(max_):
    client = signed_in(max_)

    page = client.post("/account/devices/sign-out/", {"device": live(max_)[0].pk}, follow=True)

    assert "You are signed out" in page.content.decode()
    assert live(max_) == []


def test_ending_all_others_keeps_this_one(max_, premium):
    clients = fill(max_, 4)

    clients[2].post("/account/devices/sign-out-others/")

    assert [is_full(client, premium) for client in clients] == [False, False, True, False]


def test_signing_out_everywhere_ends_all(max_, premium):
    clients = fill(max_, 3)

    page = clients[0].post("/account/sign-out-everywhere/", follow=True)

    assert "You are signed out" in page.content.decode()
    assert live(max_) == []
    assert not any(is_full(client, premium) for client in clients)


@pytest.mark.parametrize(
    "path",
    [
        "/account/devices/sign-out/",
        "/account/devices/sign-out-others/",
        "/account/sign-out-everywhere/",
    ],
)
def test_nothing_is_ended_by_opening_a_link(max_, path):
    client = signed_in(max_)

    assert client.get(path).status_code == 405
    assert len(live(max_)) == 1


def test_a_form_of_another_site_ends_nothing(max_):
    strict = new_browser(enforce_csrf_checks=True)
    strict.cookies = signed_in(max_).cookies

    assert strict.post("/account/sign-out-everywhere/").status_code == 403
    assert len(live(max_)) == 1


def test_lowering_the_number_throws_nobody_out_and_admits_nobody(max_, premium):
    clients = fill(max_)
    Plan.objects.update(device_limit=3)

    assert all(is_full(client, premium) for client in clients)
    client = pending(max_)
    page = client.get(CHOOSE).content.decode()
    assert len(preselected(page)) == 3
    assert client.post(CHOOSE, {"device": preselected(page)[0]}).status_code == 409
    assert len(live(max_)) == 5


def test_under_a_lowered_number_one_post_ends_as_many_as_it_takes(max_, premium):
    fill(max_)
    Plan.objects.update(device_limit=3)
    client = pending(max_)
    chosen = preselected(client.get(CHOOSE).content.decode())

    client.post(CHOOSE, {"device": chosen})

    assert len(live(max_)) == 3
    assert is_full(client, premium)


def test_an_override_counts_until_its_end(max_):
    DeviceOverride.objects.create(
        user=max_, limit=6, reason="Family", until=timezone.now() + dt.timedelta(days=1)
    )
    fill(max_, 6)
    assert sign_in(new_browser(), max_.email)["Location"] == CHOOSE

    DeviceOverride.objects.update(until=timezone.now() - dt.timedelta(days=1))
    clients = new_browser()
    sign_in(clients, max_.email)
    assert len(preselected(clients.get(CHOOSE).content.decode())) == 2


def test_the_best_running_plan_gives_the_number(max_):
    cast.make_subscription(max_, plan=cast.make_plan(name="Duo", slug="duo", device_limit=2))
    cast.make_subscription(
        max_,
        plan=cast.make_plan(name="Big", slug="big", device_limit=9),
        starts_at=timezone.now() - dt.timedelta(days=9),
        ends_at=timezone.now() - dt.timedelta(days=3),
    )
    fill(max_, 5)

    assert sign_in(new_browser(), max_.email)["Location"] == CHOOSE


def test_a_reader_without_a_plan_has_five():
    ria = cast.registered()
    fill(ria, 5)

    assert sign_in(new_browser(), ria.email)["Location"] == CHOOSE


def test_staff_have_no_limit():
    ed = cast.ed()
    clients = fill(ed, 7)

    page = clients[0].get("/account/devices/").content.decode()

    assert page.count("data-device-id") == 7
    assert "any number of devices" in page


def test_staff_sessions_end_after_twelve_idle_hours(premium):
    ed = cast.ed()
    client = signed_in(ed)
    Device.objects.filter(user=ed).update(last_seen_at=timezone.now() - dt.timedelta(hours=13))

    page = client.get(premium).content.decode()

    assert "You were signed out here" in page
    assert client.get("/account/").status_code == 302


def test_a_device_unseen_for_a_month_works_until_another_takes_its_slot(max_, premium):
    clients = fill(max_)
    month = timezone.now() - dt.timedelta(days=31)
    Device.objects.filter(user=max_, slot=2).update(last_seen_at=month)

    newcomer = signed_in(max_, SAFARI)

    assert is_full(newcomer, premium)
    page = clients[1].get(premium).content.decode()
    assert "You were signed out here from Safari on iPhone" in page
    assert "It had not been used for a while" in page


def test_a_device_unseen_for_a_month_is_seen_again_and_keeps_its_slot(max_, premium):
    clients = fill(max_)
    month = timezone.now() - dt.timedelta(days=31)
    Device.objects.filter(user=max_, slot=2).update(last_seen_at=month)

    assert is_full(clients[1], premium)
    assert sign_in(new_browser(), max_.email)["Location"] == CHOOSE


def test_last_seen_is_written_at_most_every_five_minutes(max_, premium):
    client = signed_in(max_)
    four = timezone.now() - dt.timedelta(minutes=4)
    Device.objects.update(last_seen_at=four)
    client.get(premium)
    assert live(max_)[0].last_seen_at == four

    Device.objects.update(last_seen_at=timezone.now() - dt.timedelta(minutes=6))
    client.get(premium)
    assert timezone.now() - live(max_)[0].last_seen_at < dt.timedelta(minutes=1)


def test_session_and_device_cookies_slide_day_by_day(max_, premium):
    client = signed_in(max_)
    assert "session" not in client.get(premium).cookies
    Device.objects.update(last_seen_at=timezone.now() - dt.timedelta(days=2))

    cookies = client.get(premium).cookies

    assert cookies["session"]["max-age"] > 390 * 86400
    assert cookies["device"]["max-age"] > 390 * 86400


def test_an_old_session_replayed_after_signing_out_opens_nothing(max_, premium):
    client = signed_in(max_)
    kept = client.cookies["session"].value
    client.post("/account/sign-out/")
    thief = new_browser()
    thief.cookies["session"] = kept

    assert not is_full(thief, premium)
    assert thief.get("/account/").status_code == 302


def test_a_session_without_a_device_gets_no_premium(max_, premium):
    client = new_browser(FIREFOX)
    client.force_login(max_)

    assert not is_full(client, premium)


def test_an_anonymous_request_asks_nothing_and_varies_by_nothing(
    free, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):
        response = new_browser().get(free)

    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    assert "public" in response["Cache-Control"]


def test_a_subscriber_costs_four_queries_more_at_most(
    max_, premium, free, django_assert_max_num_queries
):
    client = signed_in(max_)
    client.get(premium)

    with django_assert_max_num_queries(8):
        assert is_full(client, premium)
