"""The subscriptions desk in the admin: give, extend, cancel, end, and see what a reader may."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import Plan, Subscription, User
from articles.models import Event
from tests import cast
from tests.accounts.doors import browser, fill, sign_in, signed_in

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)


def staff(group):
    user = cast.make_user(is_staff=True, name=group)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def jo():
    cast.make_publication()
    return staff("Subscriptions desk")


@pytest.fixture
def desk(jo):
    return signed_in(jo)


@pytest.fixture
def reader():
    return cast.registered()


@pytest.fixture
def premium():
    return cast.make_story(access="premium").get_absolute_url()


def local(at):
    return timezone.localtime(at, cast.make_publication().zone_info).strftime("%Y-%m-%dT%H:%M")


def give(desk, reader, **fields):
    plan = cast.make_plan()
    values = {
        "user": reader.pk,
        "plan": plan.pk,
        "kind": "comp",
        "starts_at": local(NOW - DAY),
        "ends_at": local(NOW + 30 * DAY),
        "reason": "Reader of the month",
    }
    return desk.post(reverse("admin:accounts_subscription_add"), values | fields)


def act(desk, subscription, name, **fields):
    url = reverse(f"admin:accounts_subscription_{name}", args=[subscription.pk])
    assert desk.get(url).status_code == 200
    return desk.post(url, fields)


def is_full(client, path):
    return client.get(path).context["page"].is_full


def test_a_plan_given_opens_premium_at_the_next_request(desk, jo, reader, premium):
    client = signed_in(reader)
    assert not is_full(client, premium)

    assert give(desk, reader).status_code == 302

    assert is_full(client, premium)
    event = Event.objects.get(kind=Event.Kind.PLAN_GIVEN)
    assert (event.actor, event.note) == (jo, "Reader of the month")
    assert event.target_id == str(reader.public_id)
    assert reader.email not in f"{event.target_name} {event.note} {event.details}"
    assert Subscription.objects.get().given_by == jo


def test_the_readers_page_says_in_one_sentence_what_they_may_read(desk, reader):
    end = dt.datetime(2099, 3, 3, 17, 0, tzinfo=dt.UTC)
    give(desk, reader, ends_at=local(end))

    page = desk.get(reverse("admin:accounts_user_change", args=[reader.pk])).content.decode()

    assert "May read premium: complimentary until March 3, 2099." in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_at": local}, "That end is past"),
        ({"ends_at": "", "kind": "paid"}, "Only a complimentary subscription may have no end."),
        ({"reason": ""}, "This field is required"),
        ({"plan": "999"}, "Select a valid choice"),
        ({"user": ""}, "This field is required"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_nothing_is_given(desk, reader, fields, words):
    fields = {k: v(NOW - DAY / 2) if callable(v) else v for k, v in fields.items()}

    page = give(desk, reader, **fields)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Subscription.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.PLAN_GIVEN).exists()


def test_an_end_before_the_start_is_refused(desk, reader):
    page = give(desk, reader, starts_at=local(NOW + 9 * DAY), ends_at=local(NOW + 3 * DAY))

    assert "It must end after it starts." in page.content.decode()


def test_a_complimentary_one_may_have_no_end(desk, reader, premium):
    give(desk, reader, ends_at="")

    assert is_full(signed_in(reader), premium)


def test_extending_lets_it_run_longer_and_is_written_down(desk, reader):
    give(desk, reader)
    subscription = Subscription.objects.get()

    act(desk, subscription, "extend", until=local(NOW + 90 * DAY), reason="Sorry for the outage")

    subscription.refresh_from_db()
    assert subscription.ends_at > NOW + 89 * DAY
    event = Event.objects.get(kind=Event.Kind.PLAN_EXTENDED)
    assert event.note == "Sorry for the outage"
    assert event.details["before"] < event.details["ends_at"]


@pytest.mark.parametrize(
    ("until", "words"),
    [(NOW + DAY, "Choose a later end"), (NOW - DAY, "Choose a later end")],
)
def test_extending_backwards_is_refused(desk, reader, until, words):
    give(desk, reader)

    page = act(desk, Subscription.objects.get(), "extend", until=local(until), reason="Oh")

    assert words in page.content.decode()


@pytest.mark.parametrize("name", ["extend", "cancel", "end"])
def test_each_act_asks_for_a_reason(desk, reader, name):
    give(desk, reader)
    before = Subscription.objects.values().get()

    page = act(desk, Subscription.objects.get(), name, until=local(NOW + 90 * DAY), reason="  ")

    assert page.status_code == 200
    assert Subscription.objects.values().get() == before


def test_ending_stops_access_at_once(desk, reader, premium):
    give(desk, reader)
    client = signed_in(reader)
    assert is_full(client, premium)

    act(desk, Subscription.objects.get(), "end", reason="Asked for it")

    assert not is_full(client, premium)
    assert Event.objects.filter(kind=Event.Kind.PLAN_ENDED, note="Asked for it").exists()


@pytest.mark.parametrize("name", ["extend", "cancel", "end"])
def test_an_ended_one_stays_ended(desk, reader, name):
    give(desk, reader)
    act(desk, Subscription.objects.get(), "end", reason="Asked for it")
    events = Event.objects.count()

    page = act(desk, Subscription.objects.get(), name, until=local(NOW + 90 * DAY), reason="Oh")

    assert "ended" in page.content.decode()
    assert Event.objects.count() == events


def test_cancelling_lets_it_run_to_its_end(desk, reader, premium):
    give(desk, reader)

    act(desk, Subscription.objects.get(), "cancel", reason="Moves away")

    assert is_full(signed_in(reader), premium)
    page = desk.get(reverse("admin:accounts_user_change", args=[reader.pk])).content.decode()
    assert "cancelled" in page


def test_what_was_given_is_not_rewritten(desk, reader):
    give(desk, reader)
    subscription = Subscription.objects.get()
    url = reverse("admin:accounts_subscription_change", args=[subscription.pk])

    desk.post(url, {"reason": "Other words", "ends_at": local(NOW + 900 * DAY)})

    assert Subscription.objects.get().reason == "Reader of the month"
    assert Subscription.objects.get().ends_at == subscription.ends_at


def test_the_desk_signs_a_reader_out_with_a_reason(desk, reader):
    clients = fill(reader, 2)
    url = reverse("admin:accounts_user_sign_out", args=[reader.pk])

    assert desk.post(url, {"reason": ""}).status_code == 200
    desk.post(url, {"reason": "Stolen phone"})

    page = clients[0].get("/account/sign-in/").content.decode()
    assert "Our subscriptions desk did this." in page
    assert Event.objects.filter(note="Signed out everywhere: Stolen phone").exists()


@pytest.mark.parametrize("group", ["Reporter", "Editor", "Photo desk"])
def test_the_newsroom_knows_nothing_of_readers(group, reader):
    subscription = cast.make_subscription(reader)
    client = signed_in(staff(group))

    for name, args in (
        ("user_changelist", []),
        ("user_change", [reader.pk]),
        ("user_sign_out", [reader.pk]),
        ("subscription_changelist", []),
        ("subscription_add", []),
        ("subscription_end", [subscription.pk]),
        ("plan_changelist", []),
    ):
        url = reverse(f"admin:accounts_{name}", args=args)
        assert client.get(url).status_code == 403, url


def test_the_subscriptions_desk_makes_nobody_staff(desk, jo, reader):
    url = reverse("admin:accounts_user_change", args=[reader.pk])
    group = Group.objects.get(name="Chief editor")
    desk.post(
        url,
        {"name": "Ria", "is_active": "on", "is_staff": "on", "is_superuser": "on",
         "groups": [group.pk]},
    )  # fmt: skip

    reader.refresh_from_db()
    assert not reader.is_staff
    assert not reader.is_superuser
    assert not reader.groups.exists()
    own = reverse("admin:accounts_user_change", args=[jo.pk])
    assert desk.post(own, {"is_superuser": "on"}).status_code == 403
    assert desk.get(reverse("admin:accounts_user_add")).status_code == 403


def test_the_chief_editor_makes_a_colleague_who_can_sign_in(premium):
    chief = signed_in(staff("Chief editor"))
    group = Group.objects.get(name="Reporter")
    values = {
        "email": "New.Colleague@example.com",
        "name": "Nia",
        "password": cast.PASSWORD,
        "is_staff": "on",
        "groups": [group.pk],
        "is_superuser": "on",
    }

    answer = chief.post(reverse("admin:accounts_user_add"), values)

    assert answer.status_code == 302, answer.content.decode()
    made = User.objects.get(email="new.colleague@example.com")
    assert (made.is_staff, made.is_superuser) == (True, False)
    assert sign_in(browser(), made.email, next="/admin/")["Location"] == "/admin/"
    assert Event.objects.filter(target_id=str(made.public_id)).exists()


def test_the_chief_editor_does_not_touch_an_operator():
    operator = cast.ed()
    chief = signed_in(staff("Chief editor"))

    url = reverse("admin:accounts_user_change", args=[operator.pk])
    assert chief.post(url, {"name": "Gone"}).status_code == 403


def test_a_plan_in_use_stays(desk, reader):
    give(desk, reader)
    plan = Plan.objects.get()
    operator = signed_in(cast.ed())

    page = operator.post(reverse("admin:accounts_plan_delete", args=[plan.pk]), {"post": "yes"})

    assert page.status_code < 500
    assert Plan.objects.filter(pk=plan.pk).exists()


def test_the_list_of_readers_costs_the_same_for_many(desk, django_assert_max_num_queries):
    for _ in range(12):
        cast.make_subscription(cast.make_user())

    with django_assert_max_num_queries(14):
        page = desk.get(reverse("admin:accounts_user_changelist")).content.decode()

    assert page.count("May read premium: subscribed until") == 12
