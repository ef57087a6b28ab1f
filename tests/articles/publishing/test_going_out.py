"""The door from the desk to the site."""

import datetime as dt

import pytest
from django.utils import timezone

from articles import proof, publishing
from articles.models import (
    Announcement,
    AuthorListing,
    Event,
    PublishedArticle,
    Redirect,
    Revision,
    SectionListing,
    TopicListing,
)
from articles.publishing import PublicState, PublishRefused, public_state
from articles.signals import content_changed, content_changing
from tests.cast import (
    BODY,
    PARAGRAPH,
    ed,
    lisa,
    make_article,
    make_image,
    make_publication,
    make_section,
    make_topic,
    publish,
)

pytestmark = pytest.mark.django_db


def live():
    return PublishedArticle.objects.live(timezone.now())


def codes(error):
    return {finding.code for finding in error.value.findings.missing}


def test_a_published_story_is_live_with_all_its_words():
    image = make_image()
    topic = make_topic("Shipping")
    article = make_article(
        headline="Ships wait",
        body=BODY,
        lead_image=image,
        topics=[topic],
        takeaways=[("Queue", "It shrinks.")],
        sources=[{"title": "Port log", "publisher": "Port", "url": "https://example.com/log"}],
    )

    publish(article)

    story = live().get()
    assert story.headline == "Ships wait"
    assert story.teaser_html == PARAGRAPH * 2
    assert story.body_html == PARAGRAPH * 5
    assert story.lead_image == image
    assert story.byline == [{"author": lisa().pk, "name": "Lisa Berg", "role": ""}]
    assert story.takeaways == [{"label": "Queue", "text": "It shrinks."}]
    assert story.sources[0]["url"] == "https://example.com/log"
    assert SectionListing.objects.get().section == article.section
    assert AuthorListing.objects.get().author == lisa()
    assert TopicListing.objects.get().topic == topic


def test_the_address_has_the_day_in_the_newsrooms_zone():
    make_publication(zone="America/New_York")
    article = make_article(slug="late-news")

    story = publish(article, at=dt.datetime(2026, 3, 3, 2, 30, tzinfo=dt.UTC))

    assert story.path == "/2026/03/02/late-news/"


def test_everything_that_is_missing_is_said_at_once():
    picture = make_image(credit="", licence="", alt_text="")
    article = make_article(
        headline=" ",
        section=None,
        slug="",
        body="<p> </p>",
        authors=[],
        lead_image=picture,
        takeaways=[("Empty", ""), ("Long", "x" * 301)],
    )

    with pytest.raises(PublishRefused) as refused:
        publish(article)

    assert codes(refused) == {
        "headline",
        "section",
        "slug",
        "author",
        "body",
        "picture_credit",
        "picture_licence",
        "picture_alt",
        "takeaway_empty",
        "takeaway_long",
    }
    assert not PublishedArticle.objects.exists()
    assert not Revision.objects.filter(reason=Revision.Reason.PUBLISH).exists()


def test_a_figure_needs_its_credit_too():
    image = make_image(credit="")
    body = f'{PARAGRAPH}<figure data-image="{image.pk}"></figure>'

    with pytest.raises(PublishRefused) as refused:
        publish(make_article(body=body))

    assert codes(refused) == {"picture_credit"}


def test_a_figure_that_left_the_library_is_refused():
    with pytest.raises(PublishRefused) as refused:
        publish(make_article(body=f'{PARAGRAPH}<figure data-image="4711"></figure>'))

    assert codes(refused) == {"figure_gone"}


def test_the_storys_own_alt_text_is_enough():
    image = make_image(alt_text="")

    publish(make_article(lead_image=image, lead_alt="Ships."))

    assert live().get().lead_alt == "Ships."


def test_a_decorative_picture_needs_no_alt_text():
    publish(make_article(lead_image=make_image(alt_text="", is_decorative=True)))

    assert live().exists()


def test_eight_takeaways_are_too_many():
    with pytest.raises(PublishRefused) as refused:
        publish(make_article(takeaways=[("A", "b")] * 8))

    assert codes(refused) == {"takeaways_many"}


@pytest.mark.parametrize("access", ["registered", "premium"])
def test_a_gated_story_of_two_paragraphs_is_refused(access):
    with pytest.raises(PublishRefused) as refused:
        publish(make_article(access=access, body=PARAGRAPH * 2))

    assert codes(refused) == {"cut"}


def test_a_gated_story_with_less_than_a_third_behind_the_cut_is_refused():
    body = PARAGRAPH * 6 + '<hr data-cut="">' + PARAGRAPH * 2

    with pytest.raises(PublishRefused) as refused:
        publish(make_article(access="premium", body=body))

    assert codes(refused) == {"cut"}


def test_a_script_in_the_body_never_becomes_public():
    body = PARAGRAPH + '<script>alert(1)</script><p onclick="x()" style="color:red">Last.</p>'

    story = publish(make_article(body=body))

    assert story.body_html == PARAGRAPH + "<p>Last.</p>"


def test_a_second_story_of_the_day_with_the_same_address_is_refused_with_an_offer():
    publish(make_article(slug="ships"))

    with pytest.raises(PublishRefused) as refused:
        publish(make_article(slug="ships"))

    assert codes(refused) == {"slug_taken"}
    assert "ships-2" in str(refused.value)


def test_changes_stay_unseen_until_they_are_published():
    article = make_article(headline="Old")
    publish(article)
    article.headline = "New"
    article.save()
    assert live().get().headline == "Old"

    publish(article)

    assert live().get().headline == "New"
    assert list(article.versions.values_list("number", flat=True)) == [2, 1]


def test_a_typo_fix_does_not_say_updated_and_a_change_that_matters_does():
    article = make_article()
    assert publish(article).updated_at is None
    assert publish(article).updated_at is None

    assert publish(article, tell_readers=True).updated_at is not None


def test_a_changed_slug_leaves_one_redirect_and_never_a_chain():
    article = make_article(slug="one")
    day = publish(article).path.removesuffix("one/")
    for slug in ("two", "three", "one"):
        article.slug = slug
        article.save()
        publish(article)

    assert live().get().path == f"{day}one/"
    assert set(Redirect.objects.values_list("path", flat=True)) == {f"{day}two/", f"{day}three/"}


def test_an_old_address_stays_taken():
    article = make_article(slug="one")
    publish(article)
    article.slug = "two"
    article.save()
    publish(article)

    with pytest.raises(PublishRefused) as refused:
        publish(make_article(slug="one"))

    assert codes(refused) == {"slug_taken"}


def test_an_unpublished_story_is_gone_from_every_list_and_may_come_back():
    article = make_article(topics=[make_topic()])
    first = publish(article)

    publishing.unpublish(article, editor=ed(), reason="Wrong picture")

    assert not live().exists()
    for listing in (SectionListing, AuthorListing, TopicListing):
        assert not listing.objects.exists()
    assert article.versions.get().withdrawn_at is not None
    again = publish(article)
    assert live().get().published_at == first.published_at
    assert again.path == first.path
    assert SectionListing.objects.exists()


def test_what_is_not_public_cannot_be_unpublished():
    with pytest.raises(publishing.NotPublished):
        publishing.unpublish(make_article(), editor=ed())


def test_a_story_is_announced_once():
    article = make_article()
    story = publish(article)
    publish(article)

    assert Announcement.objects.get().due_at == story.published_at


def test_every_act_is_written_down_with_who_and_why():
    article = make_article(headline="Ships")
    publish(article)
    publish(article)
    publishing.unpublish(article, editor=ed(), reason="Wrong picture")

    events = Event.objects.filter(target_id=str(article.pk)).order_by("pk")
    assert [event.kind for event in events] == ["published", "changes_published", "unpublished"]
    assert {event.actor for event in events} == {ed()}
    assert events.last().note == "Wrong picture"


def test_the_proof_of_a_version_holds_every_word_but_the_internal_note():
    article = make_article(headline="Ships", internal_note="Call the pilot again.")
    publish(article)

    version = article.versions.get()
    assert version.content["headline"] == "Ships"
    assert "internal_note" not in version.content
    assert version.content_hash == proof.content_hash(version.content)


def test_an_error_of_a_receiver_rolls_the_whole_publication_back():
    def refuse(**_):
        raise RuntimeError("no")

    article = make_article()
    content_changing.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            publish(article)
    finally:
        content_changing.disconnect(refuse)

    assert not PublishedArticle.objects.exists()
    assert not Event.objects.exists()


def test_the_change_is_announced_only_after_commit(django_capture_on_commit_callbacks):
    heard = []

    def listen(**kwargs):
        heard.append((kwargs["article_id"], kwargs["event"]))

    content_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks() as callbacks:
            story = publish(make_article())
            assert heard == []
        for callback in callbacks:
            callback()
    finally:
        content_changed.disconnect(listen)

    assert heard == [(story.article_id, "published")]


def test_nothing_is_published_ahead_of_its_time():
    with pytest.raises(ValueError, match="not later"):
        publish(make_article(), at=timezone.now() + dt.timedelta(minutes=1))


def test_the_public_state_follows_the_story():
    article = make_article(section=make_section())
    assert public_state(article) is PublicState.NONE
    publish(article)
    article.refresh_from_db()
    assert public_state(article) is PublicState.LIVE
    article.head += 1
    assert public_state(article) is PublicState.LIVE_WITH_CHANGES
    publishing.unpublish(article, editor=ed())
    article.refresh_from_db()
    assert public_state(article) is PublicState.UNPUBLISHED


def test_the_ticker_in_the_text_refers_to_its_topic():
    topic = make_topic("Alibaba", ticker="BABA", exchange="NYSE")

    story = publish(make_article(body="<p>Alibaba (BABA) fell.</p>", topics=[topic]))

    assert story.body_html == (
        f'<p>Alibaba (<a class="ticker" data-topic="{topic.pk}">BABA</a>) fell.</p>'
    )
