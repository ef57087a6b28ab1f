"""``manage.py demo``: an empty newsroom becomes The Meridian, a used one is left alone."""

import datetime as dt
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Delivery, Plan, Subscription, User
from articles import body
from articles.desk import rules, start
from articles.models import (
    Announcement,
    Article,
    Author,
    Correction,
    Event,
    Image,
    PlainPage,
    PublishedArticle,
    Section,
    Topic,
)
from articles.models.article import Work
from articles.proof import daily
from articles.signals import content_changing
from articles.site.search import index
from articles.site.search.engines import engine
from newsroom.demo.people import PASSWORD, PEOPLE
from newsroom.demo.reading import PICTURES, documents, parse
from newsroom.tasks.welcome import DEMO_ACCOUNTS


def demo(**options) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def counted() -> list[int]:
    return [
        model.objects.count()
        for model in (User, Article, PublishedArticle, Image, Author, Section, Plan, Event)
    ]


class TestTheFilledNewsroom(TestCase):
    databases = "__all__"

    @classmethod
    def setUpTestData(cls):
        cls.began = timezone.now()
        cls.said = demo()

    def live(self):
        return PublishedArticle.objects.live(timezone.now())

    def test_every_story_of_the_content_is_live(self):
        assert self.live().count() == len(list(documents("stories"))) >= 30

    def test_it_says_what_it_did(self):
        assert f"{self.live().count()} stories" in self.said

    def test_a_second_run_says_so_and_changes_nothing(self):
        before = counted()

        assert "in use" in demo()
        assert counted() == before

    def test_no_story_breaks_a_rule_or_leaves_a_doubt_that_can_be_avoided(self):
        now = timezone.now()
        findings = {
            article.slug: rules.check(article, at=now)
            for article in Article.objects.filter(published__isnull=False)
        }

        assert {slug: found.missing for slug, found in findings.items() if found.missing} == {}
        assert {doubt.code for found in findings.values() for doubt in found.doubts} <= {
            "no_takeaways",
            "no_source",
            # One picture has a licence that ends, so that the desk has an end to see to.
            "picture_ends_soon",
            "picture_not_social",
        }

    def test_one_story_leads_and_three_stand_second(self):
        prominence = list(self.live().values_list("prominence", flat=True))

        assert prominence.count("lead") == 1
        assert prominence.count("second") == 3

    def test_ten_sections_have_stories_and_a_dozen_are_from_the_last_twelve_hours(self):
        recent = self.live().filter(published_at__gte=self.began - dt.timedelta(hours=12))

        assert Section.objects.filter(listings__isnull=False).distinct().count() == 10
        assert recent.count() >= 12

    def test_an_anonymous_reader_gets_every_page(self):
        owners = [*Section.objects.all(), *Author.objects.all(), *Topic.objects.all()]
        lists = [thing.get_absolute_url() for thing in [*owners, *PlainPage.objects.all()]]
        stories = [story.path for story in self.live()]
        pages = ["/", "/latest/", "/search/?q=copper", *stories, *lists]

        assert {page: self.client.get(page).status_code for page in pages} == dict.fromkeys(
            pages, 200
        )

    def test_a_story_shows_its_headline_and_the_credit_of_its_picture(self):
        lead = self.live().get(prominence="lead")
        page = self.client.get(lead.path).content.decode()

        assert lead.headline in page
        assert lead.lead_image.credit in page

    def test_the_search_finds_every_story_and_nothing_else(self):
        # What is scheduled is indexed, too: a search finds it from its time on.
        public = self.live().count() + 1
        assert index.counts() == (public, public)

    def test_gated_stories_hold_back_their_text(self):
        gated = self.live().exclude(access="free")

        assert gated.filter(access="registered").count() == 3
        assert gated.filter(access="premium").count() == 7
        assert gated.filter(access="metered").count() == 4
        assert all(len(story.teaser_html) < len(story.body_html) for story in gated)

    def test_every_picture_in_a_text_is_in_the_library_with_its_rights(self):
        placed = {pk for story in self.live() for pk in body.image_ids(story.body_html)}

        assert placed
        assert placed <= set(Image.objects.values_list("pk", flat=True))
        for picture in Image.objects.all():
            assert all([picture.creator, picture.credit, picture.source, picture.copyright_notice])
            assert all([picture.licence, picture.caption, picture.alt_text])

    def test_the_originals_are_kept_as_they_were_drawn(self):
        for picture in Image.objects.all():
            with picture.file.open() as file:
                assert file.read() == (PICTURES / picture.original_name).read_bytes()

    def test_the_ticker_of_the_lead_is_marked(self):
        lead = self.live().get(prominence="lead")

        assert '<a class="ticker"' in lead.body_html

    def test_every_account_has_a_confirmed_address_its_group_and_the_demo_password(self):
        passwords = set()
        for person in PEOPLE:
            user = User.objects.get(email=person.email)
            passwords.add(user.password)
            assert EmailAddress.objects.filter(
                user=user, email=user.email, verified=True, primary=True
            ).exists()
            assert [group.name for group in user.groups.all()] == [person.group] * bool(
                person.group
            )
        assert all(check_password(PASSWORD, password) for password in passwords)

    def test_the_accounts_are_those_that_the_start_prints(self):
        assert [person.key for person in PEOPLE] == list(DEMO_ACCOUNTS)

    def test_only_the_operator_may_do_everything_and_readers_stay_outside_the_desk(self):
        assert [user.email for user in User.objects.filter(is_superuser=True)] == [
            "operator@example.com"
        ]
        outside = User.objects.filter(is_staff=False).values_list("email", flat=True)
        assert set(outside) == {
            "reader@example.com",
            "subscriber@example.com",
            "lapsed@example.com",
        }

    def test_the_subscriber_has_a_plan_and_the_lapsed_one_had(self):
        now = timezone.now()
        running = Subscription.objects.filter(starts_at__lte=now, ends_at__gt=now)

        assert [grant.user.email for grant in running] == ["subscriber@example.com"]
        assert Subscription.objects.get(user__email="lapsed@example.com").ends_at < now

    def test_every_plan_is_for_five_devices(self):
        assert set(Plan.objects.values_list("device_limit", flat=True)) == {5}

    def test_the_reporter_writes_as_lisa_morgan(self):
        lisa = Author.objects.get(slug="lisa-morgan")

        assert lisa.user == User.objects.get(email="reporter@example.com")
        assert Article.objects.filter(created_by=lisa.user, bylines__author=lisa).count() >= 4

    def test_the_desk_finds_drafts_that_readers_do_not(self):
        unseen = Article.objects.exclude(published__in=self.live())

        assert unseen.count() == len(list(documents("drafts")))
        for draft in unseen:
            codes = {finding.code for finding in rules.check(draft, at=timezone.now()).missing}
            assert codes == ({"embargo"} if draft.embargo_until else set())

    def test_one_story_is_scheduled_and_one_under_embargo(self):
        soon = timezone.now() + dt.timedelta(hours=24)

        assert [story.slug for story in Article.objects.filter(embargo_until__gt=timezone.now())]
        assert PublishedArticle.objects.live(soon).count() == self.live().count() + 1

    def test_one_story_carries_a_correction_and_its_mark(self):
        note = Correction.objects.get()
        story = PublishedArticle.objects.get(article=note.article)

        assert note.new_words in story.body_html
        assert f'data-correction="{note.pk}"' in story.body_html
        assert note.text in self.client.get("/corrections/").content.decode()

    def test_the_start_page_of_the_desk_is_alive(self):
        editor, reporter = (
            start.page_for(User.objects.get(email=f"{key}@example.com"), now=timezone.now())
            for key in ("editor", "reporter")
        )

        drafts = Article.objects.filter(published=None)
        assert set(drafts.values_list("work", flat=True)) == set(Work.values)
        assert [row.ask != "" for row in reporter.main[0].rows] == [True]
        assert [len(shown.rows) for shown in (editor.main[0], editor.aside[0])] == [3, 1]

    def test_one_section_wants_four_eyes(self):
        assert Section.objects.get(needs_four_eyes=True).slug == "politics"

    def test_no_mail_waits_about_what_was_sent_in_before(self):
        assert not DBTaskResult.objects.filter(task_path__contains="notices").exists()

    def test_nobody_gets_mail_about_the_stories_of_the_past(self):
        assert not Announcement.objects.filter(done_at=None, due_at__lte=timezone.now()).exists()
        assert not Delivery.objects.exists()


def test_production_refuses_the_demo(db):
    with (
        override_settings(IS_PRODUCTION=True, NEWSROOM_MODE="production"),
        pytest.raises(CommandError),
    ):
        demo()

    assert not User.objects.exists()


def test_reset_is_for_the_demo_mode_only(db):
    User.objects.create_user("someone@example.com")

    with pytest.raises(CommandError, match="demo mode only"):
        demo(reset=True)

    assert User.objects.filter(email="someone@example.com").exists()


def test_a_newsroom_with_one_account_is_in_use(db):
    User.objects.create_user("first@example.com")

    assert "in use" in demo()
    assert not Article.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reset_empties_and_fills_again(tmp_path):
    with override_settings(
        NEWSROOM_MODE="demo", NEWSROOM_DATA=tmp_path, STORAGES=stored_under(tmp_path)
    ):
        demo()
        daily.keep_head()
        Article.objects.update(headline="Changed by a visitor")
        User.objects.create_user("visitor@example.com")
        engine().write(9999, timezone.now(), "a story that is long gone")
        files = set(tmp_path.rglob("*.jpg"))

        assert "32 stories" in demo(reset=True)

        assert not User.objects.filter(email="visitor@example.com").exists()
        assert not Article.objects.filter(headline="Changed by a visitor").exists()
        assert User.objects.get(email="editor@example.com").groups.get().permissions.exists()
        kept = set(tmp_path.rglob("*.jpg"))
        assert len(kept) == len(files) == Image.objects.count()
        assert not kept & files
        assert index.counts() == (33, 33)
        assert list((tmp_path / "proofs").iterdir()) == []
        call_command("verify_publications", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_fill_that_fails_leaves_nothing_behind(tmp_path):
    def refuse(**_):
        raise RuntimeError("The lights went out.")

    content_changing.connect(refuse)
    try:
        with override_settings(STORAGES=stored_under(tmp_path)), pytest.raises(RuntimeError):
            demo()
    finally:
        content_changing.disconnect(refuse)

    assert not User.objects.exists()
    assert list(tmp_path.rglob("*.jpg")) == []


@pytest.mark.parametrize("text", ["no fences", "+++\ntitle = 'x'\n", "above\n+++\n+++\n"])
def test_a_file_without_its_front_matter_is_named(text):
    with pytest.raises(ValueError, match="the-file"):
        parse("the-file", text)


def stored_under(path):
    """The storages of the settings, their files under ``path``."""
    return {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": path / "originals", "base_url": None},
        },
        "renditions": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": path / "renditions", "base_url": "/media/r/"},
        },
    }
