"""The work axis: each act from each state, by each role, and what it leaves behind."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.desk import revisions, workflow
from articles.desk.workflow import WorkflowRefused
from articles.models import Article, Event
from articles.models.article import Work
from articles.publishing import PublishRefused
from tests.articles.desk.people import another
from tests.cast import make_article, make_section, make_story, publish, staff

pytestmark = pytest.mark.django_db

DRAFT, REVIEW, CHANGES, APPROVED = (
    Work.DRAFT,
    Work.IN_REVIEW,
    Work.CHANGES_REQUESTED,
    Work.APPROVED,
)
# (act, state): what becomes of it for an editor; all else is refused.
LEADS_TO = {
    ("submit", DRAFT): REVIEW,
    ("submit", CHANGES): REVIEW,
    ("approve", REVIEW): APPROVED,
    ("ask", REVIEW): CHANGES,
    ("ask", APPROVED): CHANGES,
    ("take_back", REVIEW): DRAFT,
}
ACTS = ("submit", "approve", "ask", "take_back")
# Who may do it, each with a story of their own; nobody else may.
MAY = {
    "submit": {"Reporter", "Editor", "Chief editor"},
    "take_back": {"Reporter", "Editor", "Chief editor"},
    "approve": {"Editor", "Chief editor"},
    "ask": {"Editor", "Chief editor"},
}
GROUPS = ("Reporter", "Editor", "Chief editor", "Photo desk", "Subscriptions desk")


def do(act, article, by):
    if act == "submit":
        workflow.submit(article, by=by, note="Is one source enough?")
    elif act == "approve":
        workflow.approve(article, by=by, revision=Article.objects.get(pk=article.pk).head)
    elif act == "ask":
        workflow.ask_for_changes(article, by=by, note="Put the turnout first.")
    else:
        workflow.take_back(article, by=by)


def story_in(state, *, writer):
    """A story of ``writer`` that came into ``state`` by the acts that lead there."""
    article = make_article(created_by=writer)
    revisions.keep(article, editor=writer)
    desk = another("Editor", "Way Finder")
    way = {DRAFT: "", REVIEW: "s", CHANGES: "sq", APPROVED: "sa"}[state]
    for step in way:
        if step == "s":
            workflow.submit(article, by=writer)
        elif step == "q":
            workflow.ask_for_changes(article, by=desk, note="Again.")
        else:
            workflow.approve(article, by=desk, revision=article.head)
    return article


@pytest.mark.parametrize("state", list(Work))
@pytest.mark.parametrize("act", ACTS)
def test_each_act_leads_on_from_its_states_and_is_refused_in_all_others(act, state):
    editor = staff("Editor")
    article = story_in(state, writer=editor)
    before = Event.objects.count()

    if (act, state) in LEADS_TO:
        do(act, article, editor)
        assert Article.objects.get().work == article.work == LEADS_TO[act, state]
        assert Event.objects.count() == before + 1
    else:
        with pytest.raises(WorkflowRefused) as refusal:
            do(act, article, editor)
        assert str(refusal.value).endswith((".", "?"))
        assert Article.objects.get().work == state
        assert Event.objects.count() == before


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_for_its_roles(act, group):
    person = staff(group)
    writer = person if group in MAY["submit"] else staff("Editor")
    state = DRAFT if act == "submit" else REVIEW
    article = story_in(state, writer=writer)

    if group in MAY[act]:
        do(act, article, person)
        assert Article.objects.get().work == LEADS_TO[act, state]
    else:
        with pytest.raises(WorkflowRefused):
            do(act, article, person)
        assert Article.objects.get().work == state


def test_a_reporter_sends_only_their_own_stories():
    article = make_article()

    with pytest.raises(WorkflowRefused, match="may not change"):
        workflow.submit(article, by=staff("Reporter"))


def test_an_editor_does_not_take_back_what_another_sent():
    article = story_in(REVIEW, writer=staff("Reporter"))

    with pytest.raises(WorkflowRefused, match="Only who sent it"):
        workflow.take_back(article, by=staff("Editor"))


def test_a_step_says_who_did_it_when_and_what_was_asked():
    reporter, editor = staff("Reporter"), staff("Editor")
    began = timezone.now()
    article = story_in(REVIEW, writer=reporter)

    workflow.ask_for_changes(article, by=editor, note="  Put the turnout first.\x00 ")

    article = Article.objects.get()
    assert (article.work_by, article.work_note) == (editor, "Put the turnout first.")
    assert article.work_since >= began
    event = Event.objects.get(kind=Event.Kind.CHANGES_REQUESTED)
    assert (event.actor, event.note, event.target_id) == (
        editor,
        "Put the turnout first.",
        str(article.pk),
    )
    workflow.submit(article, by=reporter)
    assert Article.objects.get().work_note == ""


@pytest.mark.parametrize("note", ["", "   ", "\x00"])
def test_asking_for_changes_without_a_note_is_refused(note):
    article = story_in(REVIEW, writer=staff("Reporter"))

    with pytest.raises(WorkflowRefused, match="Say what should change"):
        workflow.ask_for_changes(article, by=staff("Editor"), note=note)


def test_an_approval_is_of_the_revision_that_was_seen():
    reporter, editor = staff("Reporter"), staff("Editor")
    article = story_in(REVIEW, writer=reporter)
    seen = article.head
    revisions.keep(article, editor=reporter)

    with pytest.raises(WorkflowRefused, match=r"Reporter saved it at .*; look at it again"):
        workflow.approve(article, by=editor, revision=seen)

    workflow.approve(article, by=editor, revision=article.head)
    assert Article.objects.get().approved_revision == seen + 1


def test_a_later_change_ends_the_approval():
    reporter = staff("Reporter")
    article = story_in(APPROVED, writer=reporter)

    revisions.keep(article, editor=reporter)

    article = Article.objects.get()
    assert (article.work, article.work_by) == (REVIEW, reporter)
    assert Event.objects.filter(kind=Event.Kind.APPROVAL_VOIDED).count() == 1
    with pytest.raises(PublishRefused, match="Changed after it was approved"):
        publish(article)


def test_the_database_knows_no_approval_of_an_older_revision():
    article = story_in(APPROVED, writer=staff("Reporter"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(head=article.head + 1)


def test_a_story_of_which_changes_were_asked_does_not_go_out():
    article = story_in(CHANGES, writer=staff("Reporter"))

    with pytest.raises(PublishRefused, match="Changes were asked for"):
        publish(article)


@pytest.mark.parametrize("state", [DRAFT, REVIEW, APPROVED])
def test_elsewhere_an_editor_publishes_from_any_other_state_and_the_next_draft_begins(state):
    article = story_in(state, writer=staff("Reporter"))
    workflow.set_due(article, at=timezone.now(), by=staff("Editor"))

    publish(article)

    article = Article.objects.get()
    assert (article.work, article.approved_revision, article.due_at) == (DRAFT, None, None)
    assert not Event.objects.filter(kind=Event.Kind.APPROVAL_VOIDED).exists()


def test_a_live_story_without_news_is_not_sent_in():
    article = make_story(created_by=staff("Reporter")).article

    with pytest.raises(WorkflowRefused, match="Nothing has changed"):
        workflow.submit(article, by=staff("Reporter"))

    revisions.keep(article, editor=staff("Reporter"))
    workflow.submit(article, by=staff("Reporter"))
    assert Article.objects.get().work == REVIEW


def test_a_due_time_is_set_and_cleared_and_each_is_an_event():
    article, editor = make_article(), staff("Editor")
    at = timezone.now() + dt.timedelta(hours=2)

    workflow.set_due(article, at=at, by=editor)
    workflow.set_due(article, at=at, by=editor)
    assert Article.objects.get().due_at == at
    workflow.set_due(article, at=None, by=editor)

    assert Article.objects.get().due_at is None
    notes = Event.objects.order_by("id").values_list("note", flat=True)
    assert list(notes) == ["Set when it is due", "No longer due"]


def test_a_due_time_is_not_for_those_who_may_not_change_the_story():
    with pytest.raises(WorkflowRefused):
        workflow.set_due(make_article(), at=timezone.now(), by=staff("Reporter"))


# --- Four eyes ----------------------------------------------------------------------------------


@pytest.fixture
def politics():
    return make_section("Politics", needs_four_eyes=True)


def written_by(*people, **fields):
    article = make_article(created_by=people[0], **fields)
    for person in people:
        revisions.keep(article, editor=person)
    return article


def test_where_four_eyes_are_wanted_nothing_goes_out_unapproved(politics):
    article = written_by(staff("Reporter"), section=politics)

    with pytest.raises(PublishRefused, match="Politics wants four eyes"):
        publish(article)
    workflow.submit(article, by=staff("Reporter"))
    with pytest.raises(PublishRefused, match="Politics wants four eyes"):
        publish(article)
    workflow.approve(article, by=staff("Editor"), revision=article.head)

    assert publish(article).headline == article.headline


def test_a_writer_does_not_approve_there_and_does_elsewhere(politics):
    editor = staff("Editor")
    for section, is_refused in ((politics, True), (make_section("Sport"), False)):
        article = written_by(editor, section=section)
        workflow.submit(article, by=editor)
        if is_refused:
            with pytest.raises(WorkflowRefused, match="you wrote part of this"):
                workflow.approve(article, by=editor, revision=article.head)
        else:
            workflow.approve(article, by=editor, revision=article.head)


@pytest.mark.parametrize("reason", ["autosave", "conflict", "merge", "restore"])
def test_words_kept_beside_the_story_make_a_writer_too(politics, reason):
    reporter, editor = staff("Reporter"), staff("Editor")
    article = written_by(reporter, section=politics)
    article.revisions.create(
        number=revisions.next_number(article), reason=reason, content={}, created_by=editor
    )
    workflow.submit(article, by=reporter)

    with pytest.raises(WorkflowRefused, match="you wrote part of this"):
        workflow.approve(article, by=editor, revision=article.head)


def test_words_typed_after_the_own_approval_keep_the_story_in(politics):
    reporter, editor = staff("Reporter"), staff("Editor")
    article = written_by(reporter, section=politics)
    workflow.submit(article, by=reporter)
    workflow.approve(article, by=editor, revision=article.head)
    article.revisions.create(
        number=revisions.next_number(article), reason="autosave", content={}, created_by=editor
    )

    with pytest.raises(PublishRefused, match="who approved it wrote part of it"):
        publish(article)


def test_after_a_publication_the_slate_is_clean(politics):
    reporter, editor, chief = staff("Reporter"), staff("Editor"), staff("Chief editor")
    article = written_by(reporter, editor, section=politics)
    workflow.submit(article, by=reporter)
    workflow.approve(article, by=chief, revision=article.head)
    publish(article)

    article = Article.objects.get()
    revisions.keep(article, editor=chief)
    workflow.submit(article, by=reporter)
    with pytest.raises(WorkflowRefused, match="you wrote part of this"):
        workflow.approve(article, by=chief, revision=article.head)
    workflow.approve(article, by=editor, revision=article.head)

    assert publish(article)


def test_a_section_that_wants_four_eyes_only_later_looks_at_earlier_approvals(politics):
    editor = staff("Editor")
    section = make_section("Sport")
    article = written_by(editor, section=section)
    workflow.submit(article, by=editor)
    workflow.approve(article, by=editor, revision=article.head)
    section.needs_four_eyes = True
    section.save()

    with pytest.raises(PublishRefused, match="wants four eyes"):
        publish(article)


def test_an_approver_whose_account_is_gone_cannot_be_told_from_a_writer(politics):
    reporter, editor = staff("Reporter"), staff("Editor")
    article = written_by(reporter, section=politics)
    workflow.submit(article, by=reporter)
    workflow.approve(article, by=editor, revision=article.head)
    editor.delete()

    with pytest.raises(PublishRefused, match="wants four eyes"):
        publish(article)
