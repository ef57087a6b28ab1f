"""An embargo at every door there is: before its time shut, at its time and after it open."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article, PublishedArticle
from tests.articles.desk.forms import read_form
from tests.cast import ed, make_article, make_publication

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")


def url_of(page: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def by_form(desk: Client, article: Article, at: dt.datetime) -> None:
    form = read_form(desk.get(url_of("change", article)).content.decode(), "article_form")
    desk.post(url_of("change", article), form | {"_publish": "1"})


def by_list(desk: Client, article: Article, at: dt.datetime) -> None:
    data = {"action": "publish_chosen", "_selected_action": [article.pk]}
    desk.post(reverse("admin:articles_article_changelist"), data)


def by_command(desk: Client, article: Article, at: dt.datetime) -> None:
    with suppress(CommandError):
        call_command("publish", str(article.pk), "--as", ed().email)


def over_an_update(desk: Client, article: Article, at: dt.datetime) -> None:
    desk.post(url_of("publish_over", article), {"prefer": "now"})


def by_schedule(desk: Client, article: Article, at: dt.datetime) -> None:
    typed = f"{at.astimezone(NEW_YORK):%Y-%m-%dT%H:%M}"
    desk.post(url_of("when", article), {"act": "schedule", "schedule_at": typed})


NOW: dict[str, Callable[[Client, Article, dt.datetime], None]] = {
    "the form": by_form,
    "the list's action": by_list,
    "the command": by_command,
    "publishing over an update": over_an_update,
}


@pytest.fixture
def desk() -> Client:
    make_publication()
    client = Client()
    client.force_login(ed())
    return client


def under_embargo(until: dt.datetime) -> Article:
    article = make_article()
    Article.objects.filter(pk=article.pk).update(embargo_until=until, embargo_source="The bank")
    return article


@pytest.mark.parametrize("door", NOW)
@pytest.mark.parametrize(("minutes", "is_open"), [(30, False), (0, True), (-30, True)])
def test_a_door_that_publishes_now(desk: Client, door: str, minutes: int, is_open: bool) -> None:
    article = under_embargo(timezone.now() + minutes * MINUTE)

    NOW[door](desk, article, timezone.now())

    assert PublishedArticle.objects.live(timezone.now()).exists() is is_open


@pytest.mark.parametrize(("minutes", "is_open"), [(-1, False), (0, True), (1, True)])
def test_the_schedule(desk: Client, minutes: int, is_open: bool) -> None:
    until = (timezone.now() + 60 * MINUTE).replace(second=0, microsecond=0)
    article = under_embargo(until)

    by_schedule(desk, article, until + minutes * MINUTE)

    assert PublishedArticle.objects.filter(published_at__gte=until).exists() is is_open
    assert not PublishedArticle.objects.filter(published_at__lt=until).exists()


@pytest.mark.parametrize("act", ["move", "put_in"])
def test_what_is_scheduled_is_not_brought_forward(desk: Client, act: str) -> None:
    until = (timezone.now() + 60 * MINUTE).replace(second=0, microsecond=0)
    article = make_article()
    publishing.schedule(article, editor=ed(), at=until + MINUTE)
    publishing.set_embargo(article, editor=ed(), until=until, source="The bank")
    early = f"{(until - MINUTE).astimezone(NEW_YORK):%Y-%m-%dT%H:%M}"

    desk.post(url_of("when", article), {"act": act, "schedule_at": early})

    assert PublishedArticle.objects.get().published_at == until + MINUTE


def test_the_worker_lets_nothing_out_before(desk: Client) -> None:
    until = timezone.now() + 60 * MINUTE
    article = under_embargo(until)
    publishing.schedule(article, editor=ed(), at=until)

    publishing.settle_due()

    assert not PublishedArticle.objects.live(timezone.now()).exists()
    assert PublishedArticle.objects.live(until).exists()
