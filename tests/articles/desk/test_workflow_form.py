"""The form's buttons that lead on: save first, then the act, on what was just saved."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.desk import revisions, workflow
from articles.models import Article, Event, PublishedArticle, Revision
from articles.models.article import Work
from tests.articles.desk.forms import read_form
from tests.articles.desk.people import another
from tests.cast import make_article, make_publication, make_section, make_story, staff

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"


@pytest.fixture
def reporter():
    return staff("Reporter")


@pytest.fixture
def editor():
    return staff("Editor")


@pytest.fixture
def sent(reporter):
    """A reporter's story, in review."""
    article = make_article(created_by=reporter)
    revisions.keep(article, editor=reporter)
    workflow.submit(article, by=reporter, note="Is one source enough?")
    return article


def url(article, page="change"):
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def form_of(client, article):
    return read_form(client.get(url(article)).content.decode(), "article_form")


def press(client, article, button, **values):
    data = form_of(client, article) | values | {button: "1"}
    return client.post(url(article), data, follow=True)


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def buttons(client, article):
    """The acts on the page in their order, each once; the black one is marked."""
    steps = client.get(url(article)).context["desk"].steps
    names = [f"*{steps.next.label}"] if steps.next else []
    names += [act.label for act in steps.beside]
    return [*names, *(["Ask for changes"] if steps.may_ask else [])]


def test_a_reporter_writes_and_sends_in_one_post(client, reporter):
    client.force_login(reporter)
    data = read_form(client.get(ADD).content.decode(), "article_form")

    answer = client.post(
        ADD, data | {"headline": "Ships", "_submit": "1", "note_to_desk": "Soon?"}, follow=True
    )

    assert "Saved. The desk has the story now." in said(answer)
    article = Article.objects.get()
    assert (article.work, article.work_note, article.head) == (Work.IN_REVIEW, "Soon?", 1)
    assert article.revisions.get().content["headline"] == "Ships"


def test_an_approval_is_of_the_words_saved_with_it(client, editor, sent):
    client.force_login(editor)

    answer = press(client, sent, "_approve", headline="A better one")

    assert "The story is approved." in said(answer)
    article = Article.objects.get()
    assert (article.work, article.headline, article.head) == (Work.APPROVED, "A better one", 2)
    assert article.approved_revision == 2


def test_what_another_saved_meanwhile_is_not_approved_unseen(client, editor, sent, reporter):
    client.force_login(editor)
    data = form_of(client, sent)
    Article.objects.filter(pk=sent.pk).update(headline="Theirs")
    revisions.keep(Article.objects.get(), editor=reporter)

    answer = client.post(url(sent), data | {"_approve": "1"}, follow=True)

    assert "look it over, then press the button again" in said(answer)
    article = Article.objects.get()
    assert (article.work, article.headline) == (Work.IN_REVIEW, "Theirs")


def test_an_old_page_with_the_newest_words_on_it_is_as_good_as_a_new_one(client, editor, sent):
    """As after a reload, when the browser put its own idea of the form back."""
    client.force_login(editor)
    data = form_of(client, sent)
    revisions.keep(sent, editor=editor)

    answer = client.post(url(sent), data | {"_approve": "1"}, follow=True)

    assert "The story is approved." in said(answer)
    assert Article.objects.get().approved_revision == sent.head
    answer = client.post(url(sent), data | {"_approve": "1"}, follow=True)
    assert "It is approved already." in said(answer)


def test_a_merge_with_words_of_another_is_not_approved_unseen(client, editor, sent, reporter):
    """As when the save before the act brought in what a colleague had saved meanwhile."""
    from articles.desk.admin.story_acts import take

    client.force_login(editor)
    data = form_of(client, sent)
    revisions.keep(sent, editor=reporter)
    merged = revisions.keep(sent, editor=editor, reason=Revision.Reason.MERGE)
    Revision.objects.filter(pk=merged.pk).update(base=data["base"])
    request = client.get(url(sent)).wsgi_request
    request.POST = data | {"_approve": "1"}

    take(request, sent)

    assert Article.objects.get().work == Work.IN_REVIEW


def test_asking_for_changes_needs_a_note_and_keeps_the_save(client, editor, sent):
    client.force_login(editor)

    answer = press(client, sent, "_ask", headline="Kept")
    assert "Say what should change" in said(answer)
    assert Article.objects.get().headline == "Kept"

    answer = press(client, sent, "_ask", note_to_writers="Put the turnout first.")
    assert "The writers have your note." in said(answer)
    page = answer.content.decode()
    assert 'data-state="changes">Changes asked' in page
    assert "Put the turnout first.</blockquote>" in page
    assert "Editor asked for changes at" in page


def test_a_note_is_printed_as_it_was_typed_and_never_as_markup(client, editor, sent):
    client.force_login(editor)

    press(client, sent, "_ask", note_to_writers="<script>steal()</script>\nSecond line")

    page = client.get(url(sent)).content.decode()
    assert "&lt;script&gt;steal()&lt;/script&gt;<br>Second line" in page
    assert "<script>steal" not in page


def test_the_submitter_takes_it_back(client, sent, reporter):
    client.force_login(reporter)

    answer = press(client, sent, "_take_back")

    assert "The story is a draft again." in said(answer)
    assert Article.objects.get().work == Work.DRAFT


@pytest.mark.parametrize("button", ["_approve", "_ask", "_publish"])
def test_a_forged_button_is_refused_before_anything_is_saved(client, sent, reporter, button):
    client.force_login(reporter)
    data = form_of(client, sent) | {"headline": "Forged", "note_to_writers": "x", button: "1"}

    assert client.post(url(sent), data).status_code == 403
    article = Article.objects.get()
    assert article.work == Work.IN_REVIEW
    assert article.headline != "Forged"


def test_an_act_that_comes_too_late_is_said_kindly_and_the_save_stands(client, editor, sent):
    client.force_login(editor)
    data = form_of(client, sent) | {"headline": "Mine"}
    workflow.ask_for_changes(sent, by=another("Editor", "Tom Hale"), note="Again.")

    answer = client.post(url(sent), data | {"_approve": "1"}, follow=True)

    assert "Saved, and nothing more. Changes were asked for" in said(answer)
    assert Article.objects.get().headline == "Mine"


def test_saving_alone_changes_no_state(client, sent, reporter):
    client.force_login(reporter)

    answer = press(client, sent, "_continue", headline="New words")

    assert said(answer) == "Saved."
    assert Article.objects.get().work == Work.IN_REVIEW


def test_approve_edit_publish_is_refused_with_a_link_to_the_state(client, editor, sent):
    client.force_login(editor)
    press(client, sent, "_approve")

    answer = press(client, sent, "_publish", headline="One more word")

    assert 'href="#id_work">Changed after it was approved: have it approved again.' in said(answer)
    assert 'id="id_work"' in answer.content.decode()
    assert not PublishedArticle.objects.exists()
    press(client, sent, "_approve")
    assert "Published." in said(press(client, sent, "_publish"))
    assert PublishedArticle.objects.live(timezone.now()).get().headline == "One more word"


@pytest.mark.parametrize(
    ("who", "state", "offered"),
    [
        ("reporter", "draft", ["*Send to the desk"]),
        ("reporter", "review", ["Take it back"]),
        ("reporter", "changes", ["*Send to the desk"]),
        ("reporter", "approved", []),
        ("editor", "draft", ["*Publish now", "Send to the desk"]),
        ("editor", "review", ["*Approve", "Publish now", "Ask for changes"]),
        ("editor", "changes", ["Send to the desk"]),
        ("editor", "approved", ["*Publish now", "Ask for changes"]),
    ],
)
def test_each_person_is_offered_the_next_step(client, reporter, editor, who, state, offered):
    article = make_article(created_by=reporter)
    revisions.keep(article, editor=reporter)
    if state != "draft":
        workflow.submit(article, by=reporter)
    if state == "changes":
        workflow.ask_for_changes(article, by=editor, note="Again.")
    if state == "approved":
        workflow.approve(article, by=editor, revision=article.head)
    client.force_login(reporter if who == "reporter" else editor)

    assert buttons(client, article) == offered


def test_where_four_eyes_are_wanted_no_button_is_offered_that_would_be_refused(client, editor):
    article = make_article(created_by=editor, section=make_section("P", needs_four_eyes=True))
    revisions.keep(article, editor=editor)
    client.force_login(editor)
    assert buttons(client, article) == ["*Send to the desk"]
    assert "wants four eyes" in client.get(url(article)).content.decode()

    workflow.submit(article, by=editor)
    assert buttons(client, article) == ["Ask for changes"]

    client.force_login(another("Editor", "Tom Hale"))
    assert buttons(client, article) == ["*Approve", "Ask for changes"]


def test_a_live_story_shows_both_axes(client, editor, reporter):
    article = make_story(created_by=reporter).article
    client.force_login(editor)
    assert [b.word for b in client.get(url(article)).context["desk"].badges] == ["Live"]

    revisions.keep(article, editor=reporter)
    workflow.submit(article, by=reporter)

    page = client.get(url(article))
    assert [b.word for b in page.context["desk"].badges] == ["Live", "In review"]
    assert "Reporter sent it to the desk at" in page.content.decode()
    listed = client.get(reverse("admin:articles_article_changelist")).content.decode()
    assert 'data-state="live">Live</span><span class="badge" data-state="review">' in listed


def test_a_change_after_the_approval_is_said(client, editor, sent, reporter):
    workflow.approve(sent, by=editor, revision=sent.head)
    revisions.keep(sent, editor=reporter)
    client.force_login(editor)

    page = client.get(url(sent)).content.decode()

    assert "Reporter changed it at" in page
    assert "after it was approved" in page
    assert "have it approved again" in page


def test_a_reader_of_anothers_story_is_offered_nothing(client):
    client.force_login(staff("Reporter"))

    assert buttons(client, make_article()) == []


# --- Due ----------------------------------------------------------------------------------------


def test_a_due_time_is_typed_on_the_newsrooms_clock(client, editor, sent):
    make_publication(zone="America/New_York")
    client.force_login(editor)
    assert "New York time (ET)" in client.get(url(sent, "due")).content.decode()

    answer = client.post(url(sent, "due"), {"due_at": "2027-07-01T15:30"}, follow=True)

    assert Article.objects.get().due_at.isoformat() == "2027-07-01T19:30:00+00:00"
    assert "Due July 1, 2027, 3:30 p.m." in answer.content.decode()
    assert 'value="2027-07-01T15:30"' in client.get(url(sent, "due")).content.decode()
    client.post(url(sent, "due"), {"due_at": ""})
    assert Article.objects.get().due_at is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2027-03-14T02:30", "does not exist on March 14, 2027"),
        ("2027-11-07T01:30", "comes twice on November 7, 2027"),
        ("soon", "That is no day and time"),
    ],
)
def test_an_unclear_due_time_is_refused_and_stays_in_the_field(client, editor, sent, text, words):
    make_publication(zone="America/New_York")
    client.force_login(editor)

    page = client.post(url(sent, "due"), {"due_at": text}).content.decode()

    assert words in page
    assert f'value="{text}"' in page
    assert Article.objects.get().due_at is None


def test_one_of_two_moments_is_chosen(client, editor, sent):
    make_publication(zone="America/New_York")
    client.force_login(editor)
    data = {"due_at": "2027-11-07T01:30"}
    assert 'name="due_at_fold" value="1"' in client.post(url(sent, "due"), data).content.decode()

    client.post(url(sent, "due"), data | {"due_at_fold": "1"})

    assert Article.objects.get().due_at.isoformat() == "2027-11-07T06:30:00+00:00"


def test_a_due_time_of_anothers_story_is_not_for_reporters(client):
    client.force_login(staff("Reporter"))

    assert client.post(url(make_article(), "due"), {"due_at": ""}).status_code == 403
    assert client.get("/admin/articles/article/999999/due/").status_code == 404


def test_no_event_is_written_for_a_step_that_did_not_happen(client, editor, sent):
    client.force_login(editor)
    before = Event.objects.count()

    press(client, sent, "_ask")

    assert Event.objects.count() == before
