"""The list of readers as a file."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.desk import export
from accounts.models import User
from articles.models import Event
from tests import cast
from tests.accounts.doors import signed_in

pytestmark = pytest.mark.django_db

URL = reverse("admin:accounts_user_export")


def rows(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_it_holds_what_the_list_shows_as_narrowed_down(desk, reader):
    cast.sam()

    answer = desk.post(f"{URL}?state=active")

    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="readers-')
    assert answer["Cache-Control"] == "private, no-store"
    header, *found = rows(answer)
    assert header == export.HEADER
    assert [row[:2] for row in found] == [["sam@example.com", "Sam"]]
    assert found[0][4].startswith("May read premium: subscribed until")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(desk, reader, start):
    name = f'{start}HYPERLINK("https://evil.example","x")'
    User.objects.filter(pk=reader.pk).update(name=name)

    found = rows(desk.post(f"{URL}?q=ria"))

    assert found[1][1] == f"'{name}"


def test_it_is_written_down_with_the_count_and_names_nobody(desk, jo, reader):
    desk.post(f"{URL}?q=ria%40example.com&is_staff__exact=0")

    event = Event.objects.get(kind=Event.Kind.READERS_EXPORTED)
    assert event.actor == jo
    assert event.details == {"readers": 1, "narrowed_down_by": "is_staff__exact=0"}


def test_looking_writes_nothing_down(desk, reader):
    page = desk.get(f"{URL}?q=ria")

    assert "1 reader, as the list is narrowed down now" in page.content.decode()
    assert not Event.objects.filter(kind=Event.Kind.READERS_EXPORTED).exists()


def test_it_takes_a_right_of_its_own(jo, reader):
    jo.groups.first().permissions.remove(Permission.objects.get(codename="export_readers"))
    client = signed_in(jo)

    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code == 403
    assert "as a file" not in client.get("/admin/accounts/user/").content.decode()
    assert not Event.objects.filter(kind=Event.Kind.READERS_EXPORTED).exists()


def test_filters_that_are_none_lead_back_to_the_list(desk):
    assert desk.post(f"{URL}?nonsense=x")["Location"] == "/admin/accounts/user/"
    assert desk.post(f"{URL}?password__startswith=md5").status_code == 400
    assert desk.get("/admin/accounts/user/?password__startswith=md5").status_code == 400


def test_a_long_list_comes_whole_and_in_pieces(desk, django_assert_max_num_queries):
    User.objects.bulk_create(
        [User(email=f"many{number}@example.com") for number in range(export.AT_ONCE * 2)], 500
    )

    answer = desk.post(f"{URL}?q=many")
    with django_assert_max_num_queries(8):
        found = rows(answer)

    assert len(found) == export.AT_ONCE * 2 + 1
    assert len({row[0] for row in found}) == len(found)
