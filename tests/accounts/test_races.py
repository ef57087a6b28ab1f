"""Many at once, against real server processes (standards §1).

By hand, ten rounds: RACE_ROUNDS=10 pytest tests/accounts/test_races.py
"""

import datetime as dt
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import httpx
import pytest
from django.utils import timezone

from accounts.models import (
    CodeTries,
    Device,
    DeviceOverride,
    Merger,
    Opening,
    Plan,
    Subscription,
    User,
)
from tests import cast

pytestmark = pytest.mark.race

ROUNDS = int(os.environ.get("RACE_ROUNDS", "2"))
JARS = 30
CHOOSE = "/account/devices/choose/"


class Jar:
    """One browser profile of one reader."""

    opened: ClassVar[list["Jar"]] = []

    def __init__(self, site, agent="Mozilla/5.0 (Windows NT 10.0; rv:128.0) Firefox/128.0"):
        self.client = site.client(headers={"User-Agent": agent})
        self.opened.append(self)

    def prepare(self):
        self.page = self.client.get("/account/sign-in/")
        return self

    def sign_in(self, email):
        self.page = self.post("/account/sign-in/", login=email, password=cast.PASSWORD)
        return self

    def enter_code(self, code):
        self.page = self.post("/account/code/enter/", code=code)
        return self

    def post(self, path, **fields):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page.text)
        assert token, (self.page.status_code, self.page.text[:2000])
        return self.client.post(path, data={"csrfmiddlewaretoken": token[1], **fields})

    @property
    def must_choose(self):
        return self.page.url.path == CHOOSE

    def choose(self):
        """Take what the page offers until there is no other device in the way."""
        for _ in range(40):
            offered = re.findall(r'name="device" value="(\d+)" checked', self.page.text)
            self.page = self.post(CHOOSE, device=offered)
            if not self.must_choose:
                return self
        raise AssertionError("never admitted")


@pytest.fixture(autouse=True)
def _close_jars():
    yield
    while Jar.opened:
        Jar.opened.pop().client.close()


@pytest.fixture
def premium(live_site):
    return cast.make_story(access="premium", headline="Premium harbour").get_absolute_url()


@pytest.fixture
def free(live_site):
    return cast.make_story(headline="Free harbour").get_absolute_url()


def at_once(jars, act):
    with ThreadPoolExecutor(len(jars)) as pool:
        return list(pool.map(act, jars))


def reads_whole(jar, path):
    page = jar.client.get(path)
    until = time.monotonic() + 30
    while page.status_code == 503 and time.monotonic() < until:
        # More readers than a busy machine can serve are asked to come again.
        page = jar.client.get(path)
    assert page.status_code == 200
    return 'class="paywall"' not in page.text


def check(jars, premium, free, limit=5):
    """Exactly ``limit`` read the whole; all others choose, and read what is free."""
    refused = [jar for jar in jars if jar.must_choose]
    whole = at_once(jars, lambda jar: reads_whole(jar, premium))
    assert whole.count(True) == limit
    assert len(refused) == len(jars) - limit
    assert all("That is one device too many" in jar.page.text for jar in refused)
    assert all(at_once(refused, lambda jar: reads_whole(jar, free)))
    return refused


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_thirty_at_once_five_get_in_and_the_others_can_go_on_by_choosing(
    live_site, premium, free, number
):
    user = cast.make_user()
    cast.make_subscription(user)
    jars = [Jar(live_site).prepare() for _ in range(JARS)]

    at_once(jars, lambda jar: jar.sign_in(user.email))

    refused = check(jars, premium, free)
    assert refused[0].client.get(premium).text.count("That is one device too many") == 1
    at_once(refused[:5], lambda jar: jar.choose())
    assert Device.objects.filter(user=user, ended_at=None).count() == 5
    whole = at_once(jars, lambda jar: reads_whole(jar, premium))
    assert whole.count(True) == 5


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_ten_metered_stories_opened_at_once_five_open(live_site, free, number):
    user = cast.make_user()
    body = cast.PARAGRAPH * 6
    stories = [cast.make_story(access="metered", body=body) for _ in range(10)]
    doors = [f"/account/open/{story.article_id}/" for story in stories]
    reader = Jar(live_site).prepare().sign_in(user.email)
    reader.page = reader.client.get(doors[0])

    at_once(doors * 2, lambda door: reader.post(door))

    whole = [reads_whole(reader, story.path) for story in stories]
    assert whole.count(True) == 5
    assert Opening.objects.filter(user=user).count() == 5


@pytest.mark.parametrize("number", range(ROUNDS))
def test_fifteen_by_password_and_fifteen_by_code(live_site, mailbox, premium, free, number):
    user = cast.make_user()
    cast.make_subscription(user)
    by_password = [Jar(live_site).prepare() for _ in range(15)]
    by_code = [_with_code(live_site, mailbox, user) for _ in range(15)]

    def enter(jar_and_code):
        jar, code = jar_and_code
        return jar.enter_code(code) if code else jar.sign_in(user.email)

    at_once([*((jar, "") for jar in by_password), *by_code], enter)

    check([*by_password, *(jar for jar, _ in by_code)], premium, free)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_limit_lowered_to_three_while_five_are_live_admits_nobody(
    live_site, premium, free, number
):
    user = cast.make_user()
    plan = cast.make_plan(name=f"Plan {number}", slug=f"plan-{number}")
    cast.make_subscription(user, plan=plan)
    inside = [Jar(live_site).prepare().sign_in(user.email) for _ in range(5)]
    Plan.objects.filter(pk=plan.pk).update(device_limit=3)
    jars = [Jar(live_site).prepare() for _ in range(JARS)]

    at_once(jars, lambda jar: jar.sign_in(user.email))

    refused = check([*inside, *jars], premium, free)
    assert {id(jar) for jar in refused} == {id(jar) for jar in jars}
    at_once(jars[:4], lambda jar: jar.choose())
    assert Device.objects.filter(user=user, ended_at=None).count() == 3


def _with_code(site, mailbox, user):
    """A browser that holds a code not yet entered. One a minute: so the limit is let forget."""
    from accounts import limits

    jar = Jar(site)
    for limit in (limits.MAIL_A_MINUTE, limits.MAILS_AN_HOUR):
        limits.forget(limit, f"code {user.email}")
    mailbox.clear()
    jar.page = jar.client.get("/account/code/")
    jar.page = jar.post("/account/code/", email=user.email)
    mails = mailbox.wait_for(user.email)
    body = mails[-1].get_body(("plain",)).get_content()
    return jar, re.search(r"\b\d{6}\b", body)[0]


def test_a_code_tried_forty_times_at_once_on_two_processes_has_five_tries(live_site, mailbox):
    user = cast.make_user()
    jar, code = _with_code(live_site, mailbox, user)
    cookies = dict(jar.client.cookies)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', jar.page.text)[1]
    guesses = [f"{(int(code) + step) % 1_000_000:06d}" for step in range(1, 41)]

    def guess(value):
        # Each with a copy of the cookies, as somebody would who wants the session to forget.
        with httpx.Client(base_url=live_site.url, cookies=cookies, timeout=30) as thief:
            return thief.post(
                "/account/code/enter/", data={"csrfmiddlewaretoken": token, "code": value}
            )

    answers = at_once(guesses, guess)

    assert all(answer.status_code < 500 for answer in answers)
    looked_at = [a for a in answers if "That code is not right" in a.text]
    assert len(looked_at) <= 5
    assert [row.tries for row in CodeTries.objects.all()] == [5]
    assert guess(code).headers.get("location") != "/account/"
    assert not Device.objects.filter(user=user).exists()


def test_wrong_codes_one_after_the_other_over_two_processes(live_site, mailbox):
    user = cast.make_user()
    jar, code = _with_code(live_site, mailbox, user)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(4):
        jar.page = jar.post("/account/code/enter/", code=wrong)
        assert "That code is not right" in jar.page.text
    jar.page = jar.post("/account/code/enter/", code=wrong)
    assert "Too many tries" in jar.page.text

    sixth = jar.post("/account/code/enter/", code=code)

    assert "Enter your code" not in sixth.text
    assert jar.client.get("/account/").url.path == "/account/sign-in/"


def test_guesses_at_a_password_made_at_once_get_nobody_in_after_the_fifth(live_site):
    user = cast.make_user()
    jars = [Jar(live_site).prepare() for _ in range(12)]

    answers = at_once(
        jars, lambda jar: jar.post("/account/sign-in/", login=user.email, password="wrong")
    )

    assert {a.status_code for a in answers} <= {200, 429}
    last = Jar(live_site).prepare()
    refused = last.post("/account/sign-in/", login=user.email, password=cast.PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_an_ended_device_is_refused_at_its_next_request_on_every_process(live_site, premium):
    user = cast.make_user()
    cast.make_subscription(user)
    ended, other = (Jar(live_site).prepare().sign_in(user.email) for _ in range(2))
    cookies = dict(ended.client.cookies)
    asks = list(range(16))

    def ask(number):
        # Each on a connection of its own: they spread over the processes.
        with httpx.Client(base_url=live_site.url, cookies=cookies, timeout=30) as one:
            return one.get(premium).text

    assert all('class="paywall"' not in page for page in at_once(asks, ask))
    other.page = other.client.get("/account/devices/")
    other.post("/account/devices/sign-out-others/")

    assert all('class="paywall"' in page for page in at_once(asks, ask))
    assert reads_whole(other, premium)


def test_a_wider_number_for_one_reader_and_its_end_keep_the_cap(live_site, premium, free):
    user = cast.make_user()
    cast.make_subscription(user)
    now = timezone.now()
    override = DeviceOverride.objects.create(
        user=user, limit=7, reason="A school", until=now + dt.timedelta(hours=1)
    )
    jars = [Jar(live_site).prepare() for _ in range(JARS // 2)]
    at_once(jars, lambda jar: jar.sign_in(user.email))
    refused = check(jars, premium, free, limit=7)

    DeviceOverride.objects.filter(pk=override.pk).update(until=now - dt.timedelta(hours=1))
    at_once(refused, lambda jar: jar.sign_in(user.email))

    check(jars, premium, free, limit=7)
    at_once(refused[:4], lambda jar: jar.choose())
    assert Device.objects.filter(user=user, ended_at=None).count() == 5


def test_of_many_at_once_one_takes_the_slot_of_a_device_long_unseen(live_site, premium):
    user = cast.make_user()
    cast.make_subscription(user)
    inside = [Jar(live_site).prepare().sign_in(user.email) for _ in range(5)]
    unseen = Device.objects.filter(user=user).order_by("slot").first()
    long_ago = timezone.now() - dt.timedelta(days=40)
    Device.objects.filter(pk=unseen.pk).update(last_seen_at=long_ago)
    jars = [Jar(live_site).prepare() for _ in range(10)]

    at_once(jars, lambda jar: jar.sign_in(user.email))

    assert [jar.must_choose for jar in jars].count(False) == 1
    whole = at_once([*inside, *jars], lambda jar: reads_whole(jar, premium))
    assert whole.count(True) == 5
    assert not whole[0]
    assert Device.objects.filter(user=user, ended_at=None).count() == 5


def test_of_two_desks_that_merge_crosswise_one_wins_and_one_is_told(live_site):
    cast.make_publication()
    cast.staff("Subscriptions desk")
    desks = [Jar(live_site).prepare().sign_in("subscriptions-desk@example.com") for _ in range(2)]
    for number in range(ROUNDS * 2):
        one, two = cast.make_user(), cast.make_user()
        cast.make_subscription(one)
        cast.make_subscription(two)
        pages = [f"/admin/accounts/user/{kept.pk}/merge/" for kept in (one, two)]
        for desk, page in zip(desks, pages, strict=True):
            desk.page = desk.client.get(page)
        tasks = list(zip(desks, pages, (two, one), strict=True))

        def merge(task, number=number):
            desk, page, other = task
            fields = {"other": str(other.public_id), "reason": f"Round {number}", "sure": "yes"}
            return desk.post(page, **fields).text

        said = at_once(tasks, merge)

        merged = Merger.objects.get(kept__in=[one, two])
        assert sum("The two accounts are one now." in page for page in said) == 1
        assert sum("was merged into another account already" in page for page in said) == 1
        assert Subscription.objects.filter(user=merged.kept).count() == 2
        assert [user.is_active for user in User.objects.filter(pk=merged.emptied_id)] == [False]


def test_ending_a_device_while_it_asks_shows_no_error(live_site, premium):
    user = cast.make_user()
    cast.make_subscription(user)
    jar = Jar(live_site).prepare().sign_in(user.email)
    statuses = []

    def ask(number):
        if number == 20:
            jar.post("/account/sign-out-everywhere/")
        return jar.client.get(premium if number % 2 else "/account/devices/").status_code

    jar.page = jar.client.get("/account/devices/")
    statuses = at_once(list(range(40)), ask)

    assert set(statuses) == {200}


def test_the_worker_tells_of_a_new_device_and_of_one_put_out(live_site, mailbox):
    user = cast.make_user()
    worker = live_site.start_worker()
    try:
        first = Jar(live_site).prepare().sign_in(user.email)
        told = mailbox.wait_for(user.email)
        assert told[0]["Subject"] == "New sign-in: Firefox on Windows"
        second = Jar(live_site).prepare().sign_in(user.email)
        second.page = second.client.get("/account/devices/")
        second.post("/account/devices/sign-out-others/")
        subjects = [message["Subject"] for message in mailbox.wait_for(user.email, count=3)]
        assert "Signed out: Firefox on Windows" in subjects
        assert "You were signed out here" in first.client.get("/account/sign-in/").text
    finally:
        worker.terminate()
        worker.wait(20)
