"""Of staff it is written down who signed in, failed to, signed out, and whose roles changed."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from articles.models import Event
from tests import cast
from tests.accounts.doors import browser, last_code, run_tasks, sign_in, signed_in
from tests.accounts.test_second_factor import ENTER, code_of, set_up
from tests.articles.desk.forms import read_form

pytestmark = pytest.mark.django_db

Kind = Event.Kind
SIGN_INS = (Kind.SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.SIGNED_OUT)


@pytest.fixture
def editor():
    return cast.staff("Editor")


def only(kind):
    return Event.objects.get(kind=kind)


# --- Signing in and out ---------------------------------------------------------------------------


def test_staff_signing_in_and_out_is_written_down(editor):
    client = signed_in(editor)
    client.post("/account/sign-out/")

    came, went = only(Kind.SIGNED_IN), only(Kind.SIGNED_OUT)
    assert came.details == {"by": ["password"], "device": "Firefox on Windows"}
    for event in (came, went):
        assert event.actor == editor
        assert (event.target_kind, event.target_id) == ("reader", str(editor.public_id))
        assert event.target_name == ""


def test_signing_out_everywhere_is_written_down(editor):
    client = signed_in(editor)

    client.post("/account/sign-out-everywhere/")

    assert Event.objects.filter(kind=Kind.SIGNED_OUT).count() == 1


def test_by_which_proofs_is_written_down(editor):
    client = browser()
    client.post("/account/code/", {"email": editor.email})
    client.post("/account/code/enter/", {"code": last_code()})

    assert only(Kind.SIGNED_IN).details["by"] == ["code"]


def test_a_wrong_password_is_written_down_without_the_password(editor):
    sign_in(browser(), editor.email.upper(), password="tiptoe through")
    run_tasks()

    event = only(Kind.SIGN_IN_FAILED)
    assert event.actor is None
    assert event.target_id == str(editor.public_id)
    assert event.details == {"by": "password"}
    assert "tiptoe" not in str(vars(event))


def test_a_wrong_code_is_written_down(editor):
    client = browser()
    client.post("/account/code/", {"email": editor.email})
    client.post("/account/code/enter/", {"code": "000000"})
    run_tasks()

    assert only(Kind.SIGN_IN_FAILED).details == {"by": "code"}


def test_a_known_and_an_unknown_address_leave_the_same_work(editor):
    """Else the time an answer takes would tell the addresses of staff."""
    kept = []
    for address in (editor.email, cast.registered().email, "nobody@example.com"):
        sign_in(browser(), address, password="wrong")
        row = DBTaskResult.objects.get()
        kept.append((row.task_path, len(row.args_kwargs["args"])))
        assert not Event.objects.filter(kind=Kind.SIGN_IN_FAILED).exists()
        row.delete()

    assert len(set(kept)) == 1


def test_of_readers_nothing_is_written_down():
    reader = cast.sam()
    client = signed_in(reader)
    client.post("/account/sign-out/")
    sign_in(browser(), reader.email, password="wrong")
    sign_in(browser(), "nobody@example.com", password="wrong")
    run_tasks()

    assert not Event.objects.exists()


def test_an_event_is_gone_with_a_sign_in_that_failed_half_way(editor, monkeypatch):
    client = browser()
    client.raise_request_exception = False
    # The last thing of a sign-in is a row of the session; here it cannot be written.
    from django.db import connection

    def refuse(execute, sql, params, many, context):
        if "INSERT" in sql and "articles_event" in sql:
            raise RuntimeError("The disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        answer = sign_in(client, editor.email)

    assert answer.status_code == 500
    assert not Event.objects.filter(kind=Kind.SIGNED_IN).exists()
    assert client.get("/admin/").status_code == 302


# --- The second factor ----------------------------------------------------------------------------


def test_the_second_factor_is_written_down(editor, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    client = signed_in(editor)
    secret = set_up(client)
    client.post("/account/second-factor/codes/new/")
    other = browser()
    sign_in(other, editor.email)
    other.post(ENTER, {"code": "000000"})
    other.post(ENTER, {"code": code_of(secret, step=1)})
    client.post("/account/second-factor/app/remove/")

    told = list(Event.objects.order_by("pk").values_list("kind", "note"))
    assert told == [
        (Kind.SIGNED_IN, ""),
        (Kind.CHANGED, "Second factor set up"),
        (Kind.CHANGED, "New recovery codes made"),
        (Kind.SIGN_IN_FAILED, ""),
        (Kind.SIGNED_IN, ""),
        (Kind.CHANGED, "Second factor removed"),
    ]
    assert only(Kind.SIGN_IN_FAILED).details == {"by": "second factor"}
    assert Event.objects.filter(kind=Kind.SIGNED_IN).first().details["by"] == ["password", "mfa"]


# --- Roles ----------------------------------------------------------------------------------------


@pytest.fixture
def operator(client):
    user = cast.ed()
    client.force_login(user)
    return user


def change(client, user, **fields):
    url = f"/admin/accounts/user/{user.pk}/change/"
    form = read_form(client.get(url).content.decode(), "user_form")
    data = {name: value for name, value in (form | fields).items() if value is not None}
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.content.decode()


def test_a_change_of_groups_says_from_what_to_what(client, operator, editor):
    chief = Group.objects.get(name="Chief editor")

    change(client, editor, groups=[str(chief.pk)])

    event = only(Kind.ROLE_CHANGED)
    assert event.actor == operator
    assert event.details == {"from": {"groups": ["Editor"]}, "to": {"groups": ["Chief editor"]}}
    assert (event.target_id, event.target_name) == (str(editor.public_id), "")
    assert editor.email not in str(event.details)


def test_switching_an_account_off_and_making_an_operator_are_changes_of_roles(
    client, operator, editor
):
    change(client, editor, is_active=None)
    change(client, editor, is_superuser="on")

    first, second = Event.objects.filter(kind=Kind.ROLE_CHANGED).order_by("pk")
    assert first.details == {"from": {"active": True}, "to": {"active": False}}
    assert second.details == {"from": {"operator": False}, "to": {"operator": True}}


def test_another_name_is_no_change_of_roles(client, operator, editor):
    change(client, editor, name="Edda")

    assert not Event.objects.filter(kind=Kind.ROLE_CHANGED).exists()


def test_a_new_account_of_staff_is_a_change_of_roles(client, operator):
    client.post(
        "/admin/accounts/user/add/",
        {
            "email": "new@example.com",
            "name": "New",
            "password": cast.PASSWORD,
            "is_staff": "on",
            "groups": [Group.objects.get(name="Reporter").pk],
        },
    )

    user = User.objects.get(email="new@example.com")
    event = only(Kind.ROLE_CHANGED)
    assert event.target_id == str(user.public_id)
    assert event.details["to"] == {"staff": True, "groups": ["Reporter"]}


def test_an_operator_made_on_the_command_line_is_written_down(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", cast.PASSWORD)

    call_command("createsuperuser", "--noinput", "--email", "op@example.com", verbosity=0)

    event = only(Kind.ROLE_CHANGED)
    assert event.target_id == str(User.objects.get().public_id)
    assert event.details["to"] == {"staff": True, "operator": True}
    assert (event.actor, event.note) == (None, "On the command line")


def rights_of(client, group):
    url = f"/admin/auth/group/{group.pk}/change/"
    form = read_form(client.get(url).content.decode(), "group_form")
    return url, form


def test_what_a_group_may_do_is_changed_in_the_open(client, operator):
    group = Group.objects.get(name="Photo desk")
    url, form = rights_of(client, group)
    kept = sorted(form["permissions"])[1:]

    assert client.post(url, {"name": "Photo desk", "permissions": kept}).status_code == 302

    event = only(Kind.ROLE_CHANGED)
    assert (event.target_kind, event.target_name) == ("group", "Photo desk")
    assert len(event.details["from"]["rights_lost"]) == 1
    assert event.details["to"]["rights_gained"] == []


def test_a_group_is_added_and_deleted_in_the_open(client, operator):
    client.post("/admin/auth/group/add/", {"name": "Sports desk"})
    group = Group.objects.get(name="Sports desk")
    client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})

    notes = Event.objects.filter(kind=Kind.ROLE_CHANGED).order_by("pk")
    assert [(event.note, event.target_name) for event in notes] == [
        ("Added", "Sports desk"),
        ("Deleted", "Sports desk"),
    ]


@pytest.mark.parametrize("group", ["Chief editor", "Editor", "Subscriptions desk"])
def test_groups_are_for_operators(group):
    client = Client()
    client.force_login(cast.staff(group))
    pk = Group.objects.get(name=group).pk

    for path in ("", "add/", f"{pk}/change/", f"{pk}/history/"):
        assert client.get(f"/admin/auth/group/{path}").status_code == 403
