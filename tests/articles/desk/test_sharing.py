"""Previews for outsiders: made, opened, logged, ended, and never left lying about."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.desk import sharing
from articles.models import Article, Event, PreviewLink, PreviewVisit, PublishedArticle
from newsroom.tasks import periodic
from tests.cast import (
    PARAGRAPH,
    lisa,
    make_article,
    make_image,
    make_publication,
    make_story,
    registered,
    sam,
    staff,
)
from tests.machines import nu_errors

pytestmark = pytest.mark.django_db

WITHHELD = "Only those who pay read of the pilots’ quarrel."
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
SOON = dt.timedelta(hours=2)


def premium(**fields):
    return make_article(
        headline="Pilots quarrel",
        access="premium",
        body=f'{PARAGRAPH * 2}<hr data-cut=""><p>{WITHHELD}</p>{PARAGRAPH * 3}',
        takeaways=[("Point", "A withheld takeaway.")],
        **fields,
    )


def share_page(article):
    return reverse("admin:articles_article_share", args=[article.pk])


def make_link(article, *, by=None, **options):
    """Share through the door of the desk's page; the path that is shown once."""
    client = Client()
    client.force_login(by or staff("Editor"))
    form = {"label": "Dr. Weiss", "days": "7", "as_reader": "subscriber"} | options
    page = client.post(share_page(article), form, follow=True).content.decode()
    shown = re.search(r'id="new-address"[^>]* value="https?://[^/"]+(/preview/[^"]+/)"', page)
    return shown[1] if shown else ""


def words(answer) -> str:
    return answer.content.decode()


def test_whoever_has_the_address_reads_the_whole_story_without_signing_in():
    make_publication(name="The Testing Post")
    article = premium(lead_image=make_image())
    address = make_link(article)

    answer = Client().get(address)

    assert answer.status_code == 200
    assert WITHHELD in words(answer)
    assert "A withheld takeaway." in words(answer)
    bar = re.search(r'class="preview-bar".*?</aside>', words(answer), re.DOTALL)[0]
    assert "Unpublished draft of The Testing Post" in bar
    assert "shared with Dr. Weiss, until" in bar
    assert "Do not pass it on." in bar
    assert not answer.cookies


def test_it_may_show_no_more_than_anyone_may_read():
    address = make_link(premium(), as_reader="anonymous")

    page = words(Client().get(address))

    assert "Pilots quarrel" in page
    assert WITHHELD not in page
    assert "A withheld takeaway." not in page


def test_it_always_shows_the_newest_saved_text_and_publishes_nothing():
    story = make_story(headline="Live words")
    address = make_link(story.article)
    Article.objects.update(headline="Next words")

    assert "Next words" in words(Client().get(address))
    assert "Live words" in words(Client().get(story.path))
    assert PublishedArticle.objects.get().headline == "Live words"


@pytest.mark.parametrize("state", ["open", "ended", "unknown"])
def test_nobody_keeps_it_finds_it_or_is_told_where_one_came_from(state):
    address = make_link(premium()) if state != "unknown" else "/preview/unknown/"
    if state == "ended":
        PreviewLink.objects.update(revoked_at=timezone.now())

    answer = Client().get(address)

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.has_header("ETag")
    page = words(answer)
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    for trace in ('rel="canonical"', "og:", "twitter:", "application/ld+json", "rel=alternate"):
        assert trace not in page
    assert not answer.cookies


def test_crawlers_are_told_to_stay_out(client):
    assert "Disallow: /preview/\n" in words(client.get("/robots.txt"))


def test_a_preview_with_a_video_may_open_its_player_and_nothing_else_is_wider():
    video = '<figure data-embed="youtube:dQw4w9WgXcQ"></figure>'
    address = make_link(make_article(body=PARAGRAPH + video + PARAGRAPH))

    policy = Client().get(address)["Content-Security-Policy"]

    assert "frame-src https://www.youtube-nocookie.com" in policy
    assert "frame-src" not in Client().get(make_link(premium()))["Content-Security-Policy"]


# --- Unknown, ended, expired ---


def test_an_ended_link_opens_nothing_from_then_on(client):
    article = premium()
    address = make_link(article)
    client.force_login(staff("Editor"))
    link = PreviewLink.objects.get()

    page = client.post(
        reverse("admin:articles_article_end_share", args=[article.pk, link.pk]), follow=True
    )

    assert "The preview for Dr. Weiss has ended." in words(page)
    answer = Client().get(address)
    assert answer.status_code == 410
    assert "This preview has ended" in words(answer)
    assert "Pilots" not in words(answer)
    link.refresh_from_db()
    assert link.revoked_by == staff("Editor")


def test_a_link_ends_by_itself():
    address = make_link(premium(), days="1")
    now = timezone.now()
    PreviewLink.objects.update(created_at=now - dt.timedelta(days=2), expires_at=now)

    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("key", ["x", "x" * 32, "%00", "a" * 5000, "ä€", "..", "a b"])
def test_an_unknown_key_is_not_found_whatever_it_looks_like(key):
    make_link(premium())

    answer = Client().get(f"/preview/{key}/")

    assert answer.status_code == 404
    assert "Pilots" not in words(answer)


def test_the_key_is_long_and_kept_nowhere():
    address = make_link(premium())
    key = address.split("/")[2]

    assert len(key) >= 32
    link = PreviewLink.objects.values().get()
    assert key not in str(link)
    assert key not in str(list(Event.objects.values()))
    assert make_link(Article.objects.get()) != address


def test_known_ended_and_unknown_links_cost_the_same_questions(django_assert_max_num_queries):
    address = make_link(premium())
    PreviewLink.objects.update(revoked_at=timezone.now())
    for each in (address, "/preview/unknown/"):
        with django_assert_max_num_queries(2):
            Client().get(each)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_preview_is_only_read(method):
    assert getattr(Client(), method)(make_link(premium())).status_code == 405


# --- Visits ---


def test_each_opening_is_noted_with_time_and_browser_and_nothing_more(client):
    article = premium()
    address = make_link(article)
    for _ in range(2):
        Client(headers={"user-agent": FIREFOX}).get(address, REMOTE_ADDR="203.0.113.9")

    visit = PreviewVisit.objects.first()
    assert visit.browser == "Firefox on Linux"
    assert "203.0.113.9" not in str(list(PreviewVisit.objects.values()))
    client.force_login(staff("Editor"))
    assert "Opened 2 times, last" in words(client.get(share_page(article)))


def test_asking_whether_it_is_there_and_fetching_ahead_are_no_visits():
    address = make_link(premium())

    assert Client().head(address).status_code == 200
    assert Client(headers={"sec-purpose": "prefetch"}).get(address).status_code == 200
    assert Client().get("/preview/unknown/").status_code == 404
    assert PreviewVisit.objects.count() == 0


@pytest.mark.parametrize("agent", ["", "x" * 5000, "\x00", "curl/8"])
def test_no_browser_name_breaks_the_page(agent):
    assert Client(headers={"user-agent": agent}).get(make_link(premium())).status_code == 200


def test_a_link_opened_without_end_fills_no_database():
    address = make_link(premium())
    link = PreviewLink.objects.get()
    earlier = [PreviewVisit(link=link) for _ in range(sharing.MOST_VISITS - 1)]
    PreviewVisit.objects.bulk_create(earlier)
    for _ in range(3):
        assert Client().get(address).status_code == 200

    assert PreviewVisit.objects.count() == sharing.MOST_VISITS


def test_visits_of_three_months_ago_are_forgotten_by_a_daily_job():
    make_link(premium())
    link, now = PreviewLink.objects.get(), timezone.now()
    for days in (1, 89, 91):
        PreviewVisit.objects.create(link=link, at=now - dt.timedelta(days=days))

    (job,) = [job for job in periodic.jobs() if job.name == "preview-visits"]
    assert job.every == dt.timedelta(days=1)
    job.function()

    assert PreviewVisit.objects.count() == 2


# --- At the desk ---


def test_sharing_and_ending_are_in_the_audit_trail(client):
    article = premium()
    make_link(article)
    link = PreviewLink.objects.get()
    client.force_login(staff("Editor"))
    for _ in range(2):
        client.post(reverse("admin:articles_article_end_share", args=[article.pk, link.pk]))

    shared, ended = Event.objects.order_by("id")
    assert (shared.kind, ended.kind) == (Event.Kind.PREVIEW_SHARED, Event.Kind.PREVIEW_REVOKED)
    assert shared.note == "For Dr. Weiss"
    assert shared.actor == staff("Editor")
    assert shared.target_id == str(article.pk)


def test_the_address_is_shown_once(client):
    article = premium()
    client.force_login(staff("Editor"))
    form = {"label": "Dr. Weiss", "days": "3", "as_reader": "subscriber"}

    answer = client.post(share_page(article), form)
    assert answer.status_code == 302
    assert 'id="new-address"' not in words(client.get(share_page(make_article())))
    assert 'id="new-address"' in words(client.get(share_page(article)))
    assert 'id="new-address"' not in words(client.get(share_page(article)))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"label": ""}, "This field is required"),
        ({"label": "   "}, "This field is required"),
        ({"label": "x" * 121}, "at most 120"),
        ({"label": "a\x00b"}, "Null characters"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "31"}, "less than or equal to 30"),
        ({"days": "soon"}, "whole number"),
        ({"as_reader": "editor"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_nothing_is_shared(client, wrong, message):
    client.force_login(staff("Editor"))
    form = {"label": "Dr. Weiss", "days": "7", "as_reader": "subscriber"} | wrong

    page = words(client.post(share_page(premium()), form))

    assert message in page
    assert "Not shared yet" in page
    assert PreviewLink.objects.count() == 0


def test_who_may_change_or_publish_a_story_may_share_it(client):
    reporter = staff("Reporter")
    author = lisa()
    author.user = reporter
    author.save()
    own, other = premium(), make_article(authors=[])

    assert make_link(own, by=reporter)
    client.force_login(reporter)
    assert client.get(share_page(other)).status_code == 403
    assert client.post(share_page(other), {"label": "x", "days": "1"}).status_code == 403
    form = reverse("admin:articles_article_change", args=[own.pk])
    assert "Share a preview" in words(client.get(form))
    form = reverse("admin:articles_article_change", args=[other.pk])
    assert "Share a preview" not in words(client.get(form))


@pytest.mark.parametrize("group", ["Photo desk", "Subscriptions desk"])
def test_others_of_the_desk_may_not(client, group):
    article = premium()
    make_link(article)
    link = PreviewLink.objects.get()
    client.force_login(staff(group))

    assert client.get(share_page(article)).status_code == 403
    end = reverse("admin:articles_article_end_share", args=[article.pk, link.pk])
    assert client.post(end).status_code == 403
    assert not sharing.has_ended(PreviewLink.objects.get(), at=timezone.now())


def test_a_link_is_ended_by_a_post_and_only_from_its_own_story(client):
    article, other = premium(), make_article()
    make_link(article)
    link = PreviewLink.objects.get()
    client.force_login(staff("Editor"))

    def end(story):
        return reverse("admin:articles_article_end_share", args=[story.pk, link.pk])

    assert client.get(end(article)).status_code == 405
    assert client.post(end(other)).status_code == 404
    assert client.post(end(article).replace(f"/{link.pk}/end/", "/999/end/")).status_code == 404
    assert PreviewLink.objects.get().revoked_at is None


def test_the_list_of_many_links_asks_no_more_questions(client, django_assert_max_num_queries):
    article = premium()
    for number in range(12):
        make_link(article, label=f"Person {number}")
    client.force_login(staff("Editor"))
    client.get(share_page(article))
    with django_assert_max_num_queries(14):
        page = words(client.get(share_page(article)))
    assert page.count(">End it<") == 12
    assert page.index("Person 11") < page.index("Person 10") < page.index("Person 0")


# --- Embargo, bin, retraction ---


def under_embargo(article):
    Article.objects.filter(pk=article.pk).update(embargo_until=timezone.now() + SOON)


def test_a_story_under_embargo_is_shared_only_by_those_who_may_lift_it(client):
    article = premium()
    under_embargo(article)

    assert make_link(article, by=staff("Editor")) == ""
    assert PreviewLink.objects.count() == 0
    client.force_login(staff("Editor"))
    assert "under embargo" in words(client.get(share_page(article)))
    address = make_link(article, by=staff("Chief editor"))
    assert Client().get(address).status_code == 200


def test_links_stop_while_an_embargo_is_open_and_open_again_after_it():
    article = premium()
    of_editor, of_chief = make_link(article), make_link(article, by=staff("Chief editor"))
    under_embargo(article)

    answer = Client().get(of_editor)
    assert answer.status_code == 404
    assert "Pilots" not in words(answer)
    assert "embargo" not in words(answer)
    assert Client().get(of_chief).status_code == 200
    assert PreviewVisit.objects.count() == 1

    Article.objects.update(embargo_until=timezone.now() - dt.timedelta(seconds=1))
    assert Client().get(of_editor).status_code == 200


def test_a_story_in_the_bin_is_shown_to_nobody_outside(client):
    article = premium()
    address = make_link(article)
    Article.objects.update(binned_at=timezone.now())

    assert Client().get(address).status_code == 404
    assert make_link(article) == ""


def test_a_retracted_story_is_shown_to_nobody_outside():
    story = make_story()
    address = make_link(story.article)
    PublishedArticle.objects.update(retracted_at=timezone.now(), withdrawn_at=timezone.now())

    assert Client().get(address).status_code == 404
    assert make_link(story.article, by=staff("Chief editor")) == ""


# --- The database's own rules ---


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"as_reader": "editor"},
        {"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_the_database_refuses_a_link_that_cannot_be(wrong):
    make_link(premium())
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviewLink.objects.update(**wrong)


# --- Leaks ---


@pytest.mark.parametrize("visitor", [None, registered, sam])
def test_nothing_leads_to_a_preview_and_only_the_key_opens_it(visitor):
    article = premium()
    address = make_link(article)
    client = Client()
    if visitor:
        client.force_login(visitor())
    link = PreviewLink.objects.get()
    for guess in (str(link.pk), str(article.pk), article.slug, link.key_hash, address[9:-2]):
        answer = client.get(f"/preview/{guess}/")
        assert answer.status_code == 404
        assert WITHHELD not in words(answer)
    for page in ("/", "/latest/", "/feeds/rss/", "/sitemap.xml", "/search/?q=pilots", "/world/"):
        assert "/preview/" not in words(client.get(page)), page
        assert WITHHELD not in words(client.get(page)), page
    assert WITHHELD in words(client.get(address))


def test_the_pages_of_sharing_are_valid_html(client):
    article = premium(lead_image=make_image())
    address = make_link(article)
    client.force_login(staff("Editor"))
    pages = {
        "preview": words(Client().get(address)),
        "unknown": words(Client().get("/preview/unknown/")),
        "refused": words(client.post(share_page(article), {"label": ""})),
    }
    client.post(share_page(article), {"label": "A & <B>", "days": "2", "as_reader": "anonymous"})
    pages["shown once"] = words(client.get(share_page(article)))
    PreviewLink.objects.update(revoked_at=timezone.now())
    pages["ended"] = words(Client().get(address))
    pages["all ended"] = words(client.get(share_page(article)))

    assert nu_errors(pages) == []
