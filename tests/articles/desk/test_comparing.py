"""The pages of a story's revisions: listed, compared, and only for those who may see them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.desk import revisions, workflow, working_copy
from articles.models import Article, Revision
from articles.models.article import Work
from tests.articles.desk.people import tom
from tests.cast import (
    ed,
    lisa,
    make_article,
    make_image,
    make_publication,
    make_section,
    publish,
    registered,
    staff,
)

pytestmark = pytest.mark.django_db


def url(name, article, *numbers):
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *numbers])


@pytest.fixture
def desk(client):
    client.force_login(ed())
    return client


def save(article, *, reason=Revision.Reason.SAVE, note="", editor=None, **changes):
    """Save the story with other values, as a revision of its own."""
    article.refresh_from_db()
    working_copy.write(article, revisions.snapshot(article) | changes)
    return revisions.keep(article, editor=editor or ed(), reason=reason, note=note)


def make_saved(*headlines, **fields):
    article = make_article(headline=headlines[0], **fields)
    for headline in headlines:
        save(article, headline=headline)
    return article


def shown(answer):
    """What a compare page shows: the two numbers, and its HTML."""
    assert answer.status_code == 200
    return (answer.context["older"], answer.context["newer"]), answer.content.decode()


# --- Comparing ---------------------------------------------------------------------------------


def test_two_revisions_are_one_text_with_the_words_out_and_in_marked(desk):
    article = make_saved("Eleven ships wait for wind", "Eleven ships wait for rain")

    numbers, page = shown(desk.get(url("compare", article), {"a": 1, "b": 2}))

    assert numbers == (1, 2)
    assert "Eleven ships wait for <del>wind</del> <ins>rain</ins>" in page
    assert "1 word out, 1 word in, in 1 field." in page
    assert "Unchanged: Standfirst, Body, Key takeaways, Sources, Bylines" in page


def test_without_numbers_what_is_on_the_site_is_compared_with_the_newest(desk):
    article = make_saved("One", "Two")
    publish(article)
    save(article, headline="Four")
    save(article, headline="Five")

    numbers, page = shown(desk.get(url("compare", article)))

    assert numbers == (3, 5)
    assert ", Published, On the site</option>" in page


def test_without_a_publication_the_newest_is_compared_with_the_one_before(desk):
    article = make_saved("One", "Two", "Three")
    revisions.keep_refused(article, content={"headline": "Refused"}, editor=ed())

    assert shown(desk.get(url("compare", article)))[0] == (2, 3)
    assert shown(desk.get(url("compare", article), {"b": 2}))[0] == (1, 2)
    assert shown(desk.get(url("compare", article), {"a": "", "b": "4"}))[0] == (3, 4)


def test_numbers_the_wrong_way_round_are_swapped(desk):
    article = make_saved("One", "Two")

    assert shown(desk.get(url("compare", article), {"a": 2, "b": 1}))[0] == (1, 2)


def test_one_and_the_same_revision_says_so(desk):
    article = make_saved("One", "Two")

    page = shown(desk.get(url("compare", article), {"a": 1, "b": 1}))[1]

    assert "Both are revision 1." in page
    assert "<del>" not in page


def test_a_story_with_one_revision_or_none_has_a_page_too(desk):
    assert "Both are revision 1." in shown(desk.get(url("compare", make_saved("One"))))[1]
    answer = desk.get(url("compare", make_article()))
    assert "Nothing was saved yet." in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "9", "-1", "x", "1.5", "²", "99999999999999999999"])
def test_a_number_that_is_none_of_the_story_is_not_found(desk, number):
    article = make_saved("One", "Two")

    for name in ("a", "b"):
        assert desk.get(url("compare", article), {name: number}).status_code == 404
    assert desk.get(url("revisions", article), {"before": "x"}).status_code == 404


def test_a_revision_of_another_story_is_not_found(desk):
    other = make_saved("One", "Two", "Three")
    article = make_saved("One", "Two")

    assert desk.get(url("compare", other), {"a": 1, "b": 3}).status_code == 200
    assert desk.get(url("compare", article), {"a": 1, "b": 3}).status_code == 404


def test_pictures_rows_and_facts_are_shown_by_name(desk):
    picture = make_image(caption="Ships at dawn.", credit="Ana Duarte / Pictures")
    article = make_saved("One", takeaways=[("A", "a first point"), ("B", "another one")])
    content = revisions.snapshot(article)
    save(
        article,
        lead_image=picture.pk,
        section=make_section("Weather").pk,
        body=content["body"] + f'<figure data-image="{picture.pk}"></figure>',
        takeaways=content["takeaways"][::-1],
        bylines=[*content["bylines"], {"author": tom().pk, "role": "Photos"}],
    )

    page = shown(desk.get(url("compare", article), {"a": 1, "b": 2}))[1]

    assert "<del>World</del>" in page
    assert "<ins>Weather</ins>" in page
    assert "<del>None</del>" in page
    assert "<ins>Ships at dawn.</ins>" in page
    assert "<dd>Ana Duarte / Pictures" in page
    assert f"/media/r/{picture.rendition_name}/320.jpg" in page
    assert "from 2nd to 1st place" in page or "from 1st to 2nd place" in page
    assert "<ins>Tom Ash</ins>" in page


def test_markup_in_words_is_shown_as_words(desk):
    article = make_saved("Plain", "<script>steal()</script>")

    page = shown(desk.get(url("compare", article)))[1]

    assert "<script>steal()" not in page
    assert "&lt;script&gt;" in page


def test_kept_conflicts_can_be_compared_and_read(desk):
    article = make_saved("One")
    odd = revisions.snapshot(article) | {"section": "none", "headline": "x" * 300}
    kept = revisions.keep_refused(article, content=odd, editor=ed())

    numbers, page = shown(desk.get(url("compare", article), {"a": 1, "b": kept.number}))

    assert numbers == (1, 2)
    assert "Kept from a conflict</option>" in page
    assert desk.get(url("revision", article, kept.number)).status_code == 200


def test_a_revision_says_who_when_why_and_what_changed_since(desk):
    article = make_saved("One", "Two")
    Revision.objects.filter(number=1).update(note="As the agency had it")

    page = desk.get(url("revision", article, 1)).content.decode()

    assert "by Ed: As the agency had it" in page
    assert "<del>One</del><ins>Two</ins>" in page
    assert "Bring back revision 1" in page
    assert "Bring back" not in desk.get(url("revision", article, 2)).content.decode()


# --- The list ----------------------------------------------------------------------------------


def listed(answer):
    return [
        entry.line.number if entry.line else [line.number for line in entry.beside]
        for entry in answer.context["page"].entries
    ]


def test_the_list_has_the_newest_first_with_who_when_and_why(desk):
    make_publication()
    article = make_saved("One")
    save(article, headline="Two", editor=staff("Editor"), note="The agency corrected itself")
    # Late in the evening of the day before, in New York.
    at = dt.datetime(2025, 1, 25, 3, 30, tzinfo=dt.UTC)
    Revision.objects.filter(number=1).update(created_at=at)

    answer = desk.get(url("revisions", article))

    page = answer.content.decode()
    assert listed(answer) == [2, 1]
    assert "Jan. 24, 2025, 10:30 p.m." in page
    assert "today " in page
    assert "The agency corrected itself" in page
    assert f"{url('compare', article)}?a=1&amp;b=2" in page


def test_yesterday_is_called_so(desk):
    article = make_saved("One")
    Revision.objects.update(created_at=timezone.now() - dt.timedelta(days=1))

    assert "yesterday " in desk.get(url("revisions", article)).content.decode()


def test_the_list_says_what_is_on_the_site_approved_and_newest(desk):
    article = make_saved("One")
    publish(article)
    save(article, headline="Three")
    now = timezone.now()
    Article.objects.update(work=Work.APPROVED, approved_revision=3, work_since=now)

    def badges():
        entries = desk.get(url("revisions", article)).context["page"].entries
        return {entry.line.number: [word for _, word in entry.line.badges] for entry in entries}

    assert badges() == {3: ["Approved", "Newest"], 2: ["On the site"], 1: []}

    article.refresh_from_db()
    workflow.void_approval(article, by=ed(), at=now)
    article.save()
    save(article, headline="Four")
    assert badges() == {4: ["Newest"], 3: ["Was approved"], 2: ["On the site"], 1: []}


def test_what_was_kept_beside_the_story_is_folded_in_where_it_belongs(desk):
    article = make_saved("One", "Two")
    for _ in range(2):
        revisions.keep_refused(article, content={"headline": "Refused"}, editor=ed())
    save(article, headline="Five")
    revisions.keep_refused(article, content={"headline": "Late"}, editor=ed())

    answer = desk.get(url("revisions", article))

    assert listed(answer) == [[6], 5, [4, 3], 2, 1]
    assert "2 kept beside the story" in answer.content.decode()
    # Each is compared with the one it was written on.
    assert "?a=2&amp;b=4" in answer.content.decode()


def many(article, count):
    """Revisions from 1 to ``count``, and as many autosaves in between as there are tens."""
    content = revisions.snapshot(article)
    Revision.objects.bulk_create(
        Revision(
            article=article,
            number=number,
            reason="autosave" if number % 10 == 5 else "save",
            content=content | {"headline": f"Draft {number}"},
            created_by=ed(),
        )
        for number in range(1, count + 1)
    )
    Article.objects.filter(pk=article.pk).update(head=count)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("page", ["revisions", "compare", "change"])
def test_five_hundred_revisions_cost_no_more_queries_than_ten(desk, page):
    few, lots = (
        make_article(takeaways=[("A", "a")], sources=[{"title": "Log"}], lead_image=make_image())
        for _ in range(2)
    )
    many(few, 10)
    many(lots, 500)

    costs = [queries_of(desk, url(page, article)) for article in (few, lots)]

    assert costs[0] == costs[1]
    # The form also asks who else is here, and what was typed or posted and not saved.
    assert costs[1] <= 25


def test_the_list_of_five_hundred_goes_on_page_by_page_and_misses_none(desk):
    article = make_article()
    many(article, 500)
    address, seen = url("revisions", article), []
    while address:
        answer = desk.get(address)
        for entry in listed(answer):
            seen += entry if isinstance(entry, list) else [entry]
        older = answer.context["page"].older
        address = f"{url('revisions', article)}?before={older}" if older else ""

    assert seen == list(range(500, 0, -1))


def test_hundreds_of_autosaves_in_a_row_are_paged_as_well(desk):
    article = make_saved("One")
    Revision.objects.bulk_create(
        Revision(article=article, number=number, reason="autosave", base=1, content={})
        for number in range(2, 452)
    )

    first = desk.get(url("revisions", article))
    second = desk.get(f"{url('revisions', article)}?before={first.context['page'].older}")
    third = desk.get(f"{url('revisions', article)}?before={second.context['page'].older}")

    assert listed(first) == [list(range(451, 251, -1))]
    assert listed(second) == [list(range(251, 51, -1))]
    assert listed(third) == [list(range(51, 1, -1)), 1]
    assert third.context["page"].older is None


def test_the_selects_hold_the_newest_hundred_and_the_chosen_ones(desk):
    article = make_article()
    many(article, 500)

    answer = desk.get(url("compare", article), {"a": 5, "b": 480})

    numbers = [choice.number for choice in answer.context["choices"]]
    assert len(numbers) == 101
    assert numbers[-1] == 5
    assert 480 in numbers


# --- Who may -----------------------------------------------------------------------------------


def test_a_reporter_may_compare_what_others_wrote_and_is_not_offered_to_bring_it_back(client):
    article = make_saved("One", "Two", authors=[lisa()])
    client.force_login(staff("Reporter"))

    for address in (url("compare", article), url("revision", article, 1)):
        page = client.get(address).content.decode()
        assert "<del>One</del>" in page
        assert "Bring back" not in page


@pytest.mark.parametrize("group", ["Photo desk", "Subscriptions desk"])
def test_those_without_stories_see_no_revision(client, group):
    article = make_saved("One", "Two")
    client.force_login(staff(group))

    for address in (
        url("revisions", article),
        url("revision", article, 1),
        url("compare", article),
    ):
        assert client.get(address).status_code == 403


def test_readers_and_visitors_are_led_to_the_sign_in(client):
    article = make_saved("One", "Two")
    for user in (None, registered()):
        if user:
            client.force_login(user)
        assert client.get(url("compare", article)).status_code == 302
