"""A small newspaper with every kind of reader's page, for tests that look at all of them."""

from django.utils import timezone

from articles import body
from articles.models import Author, PlainPage
from articles.readership import keeping, rolling_up
from tests import cast
from tests.articles.site import public_acts

HARBOUR = body.plain_text(cast.PARAGRAPH)


def print_it() -> dict[str, str]:
    """Publish stories of every kind. Out: a name for each kind of page, and its address."""
    cast.make_publication(name="The Testing Post", place="New York")
    lisa = cast.lisa()
    lisa.portrait = cast.make_image(size=(640, 640))
    lisa.save()
    tom = Author.objects.create(name="Tom Hale", slug="tom-hale", bio="Tom counts.")
    topic = cast.make_topic("Harbour Holding", ticker="HRB", exchange="NYSE")
    for position, name in enumerate(["World", "Business", "Opinion"]):
        cast.make_section(name, position=position, description=f"{name}, every day.")
    figure = cast.make_image(size=(1600, 900), alt_text="A red crane.")
    whole = cast.make_story(
        headline="Eleven ships wait for the wind, and the harbour waits with them",
        body=f"<p>The port ({topic.ticker}) is <strong>full</strong>.</p><h2>Why</h2>"
        f'<figure data-image="{figure.pk}"></figure>'
        "<blockquote><p>Nobody bets on the wind.</p></blockquote>"
        '<h3>Numbers</h3><ul><li>Eleven ships</li><li>Two <a href="https://example.com/">logs</a>'
        f"</li></ul>{cast.PARAGRAPH * 3}",
        dateline="Rotterdam",
        lead_image=cast.make_image(size=(2000, 1125)),
        takeaways=[("Ships", "Eleven wait."), ("Wind", "It holds.")],
        sources=[{"title": "Harbour log", "publisher": "Port", "url": "https://example.com/log"}],
        topics=[topic, cast.make_topic()],
        authors=[lisa, tom],
        prominence="lead",
    )
    premium = cast.make_story(headline="Behind the wall", access="premium", kind="analysis")
    for kind in public_acts.KIND.CORRECTION, public_acts.KIND.UPDATE:
        public_acts.correct(
            whole, "It was May, not June.", kind=kind, paragraph="Nobody bets on the wind."
        )
    public_acts.correct(whole, "The harbour office counted.", paragraph=HARBOUR)
    public_acts.correct(premium, "The price was wrong.", quotes_withheld=True)
    archived = cast.make_story(headline="From an older day")
    public_acts.archive(archived)
    retracted = cast.make_story(headline="A letter that nobody wrote")
    public_acts.retract(retracted)
    updated = cast.make_story(headline="Words of yesterday", lead_image=cast.make_image())
    public_acts.queue(updated, headline="Words of today")
    registered = cast.make_story(headline="For all who sign in", access="registered")
    for number in range(24):
        cast.make_story(
            headline=f"Story number {number} of a long day",
            section=cast.make_section(["World", "Business", "Opinion"][number % 3]),
            kind="opinion" if number % 3 == 2 else "news",
            lead_image=cast.make_image() if number % 2 else None,
            prominence="second" if number % 8 == 0 else "normal",
        )
    for reads, story in enumerate([archived, retracted, registered, premium, whole], start=1):
        keeping.add({story.article_id: reads}, at=timezone.now())
    rolling_up.roll_up(timezone.now())
    PlainPage.objects.create(title="About us", slug="us", body="<h2>Who</h2><p>We print.</p>")
    return {
        "front": "/",
        "story": whole.path,
        "premium story": premium.path,
        "registered story": registered.path,
        "story from the archive": archived.path,
        "retracted story": retracted.path,
        "story with an update due": updated.path,
        "corrections": "/corrections/",
        "section": "/world/",
        "author": "/authors/lisa-berg/",
        "topic": "/topics/harbour-holding/",
        "latest": "/latest/",
        "search": "/search/",
        "results": "/search/?q=story",
        "no results": "/search/?q=nothingofthekind",
        "plain page": "/about/us/",
    }
