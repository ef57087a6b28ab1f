"""Putting right in public what was wrong, and nothing else."""

import pytest

from articles import publishing
from articles.models import Article, Correction, PublishedArticle, Revision
from articles.publishing import (
    Correcting,
    Misplaced,
    NotPublished,
    PublicState,
    PublishRefused,
    public_state,
)
from tests.articles.publishing.acts import edit
from tests.cast import PARAGRAPH, ed, make_article, publish

pytestmark = pytest.mark.django_db

BODY = "<p>Eleven ships wait in the harbour.</p><p>The wind did not turn on Tuesday.</p>"


@pytest.fixture
def article():
    article = make_article(headline="Ships wait", body=BODY, takeaways=[("Queue", "It shrinks.")])
    publish(article)
    article.refresh_from_db()
    return article


def correct(article, text="There were twelve ships.", **words):
    return publishing.correct(article, editor=ed(), correcting=Correcting(text, **words))


def test_a_correction_changes_the_live_words_and_says_so(article):
    correct(article, place="body:1", old="Eleven", new="Twelve", signature="Ed Ito")

    story = PublishedArticle.objects.get()
    assert "Twelve ships" in story.body_html
    assert story.corrections[0]["text"] == "There were twelve ships."
    assert story.corrections[0]["signature"] == "Ed Ito"
    assert story.updated_at is not None
    note = Correction.objects.get()
    assert note.paragraph == "Twelve ships wait in the harbour."
    assert (note.old_words, note.new_words) == ("Eleven", "Twelve")


def test_the_corrected_paragraph_carries_the_mark(article):
    correct(article, place="body:1", old="Eleven", new="Twelve")

    story, note = PublishedArticle.objects.get(), Correction.objects.get()
    first, second = story.body_html.split("</p>")[:2]
    assert f'data-correction="{note.pk}"' in first
    assert "data-correction" not in second


def test_a_correction_publishes_no_unfinished_work(article):
    edit(article, headline="Not finished", body=BODY.replace("Tuesday", "Wednesday"))

    outcome = correct(article, place="body:1", old="Eleven", new="Twelve")

    story = PublishedArticle.objects.get()
    assert story.headline == "Ships wait"
    assert "Tuesday" in story.body_html
    article.refresh_from_db()
    assert outcome.is_in_working_copy
    assert article.headline == "Not finished"
    assert "Twelve" in article.body
    assert "Wednesday" in article.body
    assert public_state(article) is PublicState.LIVE_WITH_CHANGES


def test_without_other_changes_the_story_is_live_as_it_stands(article):
    correct(article, place="body:1", old="Eleven", new="Twelve")

    article = Article.objects.get()
    assert public_state(article) is PublicState.LIVE
    assert article.revisions.first().reason == Revision.Reason.CORRECT


def test_words_the_desk_changed_at_the_same_place_are_left_to_the_desk(article):
    edit(article, body=BODY.replace("Eleven ships", "A dozen ships, or so,"))

    outcome = correct(article, place="body:1", old="Eleven", new="Twelve")

    assert not outcome.is_in_working_copy
    assert "Twelve" in PublishedArticle.objects.get().body_html
    assert "A dozen ships, or so," in Article.objects.get().body


@pytest.mark.parametrize(
    ("place", "old", "new", "read"),
    [
        ("headline", "Ships", "Boats", lambda s: s.headline == "Boats wait"),
        ("takeaways:1", "shrinks", "grows", lambda s: s.takeaways[0]["text"] == "It grows."),
    ],
)
def test_headlines_and_takeaways_are_corrected_too(article, place, old, new, read):
    correct(article, place=place, old=old, new=new)

    assert read(PublishedArticle.objects.get())


def test_a_note_alone_changes_no_word(article):
    before = PublishedArticle.objects.get().body_html
    correct(article, text="The story now names its source.", kind="clarification")

    story = PublishedArticle.objects.get()
    assert story.body_html == before
    assert story.corrections[0]["kind"] == "clarification"
    assert article.versions.count() == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"place": "body:1", "old": "Thirteen", "new": "12"}, "does not stand there"),
        ({"place": "body:1", "old": "h", "new": "H"}, "times"),
        ({"place": "body:9", "old": "Eleven", "new": "12"}, "no longer in the story"),
        ({"place": "elsewhere", "old": "Eleven", "new": "12"}, "no longer in the story"),
    ],
)
def test_words_that_do_not_stand_there_are_refused(article, words, said):
    with pytest.raises(Misplaced, match=said):
        correct(article, **words)

    assert not Correction.objects.exists()


def test_what_breaks_a_rule_is_refused(article):
    with pytest.raises(PublishRefused):
        correct(article, place="headline", old="Ships wait", new=" ")
    with pytest.raises(PublishRefused):
        correct(article, text=" ")
    with pytest.raises(PublishRefused):
        correct(article, kind="retraction")


def test_only_a_live_story_is_corrected():
    with pytest.raises(NotPublished):
        correct(make_article())


def test_markup_in_the_new_words_is_only_words(article):
    correct(article, place="body:1", old="Eleven", new="<script>alert(1)</script> Twelve & more")

    html = PublishedArticle.objects.get().body_html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_note_about_what_lies_behind_the_cut_is_withheld_with_it():
    body = PARAGRAPH * 2 + '<hr data-cut="">' + "<p>Behind the cut stands a figure of nine.</p>"
    article = make_article(access="premium", body=body + PARAGRAPH * 3)
    publish(article)

    correct(article, place="body:4", old="nine", new="ten")

    story = PublishedArticle.objects.get()
    assert story.corrections[0]["is_withheld"]
    assert "data-correction" not in story.teaser_html


def test_changes_may_go_out_with_a_note(article):
    edit(article, body=BODY.replace("Eleven", "Twelve"))

    publishing.publish(
        article, editor=ed(), correcting=Correcting("Twelve ships, not eleven.", place="body:1")
    )

    story = PublishedArticle.objects.get()
    assert "Twelve" in story.body_html
    assert story.corrections[0]["text"] == "Twelve ships, not eleven."


def test_the_notes_are_part_of_the_version_that_carries_them(article):
    correct(article, place="body:1", old="Eleven", new="Twelve")

    newest = article.versions.first()
    assert newest.content["corrections"][0]["text"] == "There were twelve ships."
    assert newest.content_hash == publishing.content_hash(newest.content)
