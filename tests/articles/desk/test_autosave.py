"""What is typed is kept while one types, and given back: by requests."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Device
from articles.desk.admin import script_answers
from articles.models import Article, PublishedArticle, Revision
from tests.articles.desk.forms import read_form
from tests.articles.desk.people import tom
from tests.cast import ed, lisa, make_article, make_publication, publish, registered, staff

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
AUTOSAVE_NEW = "/admin/articles/article/autosave/"
TAB = "0f" * 16


@pytest.fixture
def editor(client):
    user = staff("Editor", name="Lisa Morgan")
    client.force_login(user)
    return user


@pytest.fixture
def article():
    return make_article(
        headline="First words", takeaways=[("One", "one"), ("Two", "two")], authors=[lisa()]
    )


def change_url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def autosave_url(article):
    return reverse("admin:articles_article_autosave", args=[article.pk])


def opened(client, address, **changes):
    """The form as this person has it open in one tab, with what they typed."""
    answer = client.get(address)
    assert answer.status_code == 200
    return read_form(answer.content.decode(), "article_form") | {"tab": TAB} | changes


def autosaves(article):
    return article.revisions.filter(reason=Revision.Reason.AUTOSAVE).order_by("number")


# --- Keeping ------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_beside_the_story(client, editor, article):
    before = article.saved_at
    form = opened(client, change_url(article), headline="Typed", **{"takeaways-1-text": "zwei"})

    answer = client.post(autosave_url(article), form)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    kept = autosaves(article).get()
    said = answer.json()
    assert (said["revision"], said["head"], said["newer"]) == (kept.number, 0, None)
    assert said["saved"]
    assert kept.content["headline"] == "Typed"
    assert kept.content["takeaways"][1]["text"] == "zwei"
    assert (kept.tab, kept.base, kept.created_by) == (TAB, 0, editor)
    # The story, its rows and its head are as they were.
    article.refresh_from_db()
    assert (article.headline, article.head, article.saved_at) == ("First words", 0, before)
    assert [row.text for row in article.takeaways.all()] == ["one", "two"]


def test_readers_never_see_what_was_not_saved(client, editor):
    story = publish(make_article(headline="First words"))
    client.post(
        autosave_url(story.article),
        opened(client, change_url(story.article), headline="Typed", body="<p>Typed</p>"),
    )

    assert "Typed" not in Client().get(story.path).content.decode()
    assert PublishedArticle.objects.get().headline == "First words"


def test_wrong_and_long_words_are_kept_as_they_are(client, editor, article):
    form = opened(
        client,
        change_url(article),
        headline="x" * 900,
        section="none",
        language="??",
        lead_image="nothing",
        internal_note="a\x00b",
        **{"bylines-0-author": "nobody", "takeaways-0-text": "y" * 5000, "base": "999999999999"},
    )

    answer = client.post(autosave_url(article), form)

    assert answer.status_code == 200
    content = autosaves(article).get().content
    assert content["headline"] == "x" * 900
    assert content["section"] == "none"
    assert content["internal_note"] == "ab"
    assert content["bylines"][0]["author"] == "nobody"
    assert content["takeaways"][0]["text"] == "y" * 5000


def test_the_same_words_again_are_kept_once(client, editor, article):
    form = opened(client, change_url(article), headline="Typed")

    first, second = (client.post(autosave_url(article), form).json() for _ in range(2))

    assert first["revision"] == second["revision"]
    assert autosaves(article).count() == 1


def test_words_that_the_story_holds_already_are_not_kept_again(client, editor, article):
    answer = client.post(autosave_url(article), opened(client, change_url(article)))

    assert answer.json()["revision"] is None
    assert not article.revisions.exists()


def test_words_taken_out_again_are_kept_too(client, editor, article):
    form = opened(client, change_url(article))
    client.post(autosave_url(article), form | {"headline": "First words and more"})

    client.post(autosave_url(article), form)

    assert [r.content["headline"] for r in autosaves(article)] == [
        "First words and more",
        "First words",
    ]
    assert "that was not saved" not in client.get(change_url(article)).content.decode()


def test_an_autosave_tells_who_saved_meanwhile(client, editor, article):
    make_publication(zone="America/New_York")
    form = opened(client, change_url(article), headline="Mine")
    other = Client()
    other.force_login(ed())
    other.post(change_url(article), opened(other, change_url(article), headline="Theirs"))

    said = client.post(autosave_url(article), form).json()

    assert said["head"] == 1
    assert said["newer"]["who"] == "Ed"
    assert said["newer"]["when"]
    assert said["newer"]["says"].startswith("Ed saved at ")
    assert said["newer"]["says"].endswith(" Saving will bring both together.")
    assert autosaves(article).get().base == 0


def test_my_own_save_in_another_window_is_told_as_mine(client, editor, article):
    form = opened(client, change_url(article), headline="Mine")
    client.post(change_url(article), opened(client, change_url(article), headline="Saved"))

    said = client.post(autosave_url(article), form).json()

    assert said["newer"]["who"] == "You, in another window,"


# --- Refusals -----------------------------------------------------------------------------------


def test_signed_out_it_answers_401_and_never_a_way_elsewhere(client, article):
    for url in (autosave_url(article), AUTOSAVE_NEW):
        answer = client.post(url, {"headline": "Typed"})
        assert answer.status_code == 401
        assert answer.json()["error"] == "You are signed out."
    assert not Revision.objects.exists()


def test_without_the_right_it_answers_403(client, article):
    for user in (staff("Reporter"), staff("Photo desk"), registered()):
        client.force_login(user)
        answer = client.post(autosave_url(article), {"headline": "Typed", "tab": TAB})
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/json")
    assert not Revision.objects.exists()


def test_a_new_story_needs_the_right_to_write_one(client):
    client.force_login(staff("Photo desk"))

    answer = client.post(AUTOSAVE_NEW, {"headline": "Typed", "begun": str(uuid.uuid4())})

    assert answer.status_code == 403
    assert not Article.objects.exists()


def test_reporters_keep_what_they_type_in_their_own_stories(client):
    user = staff("Reporter")
    client.force_login(user)
    article = make_article(created_by=user)

    answer = client.post(
        autosave_url(article), opened(client, change_url(article), headline="Typed")
    )

    assert answer.status_code == 200


def test_a_form_without_a_good_token_is_told_so(article):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ed())
    form = opened(client, change_url(article), headline="Typed")

    answer = client.post(autosave_url(article), form)
    assert (answer.status_code, answer.json()["code"]) == (403, "token")

    token = client.get(reverse("admin:articles_article_who")).json()["token"]
    answer = client.post(autosave_url(article), form, headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_what_is_too_long_is_refused_in_words(client, editor, article):
    form = opened(client, change_url(article), body="<p>" + "x" * script_answers.MOST_AT_ONCE)

    answer = client.post(autosave_url(article), form)

    assert answer.status_code == 413
    assert "Save it" in answer.json()["error"]


def test_odd_requests_are_refused_in_json(client, editor, article):
    missing = reverse("admin:articles_article_autosave", args=[10**17])
    assert client.post(missing, {}).status_code == 404
    assert client.post(missing, {}).json() == {"error": "There is no such story."}
    assert client.get(autosave_url(article)).status_code == 405
    assert client.post(AUTOSAVE_NEW, {"headline": "x"}).status_code == 400
    many = {f"x{number}": "" for number in range(6000)}
    assert client.post(autosave_url(article), many).status_code == 400


def test_a_tab_of_no_meaning_keeps_the_words_all_the_same(client, editor, article):
    form = opened(client, change_url(article), headline="Typed", tab="<x>" * 50)

    client.post(autosave_url(article), form)

    assert autosaves(article).get().tab == ""


# --- A new story --------------------------------------------------------------------------------


def test_the_first_words_of_a_new_story_make_the_draft(client, editor):
    make_publication(language="de")
    form = opened(client, ADD, headline="Typed")

    said = client.post(AUTOSAVE_NEW, form).json()

    article = Article.objects.get()
    assert (article.created_by, article.head, article.language) == (editor, 0, "de")
    assert article.headline == ""
    assert said["story"]["change"] == change_url(article)
    assert said["story"]["autosave"] == autosave_url(article)
    assert autosaves(article).get().content["headline"] == "Typed"
    # The page goes on as its form.
    answer = client.post(said["story"]["change"], form, follow=True)
    assert "Saved." in answer.content.decode()
    assert Article.objects.get().headline == "Typed"


def test_a_new_form_without_a_word_begins_no_story(client, editor):
    answer = client.post(AUTOSAVE_NEW, opened(client, ADD))

    assert answer.json() == {"saved": "", "revision": None, "head": 0, "newer": None}
    assert not Article.objects.exists()


def test_one_form_begins_one_story_however_often_it_is_kept(client, editor):
    form = opened(client, ADD, headline="Typed")

    addresses = {
        client.post(AUTOSAVE_NEW, form | {"headline": f"Typed {n}"}).json()["story"]["change"]
        for n in range(3)
    }

    assert addresses == {change_url(Article.objects.get())}


def test_a_save_of_a_form_that_was_kept_is_a_save_of_its_story(client, editor):
    form = opened(client, ADD, headline="Typed")
    client.post(AUTOSAVE_NEW, form)

    answer = client.post(ADD, form | {"headline": "Typed and saved"}, follow=True)

    assert "Saved." in answer.content.decode()
    assert Article.objects.get().headline == "Typed and saved"


def test_an_autosave_that_comes_after_the_save_finds_its_story(client, editor):
    form = opened(client, ADD, headline="Typed")
    client.post(ADD, form)

    said = client.post(AUTOSAVE_NEW, form | {"headline": "Typed late"}).json()

    assert said["story"]["change"] == change_url(Article.objects.get())


def test_a_refused_save_of_a_kept_form_goes_on_as_the_form_of_its_story(client, editor):
    form = opened(client, ADD, headline="Typed")
    client.post(AUTOSAVE_NEW, form)

    answer = client.post(ADD, form | {"headline": "x" * 250})

    page = answer.content.decode()
    assert f'action="{change_url(Article.objects.get())}"' in page
    assert "x" * 250 in page


def test_two_forms_begin_two_stories(client, editor):
    for _ in range(2):
        client.post(AUTOSAVE_NEW, opened(client, ADD, headline="Typed"))

    assert Article.objects.count() == 2


def test_nobody_writes_into_a_story_by_the_key_of_anothers_form(client, editor):
    form = opened(client, ADD, headline="Mine")
    client.post(AUTOSAVE_NEW, form)
    other = Client()
    other.force_login(ed())

    said = other.post(AUTOSAVE_NEW, form | {"headline": "Theirs"}).json()
    other.post(ADD, form | {"headline": "Theirs, saved"})

    mine = Article.objects.get(created_by=editor)
    assert said["story"]["change"] != change_url(mine)
    assert [r.content["headline"] for r in autosaves(mine)] == ["Mine"]
    assert mine.headline == ""


def test_a_new_story_that_another_saved_meanwhile_holds_the_words_of_both(client, editor):
    form = opened(client, ADD, headline="Mine", standfirst="")
    client.post(AUTOSAVE_NEW, form)
    article = Article.objects.get()
    other = Client()
    other.force_login(ed())
    other.post(change_url(article), opened(other, change_url(article), standfirst="Theirs"))
    assert Article.objects.get().standfirst == "Theirs"

    answer = client.post(change_url(article), form | {"headline": "Mine, and more"})

    assert answer.status_code == 302
    saved = Article.objects.get()
    assert (saved.headline, saved.standfirst) == ("Mine, and more", "Theirs")


def test_words_that_wait_for_a_choice_are_not_offered_a_second_time(client, editor, article):
    form = opened(client, change_url(article), headline="Mine")
    client.post(autosave_url(article), form)
    other = Client()
    other.force_login(ed())
    other.post(change_url(article), opened(other, change_url(article), headline="Theirs"))

    assert client.post(change_url(article), form).status_code == 409

    assert not autosaves(article).exists()
    page = client.get(change_url(article)).content.decode()
    assert "waits as revision" in page
    assert "that was not saved" not in page


# --- Given back ---------------------------------------------------------------------------------


def test_what_was_typed_and_not_saved_is_offered_and_taken_back_with_its_rows(
    client, editor, article
):
    form = opened(client, change_url(article), headline="Typed", access="premium")
    form |= {
        "takeaways-0-DELETE": "on",
        "takeaways-1-text": "zwei",
        "takeaways-TOTAL_FORMS": 3,
        "takeaways-2-label": "Three",
        "takeaways-2-text": "three",
        "takeaways-2-position": 0,
        "bylines-0-author": tom().pk,
    }
    client.post(autosave_url(article), form)
    kept = autosaves(article).get()

    page = client.get(change_url(article)).content.decode()
    assert "You typed more at " in page
    assert f'href="{change_url(article)}?from={kept.number}"' in page
    assert read_form(page, "article_form")["headline"] == "First words"

    answer = client.get(change_url(article), {"from": kept.number})
    page = answer.content.decode()
    assert "This is what you typed at " in page
    assert "that was not saved" not in page
    taken = read_form(page, "article_form")
    assert (taken["headline"], taken["access"]) == ("Typed", "premium")
    assert client.post(change_url(article), taken).status_code == 302

    saved = Article.objects.get()
    assert (saved.headline, saved.head) == ("Typed", 2)
    assert [row.text for row in saved.takeaways.all()] == ["three", "zwei"]
    assert [line.author.name for line in saved.bylines.all()] == ["Tom Ash"]
    assert "that was not saved" not in client.get(change_url(article)).content.decode()


def test_words_taken_back_are_saved_as_words_from_then(client, editor, article):
    client.post(
        autosave_url(article), opened(client, change_url(article), headline="Mine"), follow=True
    )
    Article.objects.update(head=0)
    number = autosaves(article).get().number
    Revision.objects.filter(number=number).update(base=None)

    page = client.get(change_url(article), {"from": number}).content.decode()

    # Where it is not known what they began from, they cannot pass for newer than the story.
    assert read_form(page, "article_form")["base"] == ""


def test_what_was_typed_can_be_left(client, editor, article):
    client.post(autosave_url(article), opened(client, change_url(article), headline="Typed"))
    number = autosaves(article).get().number

    page = client.get(change_url(article), {"leave": number}).content.decode()

    assert "that was not saved" not in page
    assert autosaves(article).exists()


def test_the_newest_of_each_tab_is_offered(client, editor, article):
    form = opened(client, change_url(article))
    for tab, words in (("a" * 32, "One"), ("b" * 32, "Two"), ("a" * 32, "Three")):
        client.post(autosave_url(article), form | {"tab": tab, "headline": words})

    page = client.get(change_url(article))

    assert [number for number, _ in page.context["offers"]] == [3, 2]


def test_nobody_is_offered_or_given_what_another_typed(client, editor, article):
    client.post(autosave_url(article), opened(client, change_url(article), headline="Typed"))
    other = Client()
    other.force_login(ed())

    assert "that was not saved" not in other.get(change_url(article)).content.decode()
    number = autosaves(article).get().number
    answer = other.get(change_url(article), {"from": number}, follow=True)
    assert "nothing more to take back" in answer.content.decode()
    assert "Typed" not in answer.content.decode()
    # Among the revisions it is listed for all.
    page = other.get(reverse("admin:articles_article_revisions", args=[article.pk]))
    assert "Kept while typing" in page.content.decode()


@pytest.mark.parametrize("number", ["", "x", "-1", "999", "9" * 30, "1"])
def test_an_address_with_nothing_to_take_back_leads_to_the_story(client, editor, article, number):
    answer = client.get(change_url(article), {"from": number}, follow=True)

    assert answer.redirect_chain == [(change_url(article), 302)]
    assert "nothing more to take back" in answer.content.decode()


def test_the_form_asks_a_constant_number_of_questions(
    client, editor, article, django_assert_max_num_queries
):
    for number in range(12):
        form = opened(client, change_url(article), tab=f"{number:032}", headline=f"Typed {number}")
        client.post(autosave_url(article), form)

    with django_assert_max_num_queries(75):
        client.get(change_url(article))


# --- Signing in again ---------------------------------------------------------------------------


def test_who_is_signed_in_is_told_with_a_token_for_their_forms(client, editor, article):
    url = reverse("admin:articles_article_who")

    answer = client.get(url, {"story": article.pk})

    said = answer.json()
    assert answer["Cache-Control"] == "private, no-store"
    assert (said["person"], said["name"]) == (str(editor.public_id), "Lisa Morgan")
    assert said["token"]
    assert said["writer"]
    assert Client().get(url).status_code == 401
    reader = Client()
    reader.force_login(registered())
    assert reader.get(url).status_code == 403


def test_the_small_window_says_that_it_may_be_closed(client, editor):
    answer = client.get(reverse("admin:articles_article_signed_in"))

    assert "You can close this window" in answer.content.decode()
    assert Client().get(reverse("admin:articles_article_signed_in")).status_code == 302


def test_typing_counts_as_activity_and_what_a_page_asks_on_its_own_does_not(article):
    from tests.accounts.doors import signed_in

    client = signed_in(ed())
    long_ago = timezone.now() - dt.timedelta(hours=2)
    form = opened(client, change_url(article), headline="Typed")
    presence = reverse("admin:articles_article_presence", args=[article.pk])

    Device.objects.update(last_seen_at=long_ago)
    client.post(presence, {"tab": TAB})
    client.get(reverse("admin:articles_article_who"))
    assert Device.objects.get().last_seen_at == long_ago

    client.post(autosave_url(article), form)
    assert Device.objects.get().last_seen_at > long_ago


def test_signs_of_life_do_not_hold_an_idle_session(article):
    from tests.accounts.doors import signed_in

    client = signed_in(ed())
    Device.objects.update(last_seen_at=timezone.now() - dt.timedelta(hours=13))

    answer = client.post(
        reverse("admin:articles_article_presence", args=[article.pk]), {"tab": TAB}
    )

    assert answer.status_code == 401
