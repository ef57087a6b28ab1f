"""What readers of the demo have read so far, so that its front page can say so."""

import datetime as dt

from articles.models import Article
from articles.readership import keeping, rolling_up
from newsroom.demo.reading import table


def read_the_paper(*, now: dt.datetime) -> None:
    """Put down the reads of the hour of ``now`` (aware), and make the list of the most read."""
    reads = table("reads")["reads"]
    numbers = Article.objects.filter(slug__in=reads).values_list("pk", "slug")
    keeping.add({pk: reads[slug] for pk, slug in numbers}, at=now)
    rolling_up.roll_up(now)
