"""What a follower gets, and what never travels by mail."""

import datetime as dt
import json
import re
from email.header import decode_header, make_header
from html import escape, unescape
from urllib.parse import quote

import pytest
from django.utils import timezone

from accounts.alerts import follows, story_text
from articles import publishing
from articles.models import Image, PublishedArticle
from tests import cast
from tests.accounts.alerts.people import (
    LEAKS,
    follower,
    html_of,
    mails_to,
    premium_story,
    tell,
    whole,
)

pytestmark = pytest.mark.django_db


def leaks_in(text: str) -> list[str]:
    """Which markers are in a text, in any of the forms in which they could leave."""
    flat = " ".join(text.split()).casefold()
    forms = {
        name: {form(marker).casefold() for form in (str, escape, quote, json.dumps)}
        for name, marker in LEAKS.items()
    }
    return [name for name, some in forms.items() if any(form.strip('"') in flat for form in some)]


def test_a_premium_story_reaches_three_followers_each_as_far_as_the_plan_goes():
    subscriber = follower(user=cast.sam())
    lapsed = follower(user=cast.lapsed())
    without = follower()
    story = premium_story()

    tell()

    assert [len(mails_to(user)) for user in (subscriber, lapsed, without)] == [1, 1, 1]
    # The alt text is for those who see no picture; no file of a figure travels by mail.
    assert set(leaks_in(whole(mails_to(subscriber)[0]))) == set(LEAKS) - {"alt"}
    assert "[Picture: Quarry at dusk. Ana Duarte / Testing Pictures.]" in html_of(
        mails_to(subscriber)[0]
    )
    for user in (lapsed, without):
        text = whole(mails_to(user)[0])
        assert leaks_in(text) == []
        assert "eleven ships" in text
        assert story.path in text
    assert "Your subscription has ended" in whole(mails_to(lapsed)[0])
    assert "With a subscription" in whole(mails_to(without)[0])


def test_a_figure_behind_the_cut_leaves_no_trace_of_its_file():
    without = follower()
    premium_story()

    tell()

    text = whole(mails_to(without)[0])
    assert Image.objects.get().rendition_name not in text


def test_takeaways_that_the_editor_opened_are_for_everybody():
    without = follower()
    premium_story(takeaways_open=True)

    tell()

    assert leaks_in(whole(mails_to(without)[0])) == ["takeaway"]


def test_takeaways_stand_after_the_first_paragraph():
    subscriber = follower(user=cast.sam())
    premium_story()

    tell()

    for text in (html_of(mails_to(subscriber)[0]), str(mails_to(subscriber)[0].body)):
        first = text.index("harbour office")
        assert first < text.index("Key takeaways") < text.index("harbour office", first + 1)


@pytest.mark.parametrize("access", ["free", "registered"])
def test_what_any_account_may_read_comes_whole(access: str):
    user = follower()
    premium_story(access=access)

    tell()

    assert set(leaks_in(whole(mails_to(user)[0]))) == set(LEAKS) - {"alt"}


def test_staff_get_the_whole_story():
    user = follower(user=cast.ed())
    premium_story()

    tell()

    assert "body" in leaks_in(whole(mails_to(user)[0]))


def test_a_story_with_an_update_due_is_told_by_headline_and_link_alone():
    subscriber = follower(user=cast.sam())
    story = premium_story()
    now = timezone.now()
    story.next_at = now - dt.timedelta(seconds=1)
    text = story_text.tell(story, is_whole=True, at=now)

    assert leaks_in(str(text)) == []
    assert (text.standfirst, text.first_text, text.lead) == ("", "", None)
    assert text.headline
    assert story.path in text.url
    assert subscriber


def test_the_lead_picture_comes_with_its_caption_and_credit():
    user = follower()
    image = cast.make_image()
    cast.make_story(lead_image=image, lead_caption="Cranes at rest", lead_alt="Two cranes")

    tell()

    html = html_of(mails_to(user)[0])
    [tag] = re.findall("<img [^>]*>", html)
    assert 'src="http://localhost:' in tag
    assert image.rendition_name in tag
    assert 'alt="Two cranes"' in tag
    assert 'width="600" height="400"' in tag
    assert "Cranes at rest" in html
    assert "Ana Duarte / Testing Pictures" in html


def test_a_picture_whose_credit_is_gone_is_gone_from_mails():
    user = follower()
    image = cast.make_image()
    cast.make_story(lead_image=image)
    Image.objects.update(credit="", source="", copyright_notice="")

    tell()

    assert "<img" not in html_of(mails_to(user)[0])


def test_a_headline_cannot_begin_a_header_or_a_tag():
    user = follower()
    story = cast.make_story(headline='Ships & <b>wind</b> "now"')
    PublishedArticle.objects.live(timezone.now()).get(pk=story.pk)
    text = story_text.tell(story, is_whole=True, at=timezone.now())
    assert text.headline == 'Ships & <b>wind</b> "now"'

    tell()

    message = mails_to(user)[0]
    assert message.message()["Subject"] == 'Ships & <b>wind</b> "now"'
    assert 'Ships & <b>wind</b> "now"' in message.body
    assert "<b>wind</b>" not in html_of(message)
    assert "Ships &amp; &lt;b&gt;wind" in html_of(message)


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\u2028", "\x00", "\x85"])
def test_a_line_break_from_anywhere_ends_up_as_a_space(sign: str):
    from accounts.alerts.story_mail import _one_line

    assert _one_line(f"Ships{sign}Bcc: all@example.com") == "Ships Bcc: all@example.com"


def test_a_mail_names_the_list_and_itself():
    user = follower()
    publication = cast.make_publication(contact_email="desk@example.com")
    story = cast.make_story(headline="Größere Schiffe")
    tell()

    message = mails_to(user)[0].message()

    assert message["List-Id"] == f"{publication.name} stories <stories.localhost>"
    assert "<mailto:desk@example.com?subject=Unsubscribe>" in message["List-Unsubscribe"]
    assert message["From"].startswith("The Testing Post <")
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<story-[0-9a-f]{32}@localhost>", message["Message-ID"])
    assert str(user.pk) not in message["Message-ID"].split("-")
    assert [part.get_content_type() for part in message.get_payload()] == [
        "text/plain",
        "text/html",
    ]
    assert max(map(len, message.as_bytes().split(b"\n"))) <= 998
    assert story.path in message.as_string()


def test_a_list_keeps_its_id_under_a_name_with_accents():
    user = follower()
    cast.make_publication(name="Größe")
    cast.make_story()
    tell()

    list_id = mails_to(user)[0].message()["List-Id"]

    assert list_id.endswith(" <stories.localhost>")
    assert str(make_header(decode_header(list_id))) == "Größe stories <stories.localhost>"


def test_every_link_of_a_mail_is_a_whole_address():
    user = follower(user=cast.sam())
    premium_story(lead_image=cast.make_image())
    tell()

    links = re.findall(r'(?:href|src)="([^"]*)"', html_of(mails_to(user)[0]))

    assert len(links) >= 6
    assert [link for link in links if not unescape(link).startswith(("http://", "https://"))] == []


def test_a_mail_says_why_it_came():
    user = follower()
    follows.follow(user, cast.make_section("World"))
    cast.make_story()

    tell()

    assert "because you follow Lisa Berg and World" in mails_to(user)[0].body


def test_a_ticker_is_a_word_in_a_mail():
    user = follower()
    topic = cast.make_topic("Harbour Corp", ticker="HRBR", exchange="NYSE")
    cast.make_story(topics=[topic], body=f"<p>Shares of HRBR fell.</p>{cast.BODY}")

    tell()

    assert "Shares of HRBR fell." in mails_to(user)[0].body
    assert "Shares of HRBR fell." in html_of(mails_to(user)[0])


def test_readers_do_not_see_each_other():
    first, second = follower(email="one@example.com"), follower(email="two@example.com")
    cast.make_story()

    tell()

    assert "two@example.com" not in whole(mails_to(first)[0])
    assert mails_to(second)[0].recipients() == ["two@example.com"]


def test_a_story_published_again_after_unpublishing_is_not_told_twice():
    user = follower()
    article = cast.make_article()
    cast.publish(article)
    tell()
    publishing.unpublish(article, editor=cast.ed())
    cast.publish(article)

    tell(after=dt.timedelta(minutes=5))

    assert len(mails_to(user)) == 1
