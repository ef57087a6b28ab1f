"""Mails to the desk: who gets them, what they say, and that each person can stop them."""

import pytest
from django.core import mail
from django.db import transaction

from articles.desk import notices, revisions, workflow
from articles.models import Author, DeskPreference, Event
from tests.accounts.doors import run_tasks
from tests.articles.desk.people import another, tom
from tests.articles.proof.check import sql
from tests.cast import lisa, make_article, make_publication, make_user, registered, staff

pytestmark = pytest.mark.django_db

PAGE = "/admin/notices/"


@pytest.fixture
def reporter():
    return staff("Reporter")


@pytest.fixture
def article(reporter):
    article = make_article(headline="Ships wait", created_by=reporter)
    revisions.keep(article, editor=reporter)
    return article


def told():
    """The addresses that got a mail, once the worker has done all it has to do."""
    run_tasks()
    run_tasks()
    addresses = [message.to[0] for message in mail.outbox]
    return sorted(addresses)


def test_the_editors_are_told_of_a_story_that_was_sent(article, reporter):
    editor, chief = staff("Editor"), staff("Chief editor")
    staff("Photo desk")
    registered()

    workflow.submit(article, by=reporter, note="Is one source\nenough?")

    assert told() == sorted([editor.email, chief.email])
    message = mail.outbox[0]
    assert message.subject == "Reporter sent it to the desk: Ships wait"
    html = message.alternatives[0][0]
    for text in (message.body, html):
        assert "Reporter sent it to the desk at" in text
        assert "Is one source" in text
        assert f"/admin/articles/article/{article.pk}/change/" in text
        assert PAGE in text
        assert ".." not in text


def test_no_one_is_told_of_their_own_act(article):
    editor, chief = staff("Editor"), staff("Chief editor")

    workflow.submit(article, by=editor)

    assert told() == [chief.email]


@pytest.mark.parametrize("act", ["approve", "ask"])
def test_the_writers_are_told_of_the_answer(article, reporter, act):
    editor = staff("Editor")
    in_byline = another("Reporter", "Tom Ash")
    Author.objects.filter(pk=tom().pk).update(user=in_byline)
    article.bylines.create(author=tom(), position=1)
    submitter = another("Editor", "Sue Sender")
    workflow.submit(article, by=submitter)
    told()
    mail.outbox.clear()

    if act == "approve":
        workflow.approve(article, by=editor, revision=article.head)
    else:
        workflow.ask_for_changes(article, by=editor, note="Put the turnout first.")

    assert told() == sorted([reporter.email, in_byline.email, submitter.email])
    assert ("Put the turnout first." in mail.outbox[0].body) is (act == "ask")


def test_a_person_can_switch_each_notice_off_and_on_again(client, article, reporter):
    editor = staff("Editor")
    client.force_login(editor)
    page = client.get(PAGE).content.decode()
    assert page.count("checked") == 3

    answer = client.post(PAGE, {"mail_on_answer": "on"}, follow=True)
    assert "Saved." in answer.content.decode()
    workflow.submit(article, by=reporter)
    assert told() == []

    client.post(PAGE, {"mail_on_submitted": "on", "mail_on_answer": "on"})
    workflow.take_back(article, by=reporter)
    workflow.submit(article, by=reporter)
    assert told() == [editor.email]
    assert DeskPreference.objects.count() == 1


def test_a_switch_works_for_mails_that_wait_already(article, reporter):
    editor = staff("Editor")
    workflow.submit(article, by=reporter)
    DeskPreference.objects.create(user=editor, mail_on_submitted=False)

    assert told() == []


def test_a_reporter_sees_only_the_switch_that_is_theirs(client, reporter):
    DeskPreference.objects.create(user=reporter, mail_on_submitted=False)
    client.force_login(reporter)
    page = client.get(PAGE).content.decode()
    assert "mail_on_submitted" not in page

    client.post(PAGE, {})

    preference = DeskPreference.objects.get()
    assert (preference.mail_on_submitted, preference.mail_on_answer) == (False, False)


def test_the_photo_desk_has_the_notices_about_pictures_alone(client):
    client.force_login(staff("Photo desk"))
    page = client.get(PAGE).content.decode()

    assert "mail_on_picture" in page
    assert "mail_on_answer" not in page


def test_those_without_stories_and_pictures_have_no_notices(client):
    client.force_login(staff("Subscriptions desk"))

    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/admin/").content.decode()


def test_only_active_staff_with_a_confirmed_address_is_written_to(article, reporter):
    left, unconfirmed, reader = (another("Editor", name) for name in ("Al", "Bo", "Cy"))
    left.is_active = False
    left.save()
    unconfirmed.emailaddress_set.update(verified=False)
    reader.is_staff = False
    reader.save()
    staff("Editor").delete()

    workflow.submit(article, by=reporter)

    assert told() == []


def test_who_no_longer_sees_stories_reads_none_in_a_mail(article, reporter):
    workflow.submit(article, by=reporter)
    told()
    mail.outbox.clear()
    reporter.groups.clear()

    workflow.ask_for_changes(article, by=staff("Editor"), note="Again.")

    assert told() == []


def test_an_operator_is_told_like_an_editor(article, reporter):
    operator = make_user("op@example.com", is_staff=True, is_superuser=True)

    workflow.submit(article, by=reporter)

    assert told() == [operator.email]


def test_a_notice_stands_or_falls_with_its_act(article, reporter):
    staff("Editor")

    with transaction.atomic():
        workflow.submit(article, by=reporter)
        transaction.set_rollback(True)

    assert told() == []


def test_a_notice_of_a_story_that_is_gone_is_no_error(article, reporter):
    staff("Editor")
    workflow.submit(article, by=reporter)
    event = Event.objects.get(kind=Event.Kind.SUBMITTED)
    article.delete()

    assert told() == []
    notices.hand_out.func(event.pk + 100)
    notices.send.func(event.pk + 100, 7)


def test_the_time_in_a_mail_is_the_newsrooms(article, reporter):
    make_publication(zone="Asia/Tokyo")
    editor = staff("Editor")
    workflow.submit(article, by=reporter)
    sql("UPDATE articles_event SET at = '2026-01-24 00:30:00+00:00'")

    assert told() == [editor.email]
    assert "Jan. 24" in mail.outbox[0].body
    assert "9:30 a.m." in mail.outbox[0].body


def test_headlines_cannot_bend_a_mail(reporter):
    staff("Editor")
    article = make_article(headline="Tom & “Jerry” <b>", created_by=reporter, authors=[lisa()])

    workflow.submit(article, by=reporter)

    told()
    assert mail.outbox[0].subject.endswith("Tom & “Jerry” <b>")
    assert "Tom & “Jerry” <b>" in mail.outbox[0].body
    assert "Tom &amp; “Jerry” &lt;b&gt;" in mail.outbox[0].alternatives[0][0]
