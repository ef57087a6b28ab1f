"""Nobody gets a word that is not theirs, wherever a story shows; and everybody is told why."""

import html
import json
import re
from urllib.parse import quote

import pytest

from tests import cast
from tests.accounts.doors import browser, pending, sign_in, signed_in

pytestmark = pytest.mark.django_db

# One marker in each withheld part. The file's marker is its public name.
BODY, CAPTION, ALT = "Zyxbodymark & <tail>", "Zyxcaptionmark & <tail>", "Zyxaltmark & <tail>"
TAKEAWAY, SOURCE = "Zyxtakeawaymark & <tail>", "Zyxsourcemark & <tail>"


@pytest.fixture(params=["premium", "metered"])
def secret(request):
    """A story that is not open to all, with a marker in each part that is withheld."""
    figure = cast.make_image()
    placed = (
        f'<figure data-image="{figure.pk}" data-caption="{html.escape(CAPTION)}" '
        f'data-alt="{html.escape(ALT)}"></figure>'
    )
    story = cast.make_story(
        access=request.param,
        headline="Harbour secrets",
        body=f'{cast.PARAGRAPH}<hr data-cut=""><p>{html.escape(BODY)}</p>{placed}'
        f"{cast.PARAGRAPH * 3}",
        takeaways=[("Label", TAKEAWAY)],
        sources=[{"title": SOURCE, "url": "https://example.com/zyxurlmark"}],
        topics=[cast.make_topic()],
        lead_image=cast.make_image(),
    )
    story.figure_name = figure.rendition_name
    return story


def places(story):
    """Every address where the story, or a part of it, could show."""
    words = ("zyxbodymark", "zyxtakeawaymark", "zyxsourcemark", "zyxcaptionmark")
    return [
        story.path,
        f"{story.path}?print=1",
        f"{story.path}?amp=1",
        "/",
        "/latest/",
        "/world/",
        "/authors/lisa-berg/",
        "/topics/shipping/",
        "/feeds/rss/",
        "/world/feeds/rss/",
        "/authors/lisa-berg/feeds/rss/",
        "/topics/shipping/feeds/rss/",
        "/sitemap.xml",
        "/sitemaps/stories-0.xml",
        "/sitemaps/pages.xml",
        "/news-sitemap.xml",
        "/nothing-here/",
        "/search/?q=harbour",
        *(f"/search/?q={word}" for word in words),
    ]


def leaks(text, story):
    markers = ("zyxbodymark", "zyxcaptionmark", "zyxaltmark", "zyxtakeawaymark", "zyxsourcemark")
    markers += ("zyxurlmark", story.figure_name)
    plain = text.casefold()
    spellings = {plain, html.unescape(plain)}
    return [marker for marker in markers if any(marker in spelling for spelling in spellings)]


def visitors():
    """Everybody who may not read premium stories, by name."""
    replayed = browser()
    sign_in(replayed, cast.sam().email)
    kept = {name: morsel.value for name, morsel in replayed.cookies.items()}
    replayed.post("/account/sign-out/")
    for name, value in kept.items():
        replayed.cookies[name] = value
    many = cast.max_()
    for _ in range(5):
        signed_in(many)
    return {
        "anonymous": browser(),
        "registered": signed_in(cast.registered()),
        "lapsed": signed_in(cast.lapsed()),
        "over the limit": pending(many),
        "signed out, old cookies": replayed,
    }


def test_no_withheld_word_leaves_for_those_who_may_not_read_it(secret):
    for who, client in visitors().items():
        for path in places(secret):
            echoed = "?q=zyx" in path
            for method in ("get", "head"):
                answer = getattr(client, method)(path)
                text = answer.content.decode()
                if echoed:
                    # The page repeats what was typed, and finds nothing.
                    assert method == "head" or "No story holds" in text, (who, path)
                    text = text.replace(path.partition("=")[2], "")
                assert not leaks(text, secret), (who, path)
                assert not leaks(str(answer.headers), secret), (who, path)


def test_a_subscriber_gets_every_part(secret):
    client = signed_in(cast.sam())
    text = client.get(secret.path).content.decode()
    assert len(leaks(text, secret)) == 7
    assert 'class="paywall"' not in text
    assert re.search(r'class="prose premium-body">\s*<p>Zyxbodymark', text)


def test_the_staff_of_the_newsroom_read_all(secret):
    assert "Zyxbodymark" in signed_in(cast.ed()).get(secret.path).content.decode()


def test_the_next_visitor_after_a_subscriber_gets_the_teaser(secret):
    signed_in(cast.sam()).get(secret.path)
    assert not leaks(browser().get(secret.path).content.decode(), secret)


def test_everybody_gets_headline_standfirst_picture_byline_topics_and_teaser(secret):
    text = browser().get(secret.path).content.decode()
    for part in ("Harbour secrets", "The queue is shrinking.", "Lisa Berg", "Shipping"):
        assert part in text
    assert secret.lead_image.rendition_name in text
    assert "eleven ships on Tuesday" in text


def test_opened_takeaways_are_for_everybody(client):
    story = cast.make_story(
        access="premium", takeaways=[("", "An open point.")], takeaways_open=True
    )
    assert "An open point." in client.get(story.path).content.decode()


@pytest.mark.parametrize(
    ("visitor", "access", "title", "link"),
    [
        ("anonymous", "premium", "Read on with a subscription", "/account/plans/"),
        ("anonymous", "registered", "Sign in to read on", "/account/sign-in/?next=%2F"),
        ("registered", "premium", "Read on with a subscription", "/account/plans/"),
        ("lapsed", "premium", "Your subscription has ended", "/account/plans/"),
        ("over the limit", "premium", "That is one device too many", "/account/devices/choose/"),
        ("over the limit", "registered", "That is one device too many", "/account/devices/choose/"),
    ],
)
def test_the_panel_says_why_and_what_to_do(visitor, access, title, link):
    story = cast.make_story(access=access)
    text = visitors()[visitor].get(story.path).content.decode()
    panel = text[text.index('<section class="paywall"') :]
    panel = panel[: panel.index("</section>")]
    assert title in panel
    assert f'href="{link}' in panel


def test_the_panel_keeps_the_three_promises(client):
    text = client.get(cast.make_story(access="premium").path).content.decode()
    for promise in (
        "Never miss a story with notifications",
        "Gain full access to our premium content",
        "Browse free from up to 5 devices at once",
    ):
        assert promise in text


def test_a_registered_story_opens_for_every_account():
    story = cast.make_story(access="registered")
    assert 'class="paywall"' not in signed_in(cast.lapsed()).get(story.path).content.decode()


def test_a_gated_page_marks_its_gated_part_for_search_engines(client, secret):
    text = client.get(secret.path).content.decode()
    assert "noarchive" in text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    assert data["isAccessibleForFree"] is False
    assert data["hasPart"]["cssSelector"] == ".premium-body"
    assert text.count("premium-body") == 2  # in the data, and the one element
    assert quote("zyx") not in json.dumps(data).casefold()
