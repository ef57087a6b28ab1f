"""Related stories below a story: those that share its topics first, then those of its section."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import PublishedArticle
from tests import cast
from tests.accounts.doors import signed_in
from tests.articles.site.crowd import gather
from tests.articles.site.public_acts import ago, change, move, pass_take_off, queue, retract

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics():
    return [cast.make_topic(name) for name in ("Shipping", "Wind", "Ports")]


@pytest.fixture
def story(topics):
    return cast.make_story(headline="The story", topics=topics, section=cast.make_section("World"))


def below(story: PublishedArticle) -> str:
    html = Client().get(story.path).content.decode()
    parts = html.split('aria-labelledby="h-related"', 1)
    return parts[1].split("</section>", 1)[0] if len(parts) == 2 else ""


def related(story: PublishedArticle) -> list[str]:
    return re.findall(r'story-card__headline"><a href="[^"]*">(.*?)</a>', below(story))


def make(headline: str, *, hours: int = 5, **fields) -> PublishedArticle:
    """A story so old, and by that old enough not to stand beside the others."""
    fields = {"section": cast.make_section("Elsewhere")} | fields
    made = cast.make_story(headline=headline, **fields)
    move(made, published_at=ago(hours=hours))
    return made


def fill_the_rail() -> list[PublishedArticle]:
    """The newest four, which stand beside every story."""
    return [cast.make_story(headline=f"Newest {n}", section=cast.make_section("X")) for n in "abcd"]


def test_the_nearest_share_most_topics_then_the_newer_ones_come_first(story, topics):
    make("Two topics", topics=topics[:2])
    make("One topic, newer", hours=4, topics=topics[2:])
    make("All topics, older", hours=6, topics=topics)
    make("One topic, older", hours=7, topics=topics[:1])
    make("No topic, elsewhere")
    fill_the_rail()
    assert related(story) == [
        "All topics, older",
        "Two topics",
        "One topic, newer",
        "One topic, older",
    ]


def test_the_section_fills_up_what_topics_leave_open(story, topics):
    make("Shares one", topics=topics[:1])
    for number in range(5):
        make(f"Same section {number}", hours=10 - number, section=story.section)
    fill_the_rail()
    assert related(story) == ["Shares one", "Same section 4", "Same section 3", "Same section 2"]


def test_neither_the_story_itself_nor_what_stands_beside_it_is_among_them(story, topics):
    for headline in ("Far", "Near"):
        make(headline, topics=topics)
    beside = [cast.make_story(headline=f"Beside {n}", topics=topics) for n in range(4)]
    assert set(related(story)) == {"Far", "Near"}
    assert all(f'href="{each.path}"' in page(story) for each in beside)


def page(story: PublishedArticle) -> str:
    return Client().get(story.path).content.decode()


def test_a_story_alone_has_no_such_list(story):
    assert below(story) == ""
    assert "Related stories" not in page(story)


def unpublish(story: PublishedArticle) -> None:
    publishing.unpublish(story.article, editor=cast.ed())


@pytest.mark.parametrize("leave", [retract, unpublish, pass_take_off])
def test_what_leaves_the_site_is_gone_from_there_at_once(story, topics, leave):
    leaver, _ = make("Leaves", topics=topics), make("Stays", topics=topics)
    fill_the_rail()
    assert set(related(story)) == {"Leaves", "Stays"}
    leave(leaver)
    assert related(story) == ["Stays"]


def test_what_waits_for_its_time_is_not_there(story, topics):
    later = cast.make_story(headline="Later", topics=topics)
    move(later, published_at=timezone.now() + dt.timedelta(hours=1))
    make("Now", topics=topics)
    fill_the_rail()
    assert related(story) == ["Now"]


def test_a_premium_story_has_its_mark_and_none_of_its_text(story, topics):
    secret = "Only subscribers read of the nine grey lighters."
    body = f'{cast.PARAGRAPH * 2}<hr data-cut="">{cast.PARAGRAPH * 2}<p>{secret}</p>'
    picture = cast.make_image()
    make("Gated", topics=topics, access="premium", body=body, lead_image=picture)
    fill_the_rail()
    block = below(story)
    assert "premium-mark" in block
    assert picture.rendition_name in block
    assert secret not in page(story)
    assert "eleven ships on Tuesday" not in block


def test_an_update_that_is_due_has_the_stories_of_its_own_topics(story):
    fresh = cast.make_topic("Tides")
    make("Of the tides", topics=[fresh])
    fill_the_rail()
    assert related(story) == []
    queue(story, headline="The story, later", topics=[fresh.pk])
    assert related(story) == ["Of the tides"]


def test_the_preview_of_a_draft_has_none(story, topics):
    draft = cast.make_article(topics=topics)
    answer = signed_in(cast.ed()).get(f"/admin/articles/article/{draft.pk}/preview/")
    assert answer.status_code == 200
    assert "Related stories" not in answer.content.decode()


def test_a_topic_of_very_many_stories_is_looked_at_by_its_newest(story, topics):
    crowd = gather(stories=90, sections=1)
    change(crowd[-1], headline="The oldest of all")
    found = related(story)
    assert len(found) == 4
    assert "The oldest of all" not in found
