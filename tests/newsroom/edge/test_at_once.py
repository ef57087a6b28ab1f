"""Whatever changes shows at the very next request, in every process, though pages are held."""

from articles import publishing
from tests import cast


def test_a_story_is_held_and_its_change_shows_at_once(readers):
    story = cast.make_story(headline="Eleven ships wait")
    readers.warm(story.path)
    article = story.article
    article.headline = "Twelve ships wait"
    article.save()
    assert readers.all_see(story.path, "Eleven ships wait")
    cast.publish(article)
    assert readers.all_see(story.path, "Twelve ships wait")


def test_a_retracted_story_is_gone_at_once(readers):
    story = cast.make_story(headline="Eleven ships wait")
    readers.warm(story.path)
    readers.warm("/")
    publishing.retract(story.article, editor=cast.ed(), text="It was not so.")
    assert {answer.status for answer in readers.ask_all(story.path)} == {410}
    assert readers.none_sees("/", "Eleven ships wait")
