"""A story's page, through the front door."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


def test_it_works(client, django_assert_num_queries):
    story = cast.make_story(
        lead_image=cast.make_image(),
        takeaways=[("Ships", "Eleven wait.")],
        topics=[cast.make_topic()],
    )
    with django_assert_num_queries(4):
        answer = client.get(story.path)
    assert answer.status_code == 200
