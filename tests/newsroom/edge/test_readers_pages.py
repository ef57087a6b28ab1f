"""Readers with an account get pages from the page cache: their level's, never one another's."""

import datetime as dt
import time

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import signals as edge_signals
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import devices, meter, subscriptions
from accounts.models import Device, Subscription, User
from articles import publishing
from newsroom.edge import counters, watch
from newsroom.edge.application import Edge
from newsroom.edge.tokens import cookie_name
from tests import cast
from tests.accounts import doors
from tests.articles.publishing.acts import edit
from tests.articles.site import whole_paper
from tests.newsroom import test_leaks
from tests.newsroom.edge.browsers import Browser, make_edge

SECRET = "Only subscribers read of the nine grey lighters."
BODY = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{SECRET}</p>'


@pytest.fixture
def edge(transactional_db, settings) -> Edge:
    settings.EDGE = True
    return make_edge()


@pytest.fixture
def premium(edge):
    cast.make_publication()
    return cast.make_story(access="premium", body=BODY)


def test_a_subscriber_reads_a_premium_story_without_django(edge, premium):
    sam = Browser.of(edge, cast.sam())
    assert sam.open(premium.path).how == ""
    assert sam.open(premium.path).how == "miss"
    with CaptureQueriesContext(connection) as queries:
        page = sam.open(premium.path)
    assert page.how == "hit"
    assert SECRET in page.text
    assert len(queries) == 0
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_reader_without_a_plan_gets_the_teaser_and_the_right_words(edge, premium):
    ria, sam = Browser.of(edge, cast.registered()), Browser.of(edge, cast.sam())
    assert SECRET in sam.warm(premium.path).text
    page = ria.warm(premium.path)
    assert SECRET not in page.text
    assert "Your account has no subscription yet" in page.text
    assert "/account/sign-in/" not in page.text
    for _ in range(3):
        assert SECRET in sam.open(premium.path).text
        assert SECRET not in ria.open(premium.path).text
        assert SECRET not in Browser(edge).open(premium.path).text


def test_what_is_held_for_a_level_is_what_django_gives_each_reader_of_it(edge, settings):
    settings.DEVICE_IDLE_DAYS = 30
    paper = [*whole_paper.print_it().values(), "/", "/latest/", "/feeds/rss/", "/corrections/"]
    sam, max_, ria = (
        doors.signed_in(user) for user in (cast.sam(), cast.max_(), cast.registered())
    )
    for client, level in ((sam, "p"), (max_, "p"), (ria, "r")):
        browser = Browser(edge, {name: each.value for name, each in client.cookies.items()})
        browser.open("/")
        for path in paper:
            own = client.get(path)
            page = browser.open(path)
            if own.status_code == 200 and "?" not in path:
                assert page.how in ("hit", "miss"), (path, level)
            assert page.text == own.content.decode(), (path, level)
            assert not {"sam", "max", "ria"} & set(page.text.lower().replace("@", " ").split())
            assert "public" not in page.headers["Cache-Control"], path
    assert browser.edge.figures()["hit"] > len(paper) / 2


def test_what_one_subscriber_opened_is_given_to_the_next_without_a_name(edge, premium):
    sam, max_ = Browser.of(edge, cast.sam()), Browser.of(edge, cast.max_())
    first = sam.warm(premium.path)
    max_.open("/")
    second = max_.open(premium.path)
    assert second.how == "hit"
    assert second.text == first.text
    for word in ("sam@", "max@", "Sam", "Max"):
        assert word not in first.text
    assert first.set_cookies == second.set_cookies == []


def test_no_answer_to_a_reader_is_public(edge, premium):
    sam = Browser.of(edge, cast.sam())
    free = cast.make_story()
    anybody = Browser(edge)
    anybody.warm(free.path)
    for path in (premium.path, free.path, "/", "/latest/"):
        for headers in ({}, {"HTTP_ACCEPT_ENCODING": "gzip"}, {"HTTP_IF_NONE_MATCH": "*"}):
            for _ in range(3):
                page = sam.open(path, **headers)
                assert page.headers["Cache-Control"] == "private, no-store", path
    assert sam.open(free.path).how == "hit"
    assert anybody.open(free.path).headers["Cache-Control"].startswith("public")


def test_head_and_304_go_out_without_content_and_by_level(edge, premium):
    sam, ria = Browser.of(edge, cast.sam()), Browser.of(edge, cast.registered())
    whole, teaser = sam.warm(premium.path), ria.warm(premium.path)
    assert whole.headers["ETag"] != teaser.headers["ETag"]
    head = sam.open(premium.path, "HEAD")
    assert (head.status, head.text, head.how) == (200, "", "hit")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    same = sam.open(premium.path, HTTP_IF_NONE_MATCH=whole.headers["ETag"])
    assert (same.status, same.text, same.how) == (304, "", "hit")
    other = ria.open(premium.path, HTTP_IF_NONE_MATCH=whole.headers["ETag"])
    assert other.status == 200
    assert SECRET not in other.text


def test_a_metered_story_is_whole_for_subscribers_and_djangos_for_others(edge):
    cast.make_publication()
    story = cast.make_story(access="metered", body=BODY)
    sam, ria = Browser.of(edge, cast.sam()), Browser.of(edge, cast.registered())
    assert SECRET in sam.warm(story.path).text
    ria.open("/")
    assert ria.open("/").how
    for _ in range(3):
        page = ria.open(story.path)
        assert page.how == ""
        assert "Read this story" in page.text
        assert SECRET not in page.text
        assert page.headers["Cache-Control"] == "private, no-store"
    user = cast.registered()
    ours = cast.make_publication()
    meter.spend(user, story.article_id, publication=ours, at=timezone.now())
    assert SECRET in ria.open(story.path).text
    assert SECRET in sam.open(story.path, HTTP_COOKIE=header_of(sam, openings="x")).text


def test_what_readers_do_not_share_is_asked_for_once_and_then_djangos_alone(edge):
    asked: list[str] = []
    django = get_wsgi_application()

    def counting(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return django(environ, start_response)

    edge = Edge(counting, shared=watch.shared_counters(), most_bytes=5_000_000)
    cast.make_publication()
    story = cast.make_story(access="metered", body=BODY)
    ria = Browser.of(edge, cast.registered())
    ria.open("/")
    counts = []
    for _ in range(3):
        before = len(asked)
        assert ria.open(story.path).how == ""
        counts.append(len(asked) - before)
    assert counts == [2, 1, 1]
    cast.publish(edit(story.article, access="registered"))
    assert SECRET in ria.warm(story.path).text


def header_of(browser: Browser, **more: str) -> str:
    return "; ".join(f"{name}={value}" for name, value in (browser.cookies | more).items())


# --- Who gets none ------------------------------------------------------------------------------


def staff() -> dict[str, str]:
    return cookies_of(doors.signed_in(cast.ed()))


def one_whose_subscription_ended() -> dict[str, str]:
    return cookies_of(doors.signed_in(cast.lapsed()))


def one_device_too_many() -> dict[str, str]:
    user = cast.sam(plan=cast.make_plan(slug="single", name="Single", device_limit=1))
    doors.signed_in(user)
    return cookies_of(doors.pending(user))


def somebody_with_a_made_up_session() -> dict[str, str]:
    return {"session": "a" * 32}


def cookies_of(client) -> dict[str, str]:
    return {name: each.value for name, each in client.cookies.items()}


@pytest.mark.parametrize(
    "cookies",
    [
        staff,
        one_whose_subscription_ended,
        one_device_too_many,
        somebody_with_a_made_up_session,
    ],
)
def test_these_are_djangos_each_time(edge, premium, cookies):
    Browser.of(edge, cast.max_()).warm(premium.path)
    browser = Browser(edge, cookies())
    session = browser.cookies["session"]
    for path in (premium.path, "/", premium.path, "/"):
        browser.cookies["session"] = session
        answer = browser.open(path)
        assert answer.how == ""
        assert (SECRET in answer.text) == (cookies is staff and path != "/")


# --- What ends a token, at the very next request ------------------------------------------------


def end_the_device(sam, _client) -> None:
    device = sam.devices.get()
    ending = Device.Ending.SIGNED_OUT_ELSEWHERE
    devices.end_one(sam, device.pk, ending=ending, by="x", at=timezone.now())


def end_the_device_past_the_verb(sam, _client) -> None:
    sam.devices.update(ended_at=timezone.now(), ending="unseen")


def delete_the_device(sam, _client) -> None:
    sam.devices.all().delete()


def end_the_subscription(sam, _client) -> None:
    subscriptions.end(sam.subscriptions.get(), reason="Asked for", by=cast.ed())


def refund_it(sam, _client) -> None:
    sam.subscriptions.update(ended_at=timezone.now(), ending="refunded")


def pause_it(sam, _client) -> None:
    row = sam.subscriptions.get()
    row.paused_at = timezone.now()
    row.save(update_fields=["paused_at"])


def give_it_to_another(sam, _client) -> None:
    row = sam.subscriptions.get()
    row.user = cast.registered()
    row.save()


def delete_it(sam, _client) -> None:
    sam.subscriptions.get().delete()


def end_it_by_raw_sql(sam, _client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_subscription SET paused_at = starts_at")


def sign_out(_sam, client) -> None:
    assert client.post("/account/sign-out/").status_code == 302


def change_the_password(_sam, client) -> None:
    new = "another horse battery"
    form = {"oldpassword": cast.PASSWORD, "password1": new, "password2": new}
    answer = client.post("/account/password/", form)
    assert answer.status_code == 302, answer.content.decode()


def switch_the_account_off(sam, _client) -> None:
    User.objects.filter(pk=sam.pk).update(is_active=False)


def make_them_staff(sam, _client) -> None:
    sam.is_staff = True
    sam.save()


def end_all_sessions(_sam, _client) -> None:
    Session.objects.all().delete()


@pytest.mark.parametrize(
    "act",
    [
        end_the_device,
        end_the_device_past_the_verb,
        delete_the_device,
        end_the_subscription,
        refund_it,
        pause_it,
        give_it_to_another,
        delete_it,
        end_it_by_raw_sql,
        sign_out,
        change_the_password,
        switch_the_account_off,
        make_them_staff,
        end_all_sessions,
    ],
    ids=lambda act: act.__name__,
)
def test_at_the_very_next_request_the_old_token_is_worth_nothing(edge, premium, act):
    sam = cast.sam()
    client = doors.signed_in(sam)
    browser = Browser(edge, cookies_of(client))
    assert SECRET in browser.warm(premium.path).text
    before = dict(browser.cookies)
    act(sam, client)
    answer = Browser(edge, dict(before)).open(premium.path)
    assert answer.how == ""
    assert (SECRET in answer.text) == (act is make_them_staff)
    assert Browser(edge, dict(before)).open("/").how == ""
    browser.open("/")
    assert (SECRET in browser.open(premium.path).text) == (act is make_them_staff)


def test_signing_out_takes_the_cookie_away(edge, premium):
    client = doors.signed_in(cast.sam())
    client.get(premium.path)
    name = cookie_name("token", watch.shared_counters())
    assert client.cookies[name].value
    client.post("/account/sign-out/")
    assert client.cookies[name].value == ""


def test_it_ends_with_the_subscription_by_the_clock(edge, premium):
    soon = timezone.now() + dt.timedelta(seconds=3)
    sam = Browser.of(edge, cast.sam(kind=Subscription.Kind.COMP, ends_at=soon))
    assert SECRET in sam.warm(premium.path).text
    time.sleep(max(0.0, (soon - timezone.now()).total_seconds()))
    assert SECRET not in sam.open(premium.path).text


def test_who_subscribes_reads_on_at_the_next_request(edge, premium):
    ria = Browser.of(edge, cast.registered())
    assert SECRET not in ria.warm(premium.path).text
    cast.make_subscription(cast.registered())
    assert SECRET in ria.open(premium.path).text
    assert SECRET in ria.warm(premium.path).text


@pytest.mark.parametrize("act", [None, end_the_device, refund_it])
def test_no_withheld_word_leaves_the_page_cache_while_a_subscriber_reads_all(edge, act):
    cast.make_publication()
    story = test_leaks.make_marked()
    user = cast.registered() if act is None else cast.make_user()
    if act:
        cast.make_subscription(user)
    reader, sam = Browser.of(edge, user), Browser.of(edge, cast.sam())
    for path in (story.path, *test_leaks.FIXED):
        for browser in (sam, reader):
            browser.open(path)
            browser.open(path)
    assert set(test_leaks.leaks_of(sam, story)) >= {f"get {story.path}"}
    if act:
        act(user, None)
    assert test_leaks.leaks_of(reader, story) == {}
    assert test_leaks.leaks_of(reader, story) == {}
    assert edge.figures()["hit"] > 2 * len(test_leaks.FIXED)


# --- What ends nobody's token -------------------------------------------------------------------


def test_what_is_done_all_day_ends_no_token_of_others(edge, premium):
    sam, other = Browser.of(edge, cast.sam()), cast.max_()
    sam.warm(premium.path)

    def still() -> str:
        return sam.open(premium.path).how

    client = doors.signed_in(other)
    assert still() == "hit"
    device = other.devices.get()
    assert devices.touch(device, at=timezone.now() + dt.timedelta(minutes=6))
    assert still() == "hit"
    new = cast.make_user("new@example.com")
    doors.signed_in(new)
    cast.make_subscription(new)
    subscriptions.end(other.subscriptions.get(), reason="Asked for", by=cast.ed())
    assert still() == "hit"
    change_the_password(other, client)
    client.post("/account/sign-out/")
    call_command("clearsessions")
    assert still() == "hit"


def test_the_touch_of_the_own_device_ends_it_neither(edge, premium):
    user = cast.sam()
    sam = Browser.of(edge, user)
    sam.warm(premium.path)
    assert devices.touch(user.devices.get(), at=timezone.now() + dt.timedelta(minutes=6))
    user.save(update_fields=["last_login", "name"])
    assert sam.open(premium.path).how == "hit"


# --- Stories that change, and tokens made while something does ----------------------------------


def test_what_becomes_premium_or_free_is_so_at_once_for_each_level(edge):
    cast.make_publication()
    story = cast.make_story(body=BODY)
    sam, ria = Browser.of(edge, cast.sam()), Browser.of(edge, cast.registered())
    readers = (sam, ria, Browser(edge))

    def who_reads() -> list[bool]:
        return [SECRET in reader.open(story.path).text for reader in readers]

    for access, seen in (
        ("free", [True, True, True]),
        ("premium", [True, False, False]),
        ("registered", [True, True, False]),
        ("metered", [True, False, False]),
        ("free", [True, True, True]),
    ):
        cast.publish(edit(story.article, access=access))
        assert who_reads() == seen, access
        assert who_reads() == seen, access
    publishing.unpublish(story.article, editor=cast.ed())
    assert [reader.open(story.path).status for reader in readers] == [404] * 3


def test_no_token_is_made_while_a_readers_change_is_on_its_way(edge, premium):
    sam = Browser.of(edge, cast.sam())
    shared = watch.shared_counters()
    ticket = shared.dirty([counters.of_reader(cast.sam().pk)])
    assert sam.open(premium.path).set_cookies == []
    shared.clean([counters.of_reader(cast.sam().pk)], ticket)
    assert "token" in sam.open(premium.path).set_cookies[0]


def test_a_token_made_from_what_was_read_before_a_change_counts_for_nothing(edge, premium):
    """The reader is looked at, the subscription ends, and only then the token is given."""
    user = cast.sam()
    sam = Browser.of(edge, user)
    ends = []

    def end_meanwhile(*_args, **_kwargs) -> None:
        if not ends:
            ends.append(1)
            refund_it(user, None)

    request_finished_reading = edge_signals.template_rendered
    request_finished_reading.connect(end_meanwhile)
    try:
        assert SECRET in sam.open(premium.path).text
    finally:
        request_finished_reading.disconnect(end_meanwhile)
    assert ends
    assert SECRET not in sam.open(premium.path).text
