"""A correction at 17:40 with an update due at 18:00: both are in, or the desk was asked."""

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import Article, PublishedArticle
from articles.publishing import Correcting, Prefer, QueueConflict, waiting
from tests.articles.publishing.acts import HOUR, edit, let_time_pass, live_headlines, soon
from tests.cast import ed, make_article, publish

pytestmark = pytest.mark.django_db

FIRST = "<p>The first paragraph counts eleven ships in the harbour.</p>"
SECOND = "<p>The second paragraph is about the wind, which did not turn.</p>"
THIRD = "<p>The third paragraph says what the pilots said on Tuesday.</p>"


@pytest.fixture
def article():
    """A live story, with an update of its third paragraph that waits."""
    article = make_article(headline="Ships wait", body=FIRST + SECOND + THIRD)
    publish(article)
    edit(article, body=FIRST + SECOND + THIRD.replace("Tuesday", "Wednesday, at noon"))
    publishing.schedule(article, editor=ed(), at=soon())
    article.refresh_from_db()
    return article


def at_its_time(article):
    let_time_pass(article, 2 * HOUR)
    publishing.settle_due()
    return PublishedArticle.objects.get().body_html


def test_a_correction_meanwhile_and_the_update_are_both_in_at_its_time(article):
    publishing.correct(
        article,
        editor=ed(),
        correcting=Correcting("There were twelve.", place="body:1", old="eleven", new="twelve"),
    )

    now = PublishedArticle.objects.get()
    assert "twelve ships" in now.body_html
    assert "Wednesday" not in now.body_html
    then = at_its_time(article)
    assert "twelve ships" in then
    assert "Wednesday, at noon" in then


def test_the_rebuilt_update_has_a_higher_number_and_the_old_one_is_closed(article):
    old = article.versions.get(number=2)
    publishing.correct(
        article,
        editor=ed(),
        correcting=Correcting("There were twelve.", place="body:1", old="eleven", new="twelve"),
    )

    old.refresh_from_db()
    assert old.withdrawn_at is not None
    assert [v.number for v in article.versions.filter(withdrawn_at=None)] == [4, 3, 1]
    assert waiting(article).version == 4


def test_a_correction_of_the_same_paragraph_asks_the_desk_first(article):
    correcting = Correcting("It was Monday.", place="body:3", old="on Tuesday", new="on Monday")

    with pytest.raises(QueueConflict) as asked:
        publishing.correct(article, editor=ed(), correcting=correcting)

    assert asked.value.conflicts
    assert "Tuesday" in PublishedArticle.objects.get().body_html
    assert article.corrections.count() == 0


@pytest.mark.parametrize(
    ("prefer", "then"),
    [(Prefer.NOW, "on Monday"), (Prefer.QUEUED, "Wednesday, at noon"), (Prefer.DROP, "on Monday")],
)
def test_the_desk_decides_which_words_the_update_keeps(article, prefer, then):
    correcting = Correcting("It was Monday.", place="body:3", old="on Tuesday", new="on Monday")
    publishing.correct(article, editor=ed(), correcting=correcting, prefer=prefer)

    assert "on Monday" in PublishedArticle.objects.get().body_html
    assert then in at_its_time(article)


def test_publishing_the_draft_with_the_update_in_it_leaves_nothing_to_wait(article):
    publish(article)

    assert "Wednesday" in PublishedArticle.objects.get().body_html
    assert waiting(article) is None
    assert PublishedArticle.objects.get().next_at is None


def test_the_working_copy_holds_the_correction_and_its_own_changes(article):
    publishing.correct(
        article,
        editor=ed(),
        correcting=Correcting("There were twelve.", place="body:1", old="eleven", new="twelve"),
    )

    body = Article.objects.get().body
    assert "twelve ships" in body
    assert "Wednesday" in body


def test_an_update_of_another_field_waits_on_through_a_publication():
    article = make_article(headline="Now")
    publish(article)
    edit(article, headline="Then")
    publishing.schedule(article, editor=ed(), at=soon())
    edit(article, headline="Now", standfirst="A new standfirst.")

    publish(article)

    assert live_headlines() == ["Now"]
    assert PublishedArticle.objects.get().standfirst == "A new standfirst."
    let_time_pass(article, 2 * HOUR)
    publishing.settle_due()
    story = PublishedArticle.objects.get()
    assert (story.headline, story.standfirst) == ("Then", "A new standfirst.")
    assert timezone.now() > story.changed_at
