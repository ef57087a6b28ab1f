"""The audit trail: written once, one list of all, and a log on each thing."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import events
from articles.models import Event, ProofLink
from articles.models.append_only import WrittenOnce
from tests.cast import (
    ed,
    lisa,
    make_article,
    make_image,
    make_plan,
    make_publication,
    make_section,
    make_story,
    make_subscription,
    registered,
    staff,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/event/"


@pytest.fixture
def chief(client):
    make_publication()
    user = staff("Chief editor")
    client.force_login(user)
    return user


def record(kind=Event.Kind.CHANGED, **fields):
    defaults = {"actor": None, "target_kind": "section", "target_id": 7, "target_name": "World"}
    return events.record(kind, **(defaults | fields))


# --- Written once ---------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [record, lambda: make_story() and ProofLink.objects.get()])
def test_a_row_is_written_once(make):
    row = make()
    model = type(row)

    for attempt in (
        row.save,
        row.delete,
        lambda: model.objects.update(pk=1),
        lambda: model.objects.filter(pk=row.pk).delete(),
        lambda: model.objects.bulk_update([row], ["kind"]),
        lambda: model.objects.update_or_create(pk=row.pk, defaults={"kind": "x"}),
    ):
        with pytest.raises(WrittenOnce), transaction.atomic():
            attempt()
    assert model.objects.get(pk=row.pk) is not None


def test_an_event_outlives_the_account_of_its_actor():
    someone = staff("Editor", name="Edda")
    event = record(actor=someone)

    someone.delete()

    event = Event.objects.get(pk=event.pk)
    assert (event.actor, event.actor_name) == (None, "Edda")


def test_no_name_can_forge_a_second_entry():
    someone = staff("Editor", name="Edda\n2026-03-03 Ruth: Published\x1b[2K\u2028x")

    event = record(actor=someone, target_name="A\r\nB", note="one\ntwo\x00\x85three")

    assert event.actor_name == "Edda 2026-03-03 Ruth: Published [2K x"
    assert (event.target_name, event.note) == ("A B", "one two three")


# --- The one list ---------------------------------------------------------------------------------


def test_the_list_says_who_did_what_to_what_and_why(client, chief):
    article = make_article(headline="Eleven ships wait")
    events.record(
        Event.Kind.UNPUBLISHED,
        actor=ed(),
        target_kind="article",
        target_id=article.pk,
        target_name="Eleven ships wait",
        note="A wrong name",
        at=dt.datetime(2026, 3, 3, 19, 0, 5, tzinfo=dt.UTC),
    )

    text = client.get(LIST).content.decode()

    for words in ("Unpublished", "Eleven ships wait", "Ed", "A wrong name"):
        assert words in text
    assert "March 3, 2026, 14:00:05" in text
    assert f'href="/admin/articles/article/{article.pk}/change/"' in text


def names(client, **query):
    page = client.get(LIST, query)
    assert page.status_code == 200, page
    return [event.target_name for event in page.context["cl"].result_list]


def test_it_is_filtered_by_kind_who_thing_and_day(client, chief):
    editor = staff("Editor")
    record(target_name="by nobody")
    record(Event.Kind.UNPUBLISHED, actor=editor, target_kind="article", target_name="taken off")
    late = dt.datetime(2026, 3, 4, 4, 30, tzinfo=dt.UTC)
    record(target_name="late on the third", at=late)
    record(target_name="the fourth", at=late + dt.timedelta(hours=1))

    assert names(client, kind__exact="unpublished") == ["taken off"]
    assert names(client, who=editor.pk) == ["taken off"]
    assert "taken off" not in names(client, who="0")
    assert names(client, thing="article") == ["taken off"]
    assert names(client, day="2026-03-03") == ["late on the third"]
    assert names(client, day="2026-03-04", kind__exact="changed") == ["the fourth"]
    today = timezone.localtime(timezone.now(), chief_zone()).date()
    assert set(names(client, day=today.isoformat())) == {"by nobody", "taken off"}


def chief_zone():
    from articles.models import Publication

    return Publication.objects.get().zone_info


def test_a_day_on_which_the_clocks_change_is_whole(client, chief):
    for hour, name in ((4, "before"), (5, "first"), (27, "last"), (28, "after")):
        at = dt.datetime(2026, 3, 8, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
        record(target_name=name, at=at)

    assert names(client, day="2026-03-08") == ["last", "first"]


def test_it_is_searched_by_name_and_by_number(client, chief):
    record(target_name="World", target_id=7)
    record(target_name="Culture", target_id=77)

    assert names(client, q="worl") == ["World"]
    assert names(client, q="77") == ["Culture"]


@pytest.mark.parametrize(
    "query",
    ["day=soon", "day=2026-13-77", "day=0001-01-01", "day=9999-12-31", "who=x", "who=99999999"],
)
def test_a_filter_of_nonsense_shows_the_whole_list(client, chief, query):
    record()

    answer = client.get(f"{LIST}?{query}", follow=True)

    assert answer.status_code == 200


def test_nobody_changes_it_not_even_an_operator(client):
    event = record()
    client.force_login(ed())

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{event.pk}/change/", {"note": "Forged"}).status_code == 403
    assert client.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    page = client.get(f"{LIST}{event.pk}/change/").content.decode()
    assert 'name="note"' not in page
    assert "World" in page
    client.post(LIST, {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"})
    assert Event.objects.get().note == ""


def test_a_reader_is_named_by_a_random_id_that_leads_on_for_those_who_may(client, chief):
    reader = registered()
    events.record(
        Event.Kind.PLAN_GIVEN, actor=ed(), target_kind="reader", target_id=reader.public_id
    )

    text = client.get(LIST).content.decode()

    assert reader.email not in text
    assert reader.name not in text
    assert f"Reader {str(reader.public_id)[:8]}" in text
    url = reverse("admin:accounts_user_by_public_id", args=[reader.public_id])
    assert url in text
    assert client.get(url)["Location"] == f"/admin/accounts/user/{reader.pk}/change/"
    client.force_login(staff("Reporter"))
    assert client.get(url).status_code == 403


def test_an_event_about_something_unknown_is_shown_all_the_same(client, chief):
    record(target_kind="spaceship", target_id="../x", target_name="")
    record(target_kind="reader", target_id="no uuid", target_name="")

    text = client.get(LIST).content.decode()

    assert "Spaceship ../x" in text
    assert "Reader no uuid" in text


def test_the_list_costs_the_same_whatever_there_is(client, chief):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        assert not any(
            "COUNT" in query["sql"] and "LIMIT" not in query["sql"] for query in caught
        ), "the whole table is counted"
        return len(caught)

    record(actor=ed())
    few = cost()
    for number in range(60):
        record(actor=ed(), target_kind="article", target_id=number)

    assert cost() == few <= 10


# --- On each thing --------------------------------------------------------------------------------


def history(app, model, pk):
    return f"/admin/{app}/{model}/{pk}/history/"


def test_a_story_has_its_log(client, chief):
    story = make_story()
    client.post(
        reverse("admin:articles_article_unpublish", args=[story.article_id]),
        {"reason": "A wrong name"},
    )

    text = client.get(history("articles", "article", story.article_id)).content.decode()

    assert text.index("Unpublished") < text.index("Published</b>")
    assert "Chief editor: A wrong name" in text


def test_a_changed_thing_tells_what_was_changed(client, chief):
    section = make_section("World")
    client.post(
        f"/admin/articles/section/{section.pk}/change/",
        {"name": "The world", "slug": "world", "position": 0, "description": ""},
    )

    text = client.get(history("articles", "section", section.pk)).content.decode()

    assert "Changed: Name" in text


def test_a_corrected_credit_is_told_before_and_after(client, chief):
    image = make_image()
    from articles.photos import library

    image.credit = "Ana Duarte / Other Pictures"
    library.correct(image, by=chief)

    text = client.get(history("articles", "image", image.pk)).content.decode()

    assert "Credit: Ana Duarte / Testing Pictures → Ana Duarte / Other Pictures" in text


def test_each_kind_of_thing_has_a_log(client):
    client.force_login(ed())
    subscription = make_subscription(registered())
    for app, model, pk in (
        ("articles", "author", lisa().pk),
        ("articles", "image", make_image().pk),
        ("accounts", "plan", make_plan().pk),
        ("accounts", "user", registered().pk),
        ("accounts", "subscription", subscription.pk),
    ):
        page = client.get(history(app, model, pk))
        assert page.status_code == 200
        assert "Nothing is written down yet." in page.content.decode() or model == "image"


def test_the_subscriptions_desk_reads_a_readers_log(client):
    reader = registered()
    client.force_login(staff("Subscriptions desk"))
    events.record(
        Event.Kind.PLAN_GIVEN,
        actor=ed(),
        target_kind="reader",
        target_id=reader.public_id,
        note="A prize",
    )

    text = client.get(history("accounts", "user", reader.pk)).content.decode()

    assert "Gave a plan" in text
    assert "A prize" in text


def test_a_long_log_goes_on_at_older(client, chief):
    section = make_section("World")
    for number in range(105):
        record(target_id=section.pk, note=f"act {number}.")
    url = history("articles", "section", section.pk)

    first = client.get(url)
    assert "act 104." in first.content.decode()
    assert "act 4." not in first.content.decode()
    older = first.context["log"].older
    text = client.get(url, {"before": older}).content.decode()

    assert "act 4." in text
    assert "act 5." not in text
    assert ">Older<" not in text


@pytest.mark.parametrize("before", ["x", "-1", "0", "99999999999999999999", "\x00", "१"])
def test_a_log_from_nowhere_is_not_found(client, chief, before):
    url = history("articles", "section", make_section("World").pk)

    assert client.get(url, {"before": before}).status_code == 404


def test_the_log_of_nothing_is_not_found(client, chief):
    assert client.get(history("articles", "section", 999)).status_code == 404


def test_the_admins_own_log_with_readers_addresses_is_written_no_more(client, chief):
    from django.contrib.admin.models import LogEntry

    client.post("/admin/articles/section/add/", {"name": "X", "slug": "x", "position": 0})

    assert Event.objects.filter(note="Added").exists()
    assert not LogEntry.objects.exists()
