"""The form of a story: saving, rows, publishing, refusals."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Event, PublishedArticle, Revision
from articles.publishing import PublicState, public_state
from tests.articles.desk.forms import read_form
from tests.cast import (
    BODY,
    ed,
    lisa,
    make_article,
    make_image,
    make_section,
    make_topic,
    publish,
    staff,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"


@pytest.fixture
def editor(client):
    user = staff("Editor")
    client.force_login(user)
    return user


def change_url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def form_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return read_form(answer.content.decode(), "article_form")


def add_row(data, prefix, **values):
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = number + 1
    data |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    data.setdefault(f"{prefix}-{number}-position", number)
    return data


def story_of(**values):
    data = {"headline": "Ships wait", "slug": "ships-wait", "body": BODY}
    return data | {"section": make_section().pk} | values


def messages_of(answer):
    return " ".join(str(message) for message in answer.context["messages"])


# --- Saving -------------------------------------------------------------------------------------


def test_a_whole_story_is_written_and_published_in_one_post(client, editor):
    topic, picture = make_topic(), make_image()
    data = form_of(client, ADD) | story_of(
        standfirst="The queue is shrinking.",
        short_headline="Ships",
        topics=[topic.pk],
        lead_image=picture.pk,
        lead_caption="Seen from the quay.",
        access="premium",
        dateline="Aden",
        internal_note="Call the pilot.",
    )
    add_row(data, "bylines", author=lisa().pk, role="")
    for number in range(5):
        add_row(data, "takeaways", label=f"Point {number}", text=f"Text {number}.")
    add_row(data, "sources", title="Port log", publisher="Port", url="https://example.com/log")

    answer = client.post(ADD, data | {"_publish": "1"}, follow=True)

    assert "Published." in messages_of(answer)
    article = Article.objects.get()
    assert article.created_by == editor
    assert [t.label for t in article.takeaways.all()] == [f"Point {n}" for n in range(5)]
    story = PublishedArticle.objects.live(timezone.now()).get()
    assert story.headline == "Ships wait"
    assert story.lead_image == picture
    assert story.byline[0]["name"] == "Lisa Berg"
    assert story.sources == [
        {"title": "Port log", "publisher": "Port", "url": "https://example.com/log"}
    ]


def test_a_new_story_is_a_draft_and_its_save_a_revision(client, editor):
    data = form_of(client, ADD) | {"headline": "Only a headline"}

    answer = client.post(ADD, data | {"_continue": "1"}, follow=True)

    assert "Saved." in messages_of(answer)
    article = Article.objects.get()
    assert public_state(article) is PublicState.NONE
    revision = article.revisions.get()
    assert (revision.number, revision.reason, revision.created_by) == (1, "save", editor)
    assert revision.content["headline"] == "Only a headline"
    assert article.head == 1


def test_pressing_enter_saves_and_never_publishes(client, editor):
    page = client.get(change_url(make_article())).content.decode()

    first = page.index('type="submit" name="_continue"')
    assert first < page.index('name="_publish"')
    assert first < page.index('name="headline"')


def test_every_save_keeps_what_was_written(client, editor):
    article = make_article(takeaways=[("Queue", "It shrinks.")])
    for headline in ("One", "Two", "Three"):
        client.post(
            change_url(article), form_of(client, change_url(article)) | {"headline": headline}
        )

    kept = article.revisions.order_by("number")
    assert [revision.content["headline"] for revision in kept] == ["One", "Two", "Three"]
    row = kept[2].content["takeaways"][0]
    assert (row["label"], row["text"]) == ("Queue", "It shrinks.")


def test_saving_a_live_story_unchanged_leaves_it_live_without_changes(client, editor):
    article = publish(make_article()).article

    client.post(change_url(article), form_of(client, change_url(article)))

    article = Article.objects.get()
    assert public_state(article) is PublicState.LIVE


def test_rows_are_kept_in_the_order_of_their_numbers(client, editor):
    article = make_article(takeaways=[("A", "a"), ("B", "b"), ("C", "c")])
    data = form_of(client, change_url(article))
    data |= {"takeaways-0-position": 5, "takeaways-1-position": 2, "takeaways-2-position": 1}

    client.post(change_url(article), data)

    assert [t.label for t in article.takeaways.all()] == ["C", "B", "A"]


def test_a_removed_row_goes_and_the_others_stay(client, editor):
    article = make_article(takeaways=[("A", "a"), ("B", "b"), ("C", "c")])
    data = form_of(client, change_url(article)) | {"takeaways-1-DELETE": "on"}

    client.post(change_url(article), data)

    assert [t.label for t in article.takeaways.all()] == ["A", "C"]


def test_two_authors_change_places(client, editor):
    from tests.articles.desk.people import tom

    article = make_article(authors=[lisa(), tom()])
    data = form_of(client, change_url(article))
    data |= {"bylines-0-author": tom().pk, "bylines-1-author": lisa().pk}

    answer = client.post(change_url(article), data)

    assert answer.status_code == 302
    assert [line.author.name for line in article.bylines.all()] == ["Tom Ash", "Lisa Berg"]


def test_one_author_twice_is_refused_with_a_reason(client, editor):
    article = make_article(authors=[lisa()])
    data = add_row(form_of(client, change_url(article)), "bylines", author=lisa().pk)

    answer = client.post(change_url(article), data | {"headline": "New words"})

    page = answer.content.decode()
    assert "One name stands here twice" in page
    assert "New words" in page
    assert article.bylines.count() == 1


def test_an_empty_row_is_no_row(client, editor):
    data = form_of(client, ADD) | {"headline": "X"}
    for prefix in ("bylines", "takeaways", "sources"):
        add_row(data, prefix, position=3)

    client.post(ADD, data)

    article = Article.objects.get()
    assert not article.takeaways.exists()
    assert not article.sources.exists()


# --- Bad input ----------------------------------------------------------------------------------


def test_a_body_with_script_loses_the_script_and_keeps_the_words(client, editor):
    data = form_of(client, ADD) | {
        "body": '<p onclick="steal()">Words</p><script>steal()</script><p style="x">More</p>'
    }

    client.post(ADD, data)

    assert Article.objects.get().body == "<p>Words</p><p>More</p>"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("headline", "x" * 201, "at most 200 characters"),
        ("short_headline", "x" * 71, "at most 70 characters"),
        ("standfirst", "x" * 401, "at most 400 characters"),
        ("slug", "not a slug", "letters, numbers, underscores or hyphens"),
        ("section", "999", "Select a valid choice"),
        ("section", "9" * 40, "Select a valid choice"),
        ("lead_image", "999", "Select a valid choice"),
        ("lead_image", "9" * 40, "Select a valid choice"),
        ("lead_image", "cat.jpg", "Select a valid choice"),
        ("topics", ["x"], "is not a valid value"),
        ("topics", ["9" * 40], "Select a valid choice"),
        ("access", "everything", "Select a valid choice"),
        ("language", "<b>", "as en or de-CH"),
        ("headline", "a\x00b", "Null characters are not allowed"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_typed_is_lost(client, editor, field, value, said):
    data = form_of(client, ADD) | {"standfirst": "Kept words", "headline": "Kept"} | {field: value}
    add_row(data, "takeaways", label="Kept label", text="Kept text")

    answer = client.post(ADD, data | {"_publish": "1"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "Kept label" in page
    assert "Kept text" in page
    assert not Article.objects.exists()


def test_a_wrong_address_of_a_source_is_named(client, editor):
    article = make_article()
    data = add_row(
        form_of(client, change_url(article)), "sources", title="Log", url="not an address"
    )

    page = client.post(change_url(article), data).content.decode()

    assert "Enter a valid URL" in page
    assert "not an address" in page


@pytest.mark.parametrize("author", ["x", "999", "9" * 40])
def test_an_author_who_does_not_exist_is_refused(client, editor, author):
    article = make_article(authors=[])
    data = add_row(form_of(client, change_url(article)), "bylines", author=author, role="Kept role")

    page = client.post(change_url(article), data).content.decode()

    assert "Select a valid choice" in page
    assert "Kept role" in page


def test_a_post_without_its_row_counts_is_refused_and_changes_nothing(client, editor):
    article = make_article(takeaways=[("A", "a")])
    data = form_of(client, change_url(article)) | {"headline": "New words"}
    data = {name: value for name, value in data.items() if not name.startswith("takeaways-")}

    answer = client.post(change_url(article), data)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "ManagementForm data is missing" in page
    assert "New words" in page
    assert article.takeaways.count() == 1
    assert Article.objects.get().headline != "New words"


@pytest.mark.parametrize("count", ["x", "-1", "99999999999"])
def test_a_wrong_row_count_is_no_server_error(client, editor, count):
    article = make_article(takeaways=[("A", "a")])
    data = form_of(client, change_url(article)) | {"takeaways-TOTAL_FORMS": count}

    assert client.post(change_url(article), data).status_code in (200, 302)
    assert article.takeaways.count() == 1


def test_a_row_of_another_story_is_not_touched(client, editor):
    other = make_article(takeaways=[("Theirs", "t")])
    article = make_article(takeaways=[("Mine", "m")])
    data = form_of(client, change_url(article))
    data |= {"takeaways-0-id": other.takeaways.get().pk, "takeaways-0-label": "Stolen"}

    client.post(change_url(article), data)

    assert other.takeaways.get().label == "Theirs"


@pytest.mark.parametrize("pk", ["999999", "x", "9" * 30])
def test_a_story_that_is_not_there_is_said_kindly(client, editor, pk):
    for answer in (
        client.get(f"/admin/articles/article/{pk}/change/", follow=True),
        client.post(f"/admin/articles/article/{pk}/change/", {"base": "0"}, follow=True),
    ):
        assert answer.status_code in (200, 404)


# --- Publishing ---------------------------------------------------------------------------------


def test_a_refused_story_is_saved_and_all_that_is_missing_said_at_once(client, editor):
    picture = make_image(credit="", licence="", alt_text="")
    data = form_of(client, ADD) | {"standfirst": "Kept", "lead_image": picture.pk}
    add_row(data, "takeaways", label="Long", text="x" * 320)

    answer = client.post(ADD, data | {"_publish": "1"}, follow=True)

    said = messages_of(answer)
    for words in (
        "Saved, but not published",
        "The headline is missing",
        "Choose a section",
        "Name at least one author",
        "The body has no text",
        "The address is missing",
        "has no credit",
        "has no licence",
        "has no alt text",
        "20 characters too long",
    ):
        assert words in said
    for place in (
        "#id_headline",
        "#bylines-group",
        "#id_body",
        "#takeaways-group",
        "#id_lead_image",
    ):
        assert f'href="{place}"' in said
        assert f'id="{place[1:]}"' in answer.content.decode()
    assert Article.objects.get().standfirst == "Kept"
    assert not PublishedArticle.objects.exists()


def test_a_second_address_of_the_day_is_refused_with_a_free_one(client, editor):
    publish(make_article(slug="ships-wait"))
    second = make_article(slug="ships-wait")

    answer = client.post(
        change_url(second), form_of(client, change_url(second)) | {"_publish": "1"}, follow=True
    )

    assert "Use ships-wait-2 instead" in messages_of(answer)
    assert public_state(second) is PublicState.NONE


def test_a_premium_story_of_two_paragraphs_is_refused_with_a_reason(client, editor):
    article = make_article(access="premium", body="<p>One.</p><p>Two.</p>")

    answer = client.post(
        change_url(article), form_of(client, change_url(article)) | {"_publish": "1"}, follow=True
    )

    assert "lie behind the cut" in messages_of(answer)
    assert not PublishedArticle.objects.exists()


def test_nothing_is_published_when_the_save_fails(client, editor):
    article = make_article(headline="Old")
    data = form_of(client, change_url(article)) | {"headline": "x" * 300, "_publish": "1"}

    assert client.post(change_url(article), data).status_code == 200
    assert not PublishedArticle.objects.exists()
    assert Article.objects.get().headline == "Old"


def test_changes_wait_unseen_until_they_are_published(client, editor):
    article = publish(make_article(headline="Old")).article
    client.post(change_url(article), form_of(client, change_url(article)) | {"headline": "New"})
    page = client.get(change_url(article)).content.decode()
    assert "Live, with changes" in page
    assert "Publish changes" in page
    assert PublishedArticle.objects.get().headline == "Old"

    client.post(change_url(article), form_of(client, change_url(article)) | {"_publish": "1"})

    story = PublishedArticle.objects.get()
    assert story.headline == "New"
    assert story.updated_at is None


def test_readers_are_told_only_when_the_change_matters(client, editor):
    article = publish(make_article()).article
    data = form_of(client, change_url(article)) | {"headline": "New", "tell_readers": "1"}

    client.post(change_url(article), data | {"_publish": "1"})

    assert PublishedArticle.objects.get().updated_at is not None


def test_unpublishing_asks_first_and_keeps_the_reason(client, editor):
    article = publish(make_article()).article
    url = reverse("admin:articles_article_unpublish", args=[article.pk])

    assert "off the site?" in client.get(url).content.decode()
    assert PublishedArticle.objects.live(timezone.now()).exists()
    answer = client.post(url, {"reason": "A wrong name"}, follow=True)

    assert "off the site" in messages_of(answer)
    assert not PublishedArticle.objects.live(timezone.now()).exists()
    assert Event.objects.get(kind=Event.Kind.UNPUBLISHED).note == "A wrong name"
    page = client.get(change_url(article)).content.decode()
    assert "Publish again" in page


def test_unpublishing_twice_is_said_kindly(client, editor):
    article = publish(make_article()).article
    url = reverse("admin:articles_article_unpublish", args=[article.pk])

    client.post(url)
    answer = client.post(url, follow=True)

    assert "not on the site" in messages_of(answer)


def test_a_live_story_links_to_its_page(client, editor):
    story = publish(make_article())

    page = client.get(change_url(story.article)).content.decode()

    assert f'<a href="{story.path}">View on site</a>' in page


# --- Revisions ----------------------------------------------------------------------------------


def test_the_revisions_of_a_story_say_who_when_and_why(client, editor):
    article = make_article()
    client.post(change_url(article), form_of(client, change_url(article)) | {"headline": "One"})
    client.post(change_url(article), form_of(client, change_url(article)) | {"headline": "Two"})

    page = client.get(reverse("admin:articles_article_revisions", args=[article.pk]))
    assert page.content.decode().count("<td>Editor</td>") == 2

    first = client.get(reverse("admin:articles_article_revision", args=[article.pk, 1]))
    assert "<del>One</del><ins>Two</ins>" in first.content.decode()
    missing = reverse("admin:articles_article_revision", args=[article.pk, 9])
    assert client.get(missing).status_code == 404


def test_publishing_is_kept_as_a_revision_of_its_own(client, editor):
    article = make_article()

    client.post(change_url(article), form_of(client, change_url(article)) | {"_publish": "1"})

    reasons = article.revisions.order_by("number").values_list("reason", flat=True)
    assert list(reasons) == [Revision.Reason.SAVE, Revision.Reason.PUBLISH]


def test_an_operator_writes_and_publishes_too(client):
    client.force_login(ed())
    data = form_of(client, ADD) | story_of()
    add_row(data, "bylines", author=lisa().pk)

    client.post(ADD, data | {"_publish": "1"})

    assert PublishedArticle.objects.live(timezone.now()).count() == 1


def test_who_may_only_read_sees_what_is_embedded(client):
    article = make_article(body='<p>a</p><figure data-embed="x:20" data-caption="Wind"></figure>')
    client.force_login(staff("Reporter"))

    page = client.get(reverse("admin:articles_article_change", args=[article.pk]))

    assert "Wind. Post on X: " in page.content.decode()
