"""The page “When it goes out”: schedules, take-offs and embargoes on the newsroom's clock."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from articles import publishing
from articles.models import Article, PublishedArticle
from tests.articles.desk.forms import read_form
from tests.articles.publishing.acts import HOUR, edit, let_time_pass, soon
from tests.cast import ed, lisa, make_article, make_publication, publish, staff

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


def url_of(article):
    return reverse("admin:articles_article_when", args=[article.pk])


def typed(at):
    return f"{at.astimezone(NEW_YORK):%Y-%m-%dT%H:%M}"


@pytest.fixture
def article():
    make_publication()
    return make_article(headline="Ships wait")


@pytest.fixture
def desk():
    client = Client()
    client.force_login(staff("Editor"))
    return client


def act(client, article, name, **data):
    return client.post(url_of(article), {"act": name, **data})


def page(answer):
    return answer.content.decode()


def test_an_editor_schedules_on_the_newsrooms_clock(desk, article):
    at = soon(120).replace(second=0, microsecond=0)

    answer = act(desk, article, "schedule", schedule_at=typed(at))

    assert answer.status_code == 302
    assert PublishedArticle.objects.get().published_at == at
    shown = page(desk.get(url_of(article)))
    assert "Scheduled for" in shown
    assert "Nobody has approved this text" in shown


def test_the_page_says_what_is_not_in_it_and_puts_it_in(desk, article):
    publishing.schedule(article, editor=ed(), at=soon())
    edit(article, headline="Ships sail")
    assert "1 change since is not in it" in page(desk.get(url_of(article)))

    act(desk, article, "put_in")

    assert PublishedArticle.objects.get().headline == "Ships sail"
    assert "not in it" not in page(desk.get(url_of(article)))


def test_a_schedule_is_moved_and_called_off(desk, article):
    publishing.schedule(article, editor=ed(), at=soon())
    later = soon(600).replace(second=0, microsecond=0)

    act(desk, article, "move", schedule_at=typed(later))
    assert PublishedArticle.objects.get().published_at == later

    act(desk, article, "unschedule")
    assert not PublishedArticle.objects.exists()


def test_what_is_missing_is_said_in_full_and_the_time_is_kept(desk):
    make_publication()
    article = make_article(headline="", authors=[])
    at = typed(soon())

    answer = act(desk, article, "schedule", schedule_at=at)

    assert answer.status_code == 200
    assert "The headline is missing." in page(answer)
    assert "Name at least one author." in page(answer)
    assert at in page(answer)


@pytest.mark.parametrize(
    ("typed_time", "said"),
    [
        ("", "Choose a day and a time."),
        ("half past nine", "That is no day and time."),
        ("2020-01-01T10:00", "has passed"),
        ("2027-03-14T02:30", "does not exist"),
        ("2027-11-07T01:30", "comes twice"),
    ],
)
def test_an_unclear_time_changes_nothing_and_is_explained(desk, article, typed_time, said):
    answer = act(desk, article, "schedule", schedule_at=typed_time)

    assert answer.status_code == 200
    assert said in page(answer)
    assert not PublishedArticle.objects.exists()


def test_of_an_hour_that_comes_twice_the_desk_chooses(desk, article):
    act(desk, article, "schedule", schedule_at="2027-11-07T01:30", schedule_at_fold="1")

    at = PublishedArticle.objects.get().published_at
    assert at == dt.datetime(2027, 11, 7, 6, 30, tzinfo=dt.UTC)


def test_a_take_off_is_set_and_called_off(desk, article):
    publish(article)
    at = soon(90).replace(second=0, microsecond=0)

    act(desk, article, "take_off", off_at=typed(at))
    assert PublishedArticle.objects.get().off_at == at

    act(desk, article, "stay")
    assert PublishedArticle.objects.get().off_at is None


def test_an_embargo_is_set_by_the_writer_and_lifted_by_the_chief_alone(article):
    writer, chief, editor = Client(), Client(), Client()
    reporter = staff("Reporter")
    lisa().__class__.objects.filter(pk=lisa().pk).update(user=reporter)
    writer.force_login(reporter)
    chief.force_login(staff("Chief editor"))
    editor.force_login(staff("Editor"))

    act(writer, article, "embargo", embargo_until=typed(soon(90)), source="The ministry")
    assert Article.objects.get().embargo_source == "The ministry"

    assert act(editor, article, "lift", lift_reason="Because").status_code == 403
    assert act(writer, article, "lift", lift_reason="Because").status_code == 403
    act(chief, article, "lift", lift_reason="Out already")
    assert Article.objects.get().embargo_until is None


def test_a_reporter_schedules_nothing(article):
    reporter, client = staff("Reporter"), Client()
    lisa().__class__.objects.filter(pk=lisa().pk).update(user=reporter)
    client.force_login(reporter)

    for name in ("schedule", "move", "put_in", "unschedule", "take_off", "stay"):
        assert act(client, article, name, schedule_at=typed(soon())).status_code == 403
    assert act(client, article, "explode").status_code == 403


def test_an_embargo_that_cuts_into_the_schedule_is_refused_with_an_offer(desk, article):
    publishing.schedule(article, editor=ed(), at=soon(60))
    until = soon(120).replace(second=0, microsecond=0)

    refused = act(desk, article, "embargo", embargo_until=typed(until), source="The ministry")
    assert "before the embargo ends" in page(refused)

    act(
        desk,
        article,
        "embargo",
        embargo_until=typed(until),
        source="The ministry",
        move_schedule="1",
    )
    assert PublishedArticle.objects.get().published_at == until


@pytest.mark.parametrize("group", ["Photo desk", "Subscriptions desk"])
def test_others_do_not_see_the_page(article, group):
    client = Client()
    client.force_login(staff(group))

    assert client.get(url_of(article)).status_code == 403


def test_the_form_says_what_lies_ahead(desk, article):
    publishing.schedule(article, editor=ed(), at=soon(5))
    publishing.set_take_off(article, editor=ed(), at=soon(300))
    edit(article, headline="Ships sail")

    form = page(desk.get(reverse("admin:articles_article_change", args=[article.pk])))

    assert "1 change since is not in it." in form
    assert "Put them in" in form
    assert "It goes out in 5 minutes, not approved." in form
    assert "It leaves the site" in form
    assert "On the site since" not in form
    assert "Goes out" in page(desk.get(reverse("admin:articles_article_changelist")))


def test_the_start_page_warns_of_what_is_late_and_what_goes_out_unapproved(desk, article):
    publishing.schedule(article, editor=ed(), at=soon(5))
    late = make_article(headline="Late ships")
    publishing.schedule(late, editor=ed(), at=soon(60))
    let_time_pass(late, 2 * HOUR)

    start = page(desk.get("/admin/"))

    assert "“Ships wait” goes out in 5 minutes, not approved." in start
    assert "it has not seen to “Late ships”" in start
    publishing.settle_due()
    assert "Late ships”" not in page(desk.get("/admin/"))


def test_publishing_over_a_waiting_update_asks_which_words_it_keeps(desk):
    make_publication()
    article = make_article(headline="Now")
    publish(article)
    edit(article, headline="Then")
    publishing.schedule(article, editor=ed(), at=soon())
    edit(article, headline="Something else")
    change = reverse("admin:articles_article_change", args=[article.pk])
    form = read_form(page(desk.get(change)), "article_form")

    answer = desk.post(change, form | {"_publish": "1"}, follow=True)
    assert "Which words does the update keep?" in page(answer)
    assert PublishedArticle.objects.get().headline == "Now"

    over = reverse("admin:articles_article_publish_over", args=[article.pk])
    desk.post(over, {"prefer": "queued"})
    assert PublishedArticle.objects.get().headline == "Something else"
    assert article.versions.first().content["headline"] == "Then"
