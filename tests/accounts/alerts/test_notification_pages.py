"""Following, the page of what is followed, and the page behind "Follow Lisa Berg"."""

import datetime as dt
import re
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from accounts.alerts import follows, tokens
from accounts.models import Follow, User
from tests import cast
from tests.accounts import doors
from tests.accounts.alerts.people import follower

pytestmark = pytest.mark.django_db

PAGE = "/account/notifications/"


def follow_path(thing: object) -> str:
    kind = "section" if thing._meta.model_name == "section" else "author"
    return f"/account/follow/{kind}/{thing.pk}/"


def by_mail_path(user: User) -> str:
    return f"{PAGE}by-mail/{tokens.make(user, tokens.Purpose.PREFERENCES)}/"


@pytest.fixture
def ria(client: Client) -> User:
    """A reader, signed in in ``client`` on a device."""
    user = cast.registered()
    doors.sign_in(client, user.email)
    return user


# --- Ann, who has no account --------------------------------------------------------------------


@pytest.mark.parametrize("path", [PAGE, None], ids=["notifications", "follow"])
def test_ann_is_shown_the_way_in_and_back(client: Client, path: str | None):
    cast.make_story()
    path = path or follow_path(cast.lisa())

    answer = client.get(path)

    assert answer.status_code == 200
    after = path.replace("/", "%2F")
    assert f"/account/sign-in/?next={after}" in answer.text
    assert f"/account/sign-up/?next={after}" in answer.text
    assert "csrfmiddlewaretoken" not in answer.text


def test_signing_in_from_there_leads_back_to_the_button(client: Client):
    cast.make_story()
    user = cast.registered()
    path = follow_path(cast.lisa())

    answer = client.post(
        f"/account/sign-in/?next={path}",
        {"login": user.email, "password": cast.PASSWORD, "next": path},
        follow=True,
    )

    assert answer.request["PATH_INFO"] == path
    assert "Follow Lisa Berg" in answer.text
    assert not Follow.objects.exists(), "only the button follows"


def test_a_post_of_ann_follows_nothing(client: Client):
    cast.make_story()

    answer = client.post(follow_path(cast.lisa()))

    assert answer.status_code == 200
    assert not Follow.objects.exists()


# --- The follow page ----------------------------------------------------------------------------


def test_the_button_follows_and_the_other_one_stops_it(client: Client, ria: User):
    cast.make_story()
    path = follow_path(cast.lisa())
    assert "Follow Lisa Berg" in client.get(path).text
    assert not Follow.objects.exists()

    for _ in range(2):
        answer = client.post(path, follow=True)

    assert "You follow Lisa Berg" in answer.text
    assert Follow.objects.filter(user=ria, author=cast.lisa()).count() == 1
    answer = client.post(path, {"unfollow": "1"}, follow=True)
    assert "You follow" not in answer.text
    assert not Follow.objects.exists()


def test_a_section_is_followed_the_same_way(client: Client, ria: User):
    section = cast.make_section("Markets")

    client.post(follow_path(section))

    assert Follow.objects.filter(user=ria, section=section).exists()


def test_following_with_mails_switched_off_says_that_nothing_will_come(client: Client, ria: User):
    User.objects.update(wants_story_mail=False)
    section = cast.make_section("Markets")

    answer = client.post(follow_path(section), follow=True)

    assert "switched off" in answer.text


def test_an_author_without_a_live_story_cannot_be_found_out(client: Client, ria: User):
    assert client.get(follow_path(cast.lisa())).status_code == 404


@pytest.mark.parametrize("path", ["topic/1", "author/0", "author/99999999999999999999999999999"])
def test_what_cannot_be_followed_is_not_found(client: Client, ria: User, path: str):
    assert client.get(f"/account/follow/{path}/").status_code == 404
    assert client.post(f"/account/follow/{path}/").status_code == 404


def test_a_post_without_a_csrf_token_is_refused():
    client = Client(enforce_csrf_checks=True)
    doors.sign_in(client, cast.registered().email)

    assert client.post(follow_path(cast.make_section())).status_code == 403


# --- The page of what is followed ---------------------------------------------------------------


def test_the_page_lists_what_i_follow_and_unfollows_each(client: Client, ria: User):
    cast.make_story()
    follows.follow(ria, cast.lisa())
    follows.follow(ria, cast.make_section("Markets"))
    text = client.get(PAGE).text
    assert "Lisa Berg" in text
    assert "Markets" in text
    row = Follow.objects.get(author=cast.lisa())

    answer = client.post(PAGE, {"unfollow": row.pk}, follow=True)

    assert "no longer follow" in answer.text
    assert [str(f.section) for f in Follow.objects.all()] == ["Markets"]


def test_the_master_switch_keeps_what_is_followed(client: Client, ria: User):
    follows.follow(ria, cast.lisa())

    off = client.post(PAGE, {}, follow=True)

    assert "no more mails" in off.text
    assert not User.objects.get(pk=ria.pk).wants_story_mail
    client.post(PAGE, {"wants_story_mail": "on"})
    assert User.objects.get(pk=ria.pk).wants_story_mail
    assert Follow.objects.filter(user=ria).exists()


def test_nobody_unfollows_for_another_reader(client: Client, ria: User):
    row = Follow.objects.get(user=follower())

    for number in (row.pk, "", "x", "²", "9" * 30):
        assert client.post(PAGE, {"unfollow": number}).status_code == 302
    assert Follow.objects.filter(pk=row.pk).exists()


def test_an_unknown_note_in_the_address_prints_nothing(client: Client, ria: User):
    answer = client.get(PAGE, {"done": "<b>you won</b>"})

    assert "you won" not in answer.text


# --- By the key of a mail -----------------------------------------------------------------------


def test_a_mail_opens_the_page_without_signing_in(client: Client):
    cast.make_story()
    user = follower(email="rosa@example.com")
    path = by_mail_path(user)

    text = client.get(path).text

    assert "Lisa Berg" in text
    assert "r…@example.com" in text
    assert "rosa@" not in text
    row = Follow.objects.get(user=user)
    answer = client.post(path, {"unfollow": row.pk}, follow=True)
    assert answer.status_code == 200
    assert not Follow.objects.exists()
    client.post(path, {})
    assert not User.objects.get(pk=user.pk).wants_story_mail
    assert client.get(PAGE).context["title"] == "Notifications", "nobody was signed in by it"


def test_the_key_of_a_mail_wears_out(client: Client):
    user = follower()
    path = by_mail_path(user)
    later = timezone.now() + tokens.PREFERENCES_LAST + dt.timedelta(seconds=2)

    with mock.patch("time.time", return_value=later.timestamp()):
        answer = client.get(path)

    assert answer.status_code == 404
    assert "This link does not work" in answer.text


def test_the_key_to_unsubscribe_does_not_open_the_page(client: Client):
    token = tokens.make(follower(), tokens.Purpose.UNSUBSCRIBE)

    assert client.get(f"{PAGE}by-mail/{token}/").status_code == 404


def test_the_page_by_mail_is_private_and_leads_nowhere_else(client: Client):
    answer = client.get(by_mail_path(follower()))

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert re.search(r'<meta name="robots" content="noindex', answer.text)


def test_the_number_of_queries_does_not_grow_with_what_is_followed(
    client: Client, ria: User, django_assert_max_num_queries
):
    for number in range(12):
        follows.follow(ria, cast.make_section(f"Section {number}"))

    with django_assert_max_num_queries(8):
        client.get(PAGE)
