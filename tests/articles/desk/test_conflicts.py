"""Two people at one story: a save over a newer one is refused, and no word is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, PublishedArticle, Revision
from tests.articles.desk.forms import read_form
from tests.articles.desk.people import tom
from tests.cast import ed, lisa, make_article, make_topic, publish, staff

pytestmark = pytest.mark.django_db


def url_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def opened(client, article):
    """The form as this person has it open."""
    return read_form(client.get(url_of(article)).content.decode(), "article_form")


@pytest.fixture
def mine():
    client = Client()
    client.force_login(staff("Editor"))
    return client


@pytest.fixture
def theirs():
    client = Client()
    client.force_login(ed())
    return client


@pytest.fixture
def article():
    return make_article(
        headline="First words",
        takeaways=[("One", "one"), ("Two", "two"), ("Three", "three")],
        authors=[lisa()],
    )


def again(answer):
    """The form of the conflict page that saves mine over theirs."""
    return read_form(answer.content.decode(), "submit-row")


def test_a_save_over_a_newer_one_shows_both_texts_and_changes_nothing(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs is better"})

    answer = mine.post(url_of(article), my_form | {"headline": "Mine is longer"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nothing is lost" in page
    assert "<ins>Mine</ins>" in page
    assert "<ins>Theirs</ins>" in page
    assert Article.objects.get().headline == "Theirs is better"


def test_my_words_are_kept_as_a_revision(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})

    mine.post(url_of(article), my_form | {"headline": "Mine", "internal_note": "Remember"})

    kept = article.revisions.get(reason=Revision.Reason.CONFLICT)
    assert kept.created_by.email == "editor@example.com"
    assert kept.content["headline"] == "Mine"
    assert kept.content["internal_note"] == "Remember"
    assert [row["text"] for row in kept.content["takeaways"]] == ["one", "two", "three"]
    page = mine.get(reverse("admin:articles_article_revision", args=[article.pk, kept.number]))
    assert "Remember" in page.content.decode()
    # The head is theirs: nothing of the story has moved.
    assert Article.objects.get().head == 1


def test_posting_the_same_conflict_twice_keeps_it_once(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})

    for _ in range(2):
        mine.post(url_of(article), my_form | {"headline": "Mine"})

    assert article.revisions.filter(reason=Revision.Reason.CONFLICT).count() == 1


def test_rows_deleted_added_and_moved_by_another_lose_nothing_of_mine(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    their_form |= {
        "takeaways-0-DELETE": "on",
        "takeaways-1-position": 9,
        "takeaways-TOTAL_FORMS": 4,
        "takeaways-3-label": "New",
        "takeaways-3-text": "theirs",
        "takeaways-3-position": 0,
    }
    assert theirs.post(url_of(article), their_form).status_code == 302
    assert [t.label for t in article.takeaways.all()] == ["New", "Three", "Two"]

    answer = mine.post(
        url_of(article),
        my_form
        | {
            "takeaways-0-text": "mine 1",
            "takeaways-1-text": "mine 2",
            "takeaways-2-text": "mine 3",
        },
    )

    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("mine", "theirs"):
        assert f"<ins>{words}</ins>" in page
    kept = article.revisions.get(reason=Revision.Reason.CONFLICT).content["takeaways"]
    assert [row["text"] for row in kept] == ["mine 1", "mine 2", "mine 3"]
    # Theirs is untouched, and mine can be saved over it.
    assert [t.label for t in article.takeaways.all()] == ["New", "Three", "Two"]

    assert mine.post(url_of(article), again(answer)).status_code == 302

    assert [t.text for t in article.takeaways.all()] == ["mine 1", "mine 2", "mine 3"]
    their_save = article.revisions.get(number=1)
    assert [row["label"] for row in their_save.content["takeaways"]] == ["New", "Three", "Two"]


def test_mine_is_saved_over_theirs_only_on_my_word(mine, theirs, article):
    topic = make_topic()
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs", "bylines-0-author": tom().pk})
    my_form |= {"headline": "Mine", "topics": [topic.pk], "takeaways_open": "on"}

    answer = mine.post(url_of(article), my_form)
    mine.post(url_of(article), again(answer))

    saved = Article.objects.get()
    assert saved.headline == "Mine"
    assert saved.takeaways_open
    assert list(saved.topics.all()) == [topic]
    assert [line.author.name for line in saved.bylines.all()] == ["Lisa Berg"]
    newest = saved.revisions.get(number=saved.head)
    assert newest.reason == Revision.Reason.SAVE
    assert newest.content["headline"] == "Mine"


def test_a_third_save_meanwhile_is_a_conflict_again(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})
    answer = mine.post(url_of(article), my_form | {"headline": "Mine"})
    theirs.post(url_of(article), opened(theirs, article) | {"headline": "Theirs, again"})

    answer = mine.post(url_of(article), again(answer))

    assert answer.status_code == 409
    assert "<ins>again</ins>" in answer.content.decode()
    assert Article.objects.get().headline == "Theirs, again"


def test_a_form_that_does_not_say_where_it_began_is_not_trusted(mine, theirs, article):
    theirs.post(url_of(article), opened(theirs, article) | {"headline": "Theirs"})
    my_form = opened(mine, article) | {"headline": "Mine"}
    for base in ("", "x", "-1", "999"):
        assert mine.post(url_of(article), my_form | {"base": base}).status_code == 409
    del my_form["base"]

    assert mine.post(url_of(article), my_form).status_code == 409
    assert Article.objects.get().headline == "Theirs"


def test_a_conflict_publishes_nothing(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})

    answer = mine.post(url_of(article), my_form | {"headline": "Mine", "_publish": "1"})

    assert answer.status_code == 409
    assert "_publish" not in again(answer)
    assert not PublishedArticle.objects.exists()


def test_publishing_meanwhile_is_a_newer_save_too(mine, theirs, article):
    my_form = opened(mine, article)
    publish(article)

    assert mine.post(url_of(article), my_form | {"headline": "Mine"}).status_code == 409


def test_a_second_click_on_save_is_no_conflict(mine, article):
    form = opened(mine, article) | {"headline": "Mine", "internal_note": "One\r\ntwo"}

    first, second = (mine.post(url_of(article), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert not article.revisions.filter(reason=Revision.Reason.CONFLICT).exists()
    assert article.revisions.count() == 1


def test_many_topics_in_any_order_are_no_conflict_on_a_second_click(mine):
    topics = [make_topic(f"Topic {number}") for number in range(12)]
    article = make_article(topics=topics)
    form = opened(mine, article) | {"headline": "Mine", "topics": [t.pk for t in topics[::-1]]}

    first, second = (mine.post(url_of(article), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)


def test_two_windows_of_one_person_conflict_as_well(mine, article):
    one, two = opened(mine, article), opened(mine, article)
    mine.post(url_of(article), one | {"headline": "One"})

    answer = mine.post(url_of(article), two | {"headline": "Two"})

    assert answer.status_code == 409
    assert "in another window" in answer.content.decode()


def test_wrong_values_of_mine_are_kept_and_named_when_i_save_them(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})
    my_form |= {"headline": "x" * 250, "bylines-0-author": "nobody", "section": "none"}

    answer = mine.post(url_of(article), my_form)
    assert answer.status_code == 409
    kept = article.revisions.get(reason=Revision.Reason.CONFLICT).content
    assert kept["headline"] == "x" * 250
    assert kept["section"] == "none"
    answer = mine.post(url_of(article), again(answer))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "at most 200 characters" in page
    assert "x" * 250 in page
    assert Article.objects.get().headline == "Theirs"


def test_markup_in_my_words_is_shown_as_words(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})

    my_form |= {"headline": "<script>steal()</script>", "body": "<script>steal()</script><p>x</p>"}
    page = mine.post(url_of(article), my_form).content.decode()

    assert "<script>steal()" not in page
    assert "&lt;script&gt;steal()" in page


def test_changed_paragraphs_stand_beside_each_other_and_equal_ones_do_not(mine, theirs, article):
    body = "<p>Alpha stays.</p><p>Bravo changes.</p><p>Charlie stays.</p>"
    theirs.post(url_of(article), opened(theirs, article) | {"body": body})
    my_form = opened(mine, article)
    theirs.post(url_of(article), opened(theirs, article) | {"body": body.replace("Bravo", "Beta")})

    answer = mine.post(url_of(article), my_form | {"body": body.replace("Bravo", "Boy")})

    differences = answer.context["differences"]
    assert [d.name for d in differences] == ["Body, from paragraph 2"]
    assert differences[0].mine[0] == ("Boy", True)
    assert differences[0].theirs[0] == ("Beta", True)
