"""``manage.py publish``: the same rules, from a shell."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Event, PublishedArticle
from tests.cast import make_article, make_section, registered, staff

pytestmark = pytest.mark.django_db


def publish(*numbers, editor="editor@example.com"):
    """Run it. Out: what it printed, what it complained of, and why it failed."""
    out, err = StringIO(), StringIO()
    try:
        arguments = [*map(str, numbers), "--as", editor]
        call_command("publish", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), f"{error} Exit code {error.returncode}."
    return out.getvalue(), err.getvalue(), ""


def test_stories_go_out_as_their_editor_would_send_them():
    editor = staff("Editor")
    one, two = make_article(headline="One"), make_article(headline="Two")

    said, complaints, failure = publish(one.pk, two.pk, editor=" Editor@Example.com ")

    assert (complaints, failure) == ("", "")
    assert f"{one.pk} “One”: published." in said
    assert PublishedArticle.objects.live(timezone.now()).count() == 2
    assert {event.actor for event in Event.objects.all()} == {editor}


def test_a_refused_one_is_named_with_all_its_findings_and_the_others_go_out():
    staff("Editor")
    good = make_article(headline="Good")
    bad = make_article(headline="Bad", slug="", authors=[])
    unseen = make_article(section=make_section("Politics", needs_four_eyes=True))

    said, complaints, failure = publish(bad.pk, good.pk, unseen.pk, 999_999)

    assert "Good”: published." in said
    assert "Bad”: Name at least one author. The address is missing." in complaints
    assert "Politics wants four eyes" in complaints
    assert "999999: there is no such story." in complaints
    assert failure == "Not published: 3. Exit code 1."
    assert PublishedArticle.objects.get().headline == "Good"


@pytest.mark.parametrize("group", ["Reporter", "Photo desk"])
def test_who_may_not_publish_at_the_desk_may_not_here(group):
    person = staff(group)

    _, complaints, failure = publish(make_article().pk, editor=person.email)

    assert "may not publish it" in complaints
    assert failure
    assert not PublishedArticle.objects.exists()


def test_the_editor_must_be_one_of_the_desk():
    reader = registered()
    left = staff("Editor", is_active=False)
    for email in ("nobody@example.com", reader.email, left.email):
        _, _, failure = publish(make_article().pk, editor=email)
        assert "Nobody at the desk" in failure
    assert not PublishedArticle.objects.exists()
