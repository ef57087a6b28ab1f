"""Two people at one story: both are put together, a person chooses where they clash, and no word
is lost."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from articles.models import Article, PublishedArticle, Revision
from tests.articles.desk.forms import read_form
from tests.articles.desk.people import tom
from tests.cast import ed, lisa, make_article, make_image, make_topic, publish, staff

pytestmark = pytest.mark.django_db

BODY = "<p>Alpha stays here.</p><p>Bravo changes soon.</p><p>Charlie stays here.</p>"


def url_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def choose_url(article, kept):
    return reverse("admin:articles_article_choose", args=[article.pk, kept.number])


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
        body=BODY,
        takeaways=[("One", "one"), ("Two", "two"), ("Three", "three")],
        authors=[lisa()],
    )


@pytest.fixture
def both_changed(mine, theirs, article):
    """Two forms of the same text, of which theirs is saved with these changes and then mine."""

    def change(my_changes, their_changes):
        my_form, their_form = opened(mine, article), opened(theirs, article)
        assert theirs.post(url_of(article), their_form | their_changes).status_code == 302
        return mine.post(url_of(article), my_form | my_changes)

    return change


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def kept_of(article):
    return article.revisions.get(reason=Revision.Reason.CONFLICT)


def picks(answer, pick):
    """The form of the page to choose, with the same choice for each place."""
    form = read_form(answer.content.decode(), "conflict")
    return form | {f"choice-{choice.key}": pick for choice in answer.context["choices"]}


def choose(client, article, answer, pick, **texts):
    form = picks(answer, pick)
    for choice in answer.context["choices"]:
        if choice.legend in texts:
            form[f"text-{choice.key}"] = texts[choice.legend]
    return client.post(choose_url(article, answer.context["kept"]), form)


# --- Where both fit together --------------------------------------------------------------------


def test_changes_of_different_fields_and_paragraphs_are_both_in(article, both_changed):
    answer = both_changed(
        {"headline": "Mine", "body": BODY.replace("Charlie", "Charles")},
        {"standfirst": "Theirs", "body": BODY.replace("Bravo", "Beta")},
    )

    assert answer.status_code == 302
    saved = Article.objects.get()
    assert (saved.headline, saved.standfirst) == ("Mine", "Theirs")
    assert saved.body == BODY.replace("Bravo", "Beta").replace("Charlie", "Charles")
    assert "Ed saved at" in said(answer)
    for words in ("headline yours", "standfirst Ed’s", "body, paragraph 2 Ed’s"):
        assert words in said(answer)


def test_a_merged_save_says_what_it_was_merged_with_and_keeps_my_text_beside(article, both_changed):
    both_changed({"headline": "Mine"}, {"standfirst": "Theirs"})

    newest = article.revisions.get(number=Article.objects.get().head)
    assert newest.reason == Revision.Reason.MERGE
    assert "Ed" in newest.note
    assert newest.created_by.email == "editor@example.com"
    kept = kept_of(article)
    assert (kept.content["headline"], kept.content["standfirst"]) == (
        "Mine",
        "The queue is shrinking.",
    )
    assert kept.settled_at is not None


def test_neighbouring_paragraphs_added_moved_and_taken_out_go_together(article, both_changed):
    alpha, bravo, charlie = (f"<p>{words}</p>" for words in BODY[3:-4].split("</p><p>"))

    answer = both_changed(
        {"body": f"{alpha}<p>A new one.</p>{bravo}"},
        {"body": f"{alpha.replace('Alpha', 'Able')}{bravo.replace('Bravo', 'Beta')}{charlie}"},
    )

    assert answer.status_code == 302
    assert Article.objects.get().body == (
        "<p>Able stays here.</p><p>A new one.</p><p>Beta changes soon.</p>"
    )


def test_the_same_change_by_both_stands_once(article, both_changed):
    answer = both_changed(
        {"headline": "Same", "body": f"{BODY}<p>Added.</p>", "standfirst": "Mine"},
        {"headline": "Same", "body": f"{BODY}<p>Added.</p>"},
    )

    assert answer.status_code == 302
    assert Article.objects.get().body == f"{BODY}<p>Added.</p>"


def test_rows_of_both_are_merged_field_by_field_and_new_ones_are_all_there(article, both_changed):
    answer = both_changed(
        {
            "takeaways-0-text": "mine 1",
            "takeaways-TOTAL_FORMS": 4,
            "takeaways-3-label": "My own",
            "takeaways-3-text": "mine",
            "takeaways-3-position": 3,
        },
        {
            "takeaways-0-label": "Their one",
            "takeaways-1-DELETE": "on",
            "takeaways-2-position": 0,
            "takeaways-0-position": 1,
            "takeaways-TOTAL_FORMS": 4,
            "takeaways-3-label": "New",
            "takeaways-3-text": "theirs",
            "takeaways-3-position": 4,
        },
    )

    assert answer.status_code == 302
    assert [(t.label, t.text) for t in article.takeaways.all()] == [
        ("Three", "three"),
        ("Their one", "mine 1"),
        ("New", "theirs"),
        ("My own", "mine"),
    ]


def test_topics_of_both_are_all_there(article, both_changed):
    stays, goes, my_own, their_own = (make_topic(name) for name in ("S", "G", "M", "T"))
    article.topics.set([stays, goes])

    answer = both_changed(
        {"topics": [stays.pk, my_own.pk, goes.pk]}, {"topics": [stays.pk, their_own.pk]}
    )

    assert answer.status_code == 302
    assert set(article.topics.all()) == {stays, my_own, their_own}


def test_a_row_keeps_its_uid_however_often_it_is_saved(mine, article):
    before = {t.label: t.uid for t in article.takeaways.all()}
    form = opened(mine, article) | {"takeaways-0-text": "new", "takeaways-2-position": 0}

    mine.post(url_of(article), form)

    assert {t.label: t.uid for t in article.takeaways.all()} == before


def test_a_new_row_has_the_uid_that_the_browser_made_unless_it_is_none(mine, article):
    taken = str(article.takeaways.first().uid)
    own = "6f7c5c1e-3a6e-4a54-8d5d-2f1a2d0f7c11"
    form = opened(mine, article) | {"takeaways-TOTAL_FORMS": 7}
    for number, uid in enumerate([own, own, taken, "no uid"], start=3):
        form |= {f"takeaways-{number}-label": f"N{number}", f"takeaways-{number}-uid": uid}

    assert mine.post(url_of(article), form).status_code == 302

    rows = {t.label: str(t.uid) for t in article.takeaways.all()}
    assert len(set(rows.values())) == 7
    assert rows["N3"] == own
    assert rows["One"] == taken


def test_the_end_of_the_free_part_stands_once(article, both_changed):
    cut = '<hr data-cut="">'
    article.body = BODY.replace("</p><p>Bravo", f"</p>{cut}<p>Bravo")
    article.save()
    moved = BODY.replace("</p><p>Charlie", f"</p>{cut}<p>Charlie")

    answer = both_changed({"body": moved}, {"body": article.body.replace("Alpha", "Able")})

    assert answer.status_code == 302
    assert Article.objects.get().body == moved.replace("Alpha", "Able")


def test_words_under_a_picture_do_not_end_up_under_another_one(article, both_changed):
    article.lead_image = make_image()
    article.save()

    answer = both_changed({"lead_image": make_image().pk}, {"lead_caption": "Of the first one"})

    assert answer.status_code == 409
    assert [c.legend for c in answer.context["choices"]] == ["Caption in this story"]


def test_publishing_meanwhile_changes_no_word_and_is_no_conflict(mine, article):
    my_form = opened(mine, article)
    publish(article)

    answer = mine.post(url_of(article), my_form | {"headline": "Mine"})

    assert answer.status_code == 302
    assert Article.objects.get().headline == "Mine"


def test_a_second_click_on_save_is_no_conflict(mine, article):
    form = opened(mine, article) | {"headline": "Mine", "internal_note": "One\r\ntwo"}

    first, second = (mine.post(url_of(article), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert not article.revisions.filter(reason=Revision.Reason.CONFLICT).exists()
    assert article.revisions.count() == 1


def test_a_second_click_adds_a_new_row_once(mine, article):
    form = opened(mine, article) | {"takeaways-TOTAL_FORMS": 4, "takeaways-3-label": "New"}

    first, second = (mine.post(url_of(article), form) for _ in range(2))
    third = mine.post(url_of(article), form | {"headline": "Third"})

    assert {a.status_code for a in (first, second, third)} == {302}
    assert [t.label for t in article.takeaways.all()] == ["One", "Two", "Three", "New"]


def test_many_topics_in_any_order_are_no_conflict_on_a_second_click(mine):
    topics = [make_topic(f"Topic {number}") for number in range(12)]
    article = make_article(topics=topics)
    form = opened(mine, article) | {"headline": "Mine", "topics": [t.pk for t in topics[::-1]]}

    first, second = (mine.post(url_of(article), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)


def test_line_ends_of_a_browser_are_no_change(mine, article, both_changed):
    form = opened(mine, article) | {"internal_note": "One\r\ntwo"}
    mine.post(url_of(article), form)

    answer = both_changed({"headline": "Mine"}, {"internal_note": "One\r\ntwo\r\nthree"})

    assert answer.status_code == 302
    assert Article.objects.get().internal_note.splitlines() == ["One", "two", "three"]


def test_a_form_in_which_nothing_was_changed_changes_nothing(article, both_changed):
    answer = both_changed({}, {"headline": "Theirs"})

    assert answer.status_code == 302
    assert Article.objects.get().headline == "Theirs"
    assert "You had changed nothing" in said(answer)
    assert article.revisions.count() == 1


def test_a_merge_is_saved_and_not_published(article, both_changed):
    answer = both_changed({"headline": "Mine", "_publish": "1"}, {"standfirst": "Theirs"})

    assert answer.status_code == 302
    assert Article.objects.get().headline == "Mine"
    assert not PublishedArticle.objects.exists()
    assert "Nothing more was done" in said(answer)


def test_what_nobody_has_seen_in_one_piece_is_not_published_even_if_i_changed_nothing(
    article, both_changed
):
    answer = both_changed({"_publish": "1"}, {"headline": "Theirs"})

    assert not PublishedArticle.objects.exists()
    assert "Nothing more was done" in said(answer)


def test_words_that_another_saved_alike_are_not_published_in_silence(article, both_changed):
    answer = both_changed({"headline": "Same", "_publish": "1"}, {"headline": "Same"})

    assert answer.status_code == 302
    assert not PublishedArticle.objects.exists()
    assert "Ed saved the same words" in said(answer)


def test_a_merged_form_with_a_mistake_is_shown_again_with_the_words_of_both(
    mine, article, both_changed
):
    answer = both_changed(
        {"headline": "x" * 250, "takeaways-0-text": "mine"},
        {"standfirst": "Theirs", "takeaways-1-DELETE": "on"},
    )

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "at most 200 characters" in page
    assert Article.objects.get().headline == "First words"
    form = read_form(page, "article_form")
    assert (form["headline"], form["standfirst"], form["base"]) == ("x" * 250, "Theirs", "1")

    # The same form, put right, is saved as any other.
    assert mine.post(url_of(article), form | {"headline": "Short"}).status_code == 302
    assert Article.objects.get().headline == "Short"
    assert [t.text for t in article.takeaways.all()] == ["mine", "three"]
    assert kept_of(article).settled_at is not None


# --- Where a person has to choose ---------------------------------------------------------------


def test_words_that_both_changed_are_shown_to_choose_and_nothing_changes(article, both_changed):
    answer = both_changed({"headline": "Mine is longer"}, {"headline": "Theirs is better"})

    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("Nothing is lost", "<ins>Mine</ins>", "<ins>Theirs</ins>", "Keep yours"):
        assert words in page
    assert "Keep Ed’s" in page
    assert "First words" in page
    assert Article.objects.get().headline == "Theirs is better"
    assert Article.objects.get().head == 1


def test_my_words_are_kept_as_a_revision(mine, article, both_changed):
    both_changed({"headline": "Mine", "internal_note": "Remember"}, {"headline": "Theirs"})

    kept = kept_of(article)
    assert kept.created_by.email == "editor@example.com"
    assert kept.content["headline"] == "Mine"
    assert kept.content["internal_note"] == "Remember"
    assert [row["text"] for row in kept.content["takeaways"]] == ["one", "two", "three"]
    page = mine.get(reverse("admin:articles_article_revision", args=[article.pk, kept.number]))
    assert "Remember" in page.content.decode()


def test_posting_the_same_conflict_twice_keeps_it_once(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})
    my_form |= {"headline": "Mine", "takeaways-TOTAL_FORMS": 4, "takeaways-3-label": "New"}

    for _ in range(2):
        mine.post(url_of(article), my_form)

    assert article.revisions.filter(reason=Revision.Reason.CONFLICT).count() == 1


@pytest.mark.parametrize(
    ("pick", "headline", "second"),
    [
        ("mine", "Mine", "Boy changes soon."),
        ("theirs", "Theirs", "Beta changes soon."),
        ("both", "Written anew", "Boy and Beta change."),
    ],
)
def test_the_choice_is_saved_as_a_merge(mine, article, both_changed, pick, headline, second):
    answer = both_changed(
        {"headline": "Mine", "body": BODY.replace("Bravo", "Boy"), "dateline": "Aden"},
        {"headline": "Theirs", "body": BODY.replace("Bravo", "Beta"), "standfirst": "S"},
    )
    texts = {"Headline": "Written\r\nanew", "Body, paragraph 2": "Boy and Beta change."}

    answer = choose(mine, article, answer, pick, **texts)

    assert answer.status_code == 302
    assert answer.url == url_of(article)
    saved = Article.objects.get()
    assert (saved.headline, saved.dateline, saved.standfirst) == (headline, "Aden", "S")
    assert saved.body == BODY.replace("Bravo changes soon.", second)
    newest = saved.revisions.get(number=saved.head)
    assert newest.reason == Revision.Reason.MERGE
    assert kept_of(article).settled_at is not None
    assert "Saved as you chose" in said(answer)


def test_text_from_both_becomes_blocks_and_headings_stay_headings(mine, article, both_changed):
    head = "<h2>Old heading</h2>"
    article.body = head + BODY
    article.save()
    answer = both_changed(
        {"body": f"<h2>My heading</h2>{BODY.replace('Bravo', '<strong>Boy</strong>')}"},
        {"body": f"<h2>Their heading</h2>{BODY.replace('Bravo', 'Beta')}"},
    )
    legends = [c.legend for c in answer.context["choices"]]
    assert legends == ["Body, paragraph 1", "Body, paragraph 3"]

    choose(
        mine,
        article,
        answer,
        "both",
        **{
            "Body, paragraph 1": "Our <heading>",
            "Body, paragraph 3": "Boy changes soon.\r\n\r\nOne more\r\nline",
        },
    )

    assert Article.objects.get().body == (
        "<h2>Our &lt;heading&gt;</h2><p>Alpha stays here.</p>"
        "<p><strong>Boy</strong> changes soon.</p><p>One more<br>line</p><p>Charlie stays here.</p>"
    )


def test_a_row_they_took_out_while_i_typed_in_it_is_mine_to_keep_or_to_leave(
    mine, article, both_changed
):
    answer = both_changed(
        {f"takeaways-{n}-text": f"mine {n}" for n in range(3)},
        {"takeaways-0-DELETE": "on", "takeaways-1-position": 9},
    )

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "<ins>mine</ins> <ins>0</ins>" in page
    assert "Leave it out" in page
    assert [c.legend for c in answer.context["choices"]] == ["Takeaway 1, taken out"]

    assert choose(mine, article, answer, "mine").status_code == 302

    assert [t.text for t in article.takeaways.all()] == ["mine 0", "mine 2", "mine 1"]


def test_a_row_that_is_left_out_stays_among_the_revisions(mine, article, both_changed):
    answer = both_changed({"takeaways-0-text": "mine"}, {"takeaways-0-DELETE": "on"})

    choose(mine, article, answer, "theirs")

    assert [t.text for t in article.takeaways.all()] == ["two", "three"]
    assert kept_of(article).content["takeaways"][0]["text"] == "mine"


def test_each_place_is_to_be_chosen_for_and_what_was_typed_stays(mine, article, both_changed):
    answer = both_changed(
        {"headline": "Mine", "standfirst": "My stand"},
        {"headline": "Theirs", "standfirst": "Their stand"},
    )
    form = read_form(answer.content.decode(), "conflict")
    form |= {"choice-headline": "both", "text-headline": "Half done"}

    answer = mine.post(choose_url(article, kept_of(article)), form)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Choose for each of them: 1 is left" in page
    assert "Half done" in page
    assert Article.objects.get().headline == "Theirs"


def test_choices_that_make_no_sense_are_not_choices(mine, article, both_changed):
    section = make_article(section=None, headline="Else").section
    answer = both_changed({"kind": "analysis"}, {"kind": "opinion"})
    assert section is None
    for pick in ("both", "neither", ""):
        again = choose(mine, article, answer, pick)
        assert again.status_code == 200, pick
    assert Article.objects.get(pk=article.pk).kind == "opinion"


def test_a_third_save_meanwhile_is_merged_with_the_choice(mine, theirs, article, both_changed):
    answer = both_changed({"headline": "Mine"}, {"headline": "Theirs"})
    theirs.post(url_of(article), opened(theirs, article) | {"standfirst": "Meanwhile"})

    answer = choose(mine, article, answer, "mine")

    assert answer.status_code == 302
    saved = Article.objects.get()
    assert (saved.headline, saved.standfirst) == ("Mine", "Meanwhile")


def test_a_third_save_of_the_same_words_is_asked_about_again(mine, theirs, article, both_changed):
    answer = both_changed({"headline": "Mine"}, {"headline": "Theirs"})
    theirs.post(url_of(article), opened(theirs, article) | {"headline": "Theirs, again"})

    answer = choose(mine, article, answer, "mine")

    assert answer.status_code == 409
    assert "<ins>again</ins>" in answer.content.decode()
    assert Article.objects.get().headline == "Theirs, again"

    choose(mine, article, answer, "mine")

    assert Article.objects.get().headline == "Mine"
    waiting = article.revisions.filter(reason=Revision.Reason.CONFLICT, settled_at=None)
    assert not waiting.exists()


@pytest.mark.parametrize("head", ["", "x", "-1", "999", "٣"])
def test_a_choice_that_does_not_say_what_it_was_made_against_is_asked_again(
    mine, article, both_changed, head
):
    answer = both_changed({"headline": "Mine"}, {"headline": "Theirs"})

    form = picks(answer, "mine") | {"head": head}
    answer = mine.post(choose_url(article, kept_of(article)), form)

    assert answer.status_code == 200
    assert Article.objects.get().headline == "Theirs"


def test_a_chosen_text_that_is_too_long_is_named_in_the_form(mine, article, both_changed):
    answer = both_changed({"headline": "x" * 250}, {"headline": "Theirs", "standfirst": "S"})

    answer = choose(mine, article, answer, "mine")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "at most 200 characters" in page
    assert f'action="{url_of(article)}"' in page
    form = read_form(page, "article_form")
    assert (form["headline"], form["standfirst"]) == ("x" * 250, "S")
    assert mine.post(url_of(article), form | {"headline": "Short"}).status_code == 302
    assert Article.objects.get().headline == "Short"


def test_wrong_values_of_mine_are_kept_and_shown(mine, article, both_changed):
    answer = both_changed(
        {"headline": "Mine", "bylines-0-author": "nobody", "section": "none"},
        {"headline": "Theirs"},
    )

    assert answer.status_code == 409
    kept = kept_of(article).content
    assert (kept["section"], kept["bylines"][0]["author"]) == ("none", "nobody")
    assert choose(mine, article, answer, "mine").status_code == 200
    assert Article.objects.get().headline == "Theirs"


# --- A text that waits --------------------------------------------------------------------------


def test_a_text_waits_until_i_choose(mine, theirs, article, both_changed):
    both_changed({"headline": "Mine"}, {"headline": "Theirs"})
    kept = kept_of(article)

    page = mine.get(url_of(article)).content.decode()
    assert f"waits as revision {kept.number}" in page
    assert choose_url(article, kept) in page
    assert "waits as" not in theirs.get(url_of(article)).content.decode()

    answer = mine.get(choose_url(article, kept))
    assert answer.status_code == 200
    # Where nobody knows how it read before, only what differs is asked about.
    assert [c.legend for c in answer.context["choices"]] == ["Headline"]
    assert choose(mine, article, answer, "mine").status_code == 302

    assert Article.objects.get().headline == "Mine"
    assert "waits as" not in mine.get(url_of(article)).content.decode()


def test_a_text_is_left_out_on_my_word_and_stays_a_revision(mine, article, both_changed):
    both_changed({"headline": "Mine"}, {"headline": "Theirs"})
    kept = kept_of(article)

    answer = mine.post(choose_url(article, kept), {"leave_out": "1"})

    assert answer.status_code == 302
    assert Article.objects.get().headline == "Theirs"
    assert "waits as" not in mine.get(url_of(article)).content.decode()
    assert kept_of(article).content["headline"] == "Mine"
    for method in (mine.get, mine.post):
        answer = method(choose_url(article, kept))
        assert answer.status_code == 302
        assert "chosen for this text already" in said(answer)


def test_a_text_that_fits_by_now_is_put_in_with_one_button(mine, theirs, article, both_changed):
    theirs.post(url_of(article), opened(theirs, article) | {"dateline": "Aden"})
    both_changed({"headline": "Mine", "standfirst": "Mine"}, {"headline": "Theirs"})
    theirs.post(url_of(article), opened(theirs, article) | {"headline": "First words"})

    answer = mine.get(choose_url(article, kept_of(article)))
    assert "Both fit together" in answer.content.decode()
    assert choose(mine, article, answer, "").status_code == 302

    assert Article.objects.get().headline == "Mine"


def test_only_the_writer_chooses_for_a_text(theirs, article, both_changed):
    both_changed({"headline": "Mine"}, {"headline": "Theirs"})
    kept = kept_of(article)

    for method in (theirs.get, theirs.post):
        assert method(choose_url(article, kept)).status_code == 403
    assert kept_of(article).settled_at is None


def test_a_writer_who_may_change_the_story_no_more_does_not_choose(article, both_changed, mine):
    both_changed({"headline": "Mine"}, {"headline": "Theirs"})
    user = kept_of(article).created_by
    user.groups.clear()
    staff_again = type(user).objects.get(pk=user.pk)
    assert not staff_again.has_perm("articles.change_article")

    assert mine.post(choose_url(article, kept_of(article))).status_code in (302, 403)
    assert Article.objects.get().headline == "Theirs"


def test_there_is_nothing_to_choose_for_other_revisions(mine, article, both_changed):
    both_changed({"headline": "Mine"}, {"headline": "Theirs"})
    for pk, number in ((article.pk, 1), (article.pk, 999), (99999, 1)):
        url = reverse("admin:articles_article_choose", args=[pk, number])
        assert mine.get(url).status_code == 404


def test_a_later_text_of_the_same_tab_takes_the_place_of_one_that_waits(mine, theirs, article):
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})
    for words in ("Mine", "Mine, longer"):
        mine.post(url_of(article), my_form | {"headline": words, "tab": "t" * 32})

    waiting = article.revisions.filter(reason=Revision.Reason.CONFLICT, settled_at=None)
    assert [text.content["headline"] for text in waiting] == ["Mine, longer"]
    assert article.revisions.filter(reason=Revision.Reason.CONFLICT).count() == 2


# --- Where nothing is known, and who it was -----------------------------------------------------


def test_a_form_that_does_not_say_where_it_began_is_not_trusted(mine, theirs, article):
    theirs.post(url_of(article), opened(theirs, article) | {"headline": "Theirs"})
    my_form = opened(mine, article) | {"headline": "Mine"}
    for base in ("", "x", "-1", "999", "0", "٣", "9" * 30):
        answer = mine.post(url_of(article), my_form | {"base": base})
        assert answer.status_code == 409, base
        assert [c.legend for c in answer.context["choices"]] == ["Headline"]
        assert answer.context["choices"][0].before is None
    del my_form["base"]

    assert mine.post(url_of(article), my_form).status_code == 409
    assert Article.objects.get().headline == "Theirs"


def test_a_forged_beginning_is_nothing_to_merge_by(mine, theirs, article):
    other = make_article(headline="Elsewhere")
    forged = opened(mine, other)["beginning"]
    my_form, their_form = opened(mine, article), opened(theirs, article)
    theirs.post(url_of(article), their_form | {"headline": "Theirs"})
    for beginning in (forged, "x", my_form["beginning"][:-1]):
        answer = mine.post(url_of(article), my_form | {"beginning": beginning})
        assert answer.status_code == 409


def test_without_a_common_beginning_all_that_differs_is_asked_about(mine, theirs, article):
    my_form = opened(mine, article)
    theirs.post(
        url_of(article),
        opened(theirs, article)
        | {"body": BODY.replace("Bravo", "Beta"), "takeaways-0-DELETE": "on", "standfirst": "S"},
    )

    answer = mine.post(url_of(article), my_form | {"base": "x"})

    assert [c.legend for c in answer.context["choices"]] == [
        "Standfirst",
        "Body, paragraph 2",
        "Takeaway 1, taken out",
    ]


def test_a_conflict_publishes_nothing(mine, article, both_changed):
    answer = both_changed({"headline": "Mine", "_publish": "1"}, {"headline": "Theirs"})

    assert answer.status_code == 409
    form = picks(answer, "mine")
    assert "_publish" not in form
    mine.post(choose_url(article, kept_of(article)), form | {"_publish": "1"})
    assert not PublishedArticle.objects.exists()


def test_two_windows_of_one_person_are_merged_and_asked_about_as_well(mine, article):
    one, two = opened(mine, article), opened(mine, article)
    mine.post(url_of(article), one | {"headline": "One"})

    merged = mine.post(url_of(article), two | {"standfirst": "Two"})
    assert merged.status_code == 302
    assert "You, in another window, saved" in said(merged)
    assert "headline the other window’s" in said(merged)

    answer = mine.post(url_of(article), two | {"headline": "Two"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "You, in another window, saved" in page
    assert "Keep this window’s" in page
    assert Article.objects.get().headline == "One"


def test_several_savers_are_all_named(mine, theirs, article):
    third = Client()
    third.force_login(staff("Chief editor", name="Tom Hale"))
    my_form = opened(mine, article)
    theirs.post(url_of(article), opened(theirs, article) | {"headline": "Theirs"})
    third.post(url_of(article), opened(third, article) | {"standfirst": "Tom was here"})

    answer = mine.post(url_of(article), my_form | {"headline": "Mine"})

    page = answer.content.decode()
    assert "Tom Hale and Ed saved" in page
    assert "Keep theirs" in page


def test_markup_in_my_words_is_shown_as_words(article, both_changed):
    words = "<script>steal()</script>"
    answer = both_changed(
        {"headline": words, "body": f"{words}<p>x</p>", "takeaways-0-text": words},
        {"headline": "Theirs", "body": "<p>y</p>", "takeaways-0-text": words[:-1]},
    )

    page = answer.content.decode()
    assert "<script>steal()" not in page
    assert "&lt;script&gt;steal()" in page


def test_a_changed_paragraph_is_shown_with_its_neighbours_and_how_it_read(article, both_changed):
    answer = both_changed(
        {"body": BODY.replace("Bravo", "Boy")}, {"body": BODY.replace("Bravo", "Beta")}
    )

    (choice,) = answer.context["choices"]
    assert choice.legend == "Body, paragraph 2"
    assert choice.mine.words[0] == ("Boy", True)
    assert choice.theirs.words[0] == ("Beta", True)
    assert (choice.above, choice.below) == ("Alpha stays here.", "Charlie stays here.")
    assert choice.before == ["Bravo changes soon."]
    assert choice.both == "Boy changes soon.\n\nBeta changes soon."


def test_a_text_from_both_begins_with_both_changes_where_they_do_not_touch(article, both_changed):
    answer = both_changed(
        {"body": BODY.replace("Bravo", "Boy")}, {"body": BODY.replace("soon", "late")}
    )

    (choice,) = answer.context["choices"]
    assert choice.both == "Boy changes late."


def test_a_text_from_both_begins_with_what_both_added(article, both_changed):
    answer = both_changed(
        {"body": BODY.replace("soon.", "soon. Mine.")},
        {"body": BODY.replace("soon.", "soon. Theirs.")},
    )

    (choice,) = answer.context["choices"]
    assert choice.both == "Bravo changes soon. Mine. Theirs."


def test_authors_and_pictures_are_named_where_they_clash(mine, article, both_changed):
    image = make_image(caption="Ships at dawn")
    answer = both_changed(
        {"lead_image": image.pk, "bylines-0-role": "By"},
        {"lead_image": make_image(caption="Ships at dusk").pk, "bylines-0-author": tom().pk},
    )

    (choice,) = answer.context["choices"]
    assert choice.both is None
    assert " ".join(word for word, _ in choice.mine.words) == str(image)
    choose(mine, article, answer, "mine")
    saved = Article.objects.get()
    assert saved.lead_image == image
    assert [(line.author, line.role) for line in saved.bylines.all()] == [(tom(), "By")]
