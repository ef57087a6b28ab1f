"""Every address of the desk, asked as every role: who is let in. And looking changes nothing."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from django.utils import timezone

from accounts.models import Plan, Subscription
from articles import publishing
from articles.desk import kept_posts
from articles.models import (
    Article,
    Event,
    Image,
    PlainPage,
    PreviewLink,
    Publication,
    Revision,
    Section,
    Topic,
)
from tests.cast import (
    ed,
    lisa,
    make_article,
    make_image,
    make_publication,
    make_topic,
    make_user,
    registered,
    sam,
    staff,
)

pytestmark = pytest.mark.django_db

ROLES = ["Reporter", "Editor", "Chief editor", "Photo desk", "Subscriptions desk"]

# The first letter of each role that an address lets in, on a story that is somebody else's. An
# address that is not named lets in operators only.
LET_IN = {
    "RECPS": """
        index jsi18n logout view_on_site articles_article_autosave articles_article_autosave_new
        articles_article_presence articles_article_kept articles_article_signed_in
        articles_article_who articles_image_add_one articles_image_take_back articles_image_words
    """,
    "RECP": """
        app_list articles_image_add articles_image_change articles_image_changelist
        articles_image_history articles_image_picker articles_image_rights notices
        articles_image_add_many articles_image_together
    """,
    "REC": """
        calendar articles_article_add articles_article_change articles_article_changelist
        articles_article_compare articles_article_copy articles_article_history
        articles_article_preview articles_article_revision articles_article_revisions
        articles_author_change articles_author_changelist articles_author_history
        articles_section_change articles_section_changelist articles_section_history
        articles_topic_change articles_topic_changelist articles_topic_history
    """,
    "EC": """
        articles_article_archive articles_article_bin articles_article_correct articles_article_due
        articles_article_end_share articles_article_publish_over articles_article_restore
        articles_article_share articles_article_unbin articles_article_unpublish
        articles_article_when articles_topic_add
    """,
    "C": """
        accounts_user_add articles_article_erase_version
        articles_article_retract
        articles_article_said articles_article_said_by_address articles_article_version
        articles_author_add articles_author_delete articles_event_change articles_event_changelist
        articles_event_history articles_plainpage_add articles_plainpage_change
        articles_plainpage_changelist articles_plainpage_delete articles_plainpage_history
        articles_publication_change articles_publication_changelist articles_publication_history
        articles_section_add articles_section_delete articles_topic_delete
    """,
    "CS": "accounts_user_by_public_id accounts_user_change accounts_user_changelist"
    " accounts_user_history",
    "CP": "articles_image_block articles_image_original articles_image_unblock",
    "ECP": "articles_image_replace",
    "P": "articles_image_delete",
    "S": """
        accounts_delivery_changelist accounts_deviceoverride_changelist accounts_plan_add
        accounts_plan_change accounts_plan_changelist accounts_plan_history
        accounts_subscription_add accounts_subscription_cancel accounts_subscription_change
        accounts_subscription_changelist
        accounts_subscription_end accounts_subscription_extend accounts_subscription_history
        accounts_user_address accounts_user_confirmation accounts_user_devices
        accounts_user_devices_again accounts_user_export accounts_user_merge accounts_user_note
        accounts_user_sign_out
    """,
}
OUTSIDE = {"login", "logout"}
LEFT_BY_A_LOOK = {
    "django_session",
    "accounts_device",
    "articles_event",
    "articles_previewvisit",
    "cache_entries",
    "cache_limits",
}


@pytest.fixture
def arguments() -> dict[str, list[Any]]:
    """For each address that needs them, what it is about: things of a small newsroom."""
    make_publication()
    writer = make_user("writer@example.com", name="Wim", is_staff=True)
    article = make_article(topics=[make_topic()], lead_image=make_image())
    Article.objects.filter(pk=article.pk).update(created_by=writer)
    publishing.publish(article, editor=ed())
    kept = Revision.objects.create(
        article=article,
        number=90,
        reason=Revision.Reason.CONFLICT,
        content=article.revisions.first().content,
        created_by=ed(),
    )
    link = PreviewLink.objects.create(
        article=article,
        key_hash=hashlib.sha256(b"key").hexdigest(),
        label="The lawyer",
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    post = kept_posts.keep(ed(), data=QueryDict("headline=Typed"), article=article, begun=None)
    page = PlainPage.objects.create(title="About", slug="about-us")
    reader = sam()
    things = {
        "articles_article": article.pk,
        "articles_event": Event.objects.first().pk,
        "articles_image": Image.objects.first().pk,
        "articles_plainpage": page.pk,
        "articles_author": lisa().pk,
        "articles_publication": Publication.objects.get().pk,
        "articles_section": Section.objects.first().pk,
        "articles_topic": Topic.objects.first().pk,
        "accounts_user": reader.pk,
        "accounts_plan": Plan.objects.first().pk,
        "accounts_subscription": Subscription.objects.first().pk,
        "auth_group": Group.objects.first().pk,
        "app_list": "articles",
    }
    return {
        **{name: [key] for name, key in things.items()},
        "articles_article_end_share": [article.pk, link.pk],
        "articles_article_version": [article.pk, 1],
        "articles_article_erase_version": [article.pk, 1],
        "articles_article_choose": [article.pk, kept.number],
        "articles_article_revision": [article.pk, 1],
        "articles_article_restore": [article.pk, 1],
        "articles_article_kept": [post.key],
        "view_on_site": [
            ContentType.objects.get_for_model(Section).pk,
            Section.objects.first().pk,
        ],
        "accounts_user_by_public_id": [reader.public_id],
    }


def test_each_role_is_let_in_where_its_work_is_and_nowhere_else(arguments):
    everything = sorted(names())
    wrong = []
    for role in ROLES:
        client = Client()
        client.force_login(staff(role))
        for name in everything:
            answer = client.get(address(name, arguments))
            if is_let_in(answer) != (role in let_in(name)):
                wrong.append(f"{role}: {name} answered {answer.status_code}")

    assert wrong == []


def test_the_table_names_every_address_once(arguments):
    listed = [name for names_ in LET_IN.values() for name in names_.split()]

    assert sorted(set(listed)) == sorted(listed)
    assert set(listed) - set(names()) == set()


@pytest.mark.parametrize("who", ["nobody", "a reader", "a subscriber"])
def test_outsiders_are_let_in_nowhere(arguments, who):
    client = Client()
    if who != "nobody":
        client.force_login(sam() if who == "a subscriber" else registered())

    for name in sorted(set(names()) - OUTSIDE):
        answer = client.get(address(name, arguments))
        assert answer.status_code in (302, 401, 403, 405), name
        if answer.status_code == 302:
            assert answer["Location"].startswith(("/account/sign-in/", "/admin/login/")), name


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_second_factor_no_address_of_the_desk_answers_in_production(
    arguments, settings, method
):
    """Pages, forms and what scripts ask for alike; nothing is written."""
    settings.STAFF_NEED_SECOND_FACTOR = True
    client = Client()
    client.force_login(ed())
    client.get("/admin/")
    before = everything_stored()

    for name in sorted(set(names()) - OUTSIDE):
        answer = getattr(client, method)(address(name, arguments))
        assert answer["Location"] == "/account/second-factor/app/", name

    after = everything_stored()
    changed = {table for table in after if after[table] != before.get(table)}
    assert changed - {"django_session", "accounts_device"} == set()


def test_looking_changes_nothing(arguments):
    """But for what a look is meant to leave: sessions, the last time seen, the log of readings."""
    operator = Client()
    operator.force_login(ed())
    chief = Client()
    chief.force_login(staff("Chief editor"))
    for client in (operator, chief):
        # The first request of a sign-in leaves its own traces.
        client.get("/admin/")
        for name in sorted(names()):
            url = address(name, arguments)
            before = everything_stored()
            client.get(url)
            after = everything_stored()
            changed = {table for table in after if after[table] != before.get(table)}
            assert changed - LEFT_BY_A_LOOK == set(), name


def is_let_in(answer: Any) -> bool:
    """Whether the answer is a page or leads to one. Of what there is not, it leads to the start."""
    if answer.status_code in (403, 404):
        return False
    return bool(answer.get("Location") != reverse("admin:index"))


def let_in(name: str) -> set[str]:
    letters = next((roles for roles, listed in LET_IN.items() if name in listed.split()), "")
    return {role for role in ROLES if role[0] in letters}


def everything_stored() -> dict[str, tuple[int, str]]:
    """For each table how many rows it has, and a hash of them all."""
    stored = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = sorted(map(repr, cursor.fetchall()))
            stored[table] = (len(rows), hashlib.sha256("".join(rows).encode()).hexdigest())
    return stored


def names() -> Iterator[str]:
    """The names of all addresses of the desk."""
    for pattern in walk(site.get_urls()):
        if pattern.name:
            yield pattern.name


def walk(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from walk(pattern.url_patterns)


def address(name: str, arguments: dict[str, list[Any]]) -> str:
    thing = name.rsplit("_", 1)[0]
    for known in (name, thing):
        if known in arguments:
            with suppress(NoReverseMatch):
                return reverse(f"admin:{name}", args=arguments[known])
    for model, args in arguments.items():
        if name.startswith(model):
            with suppress(NoReverseMatch):
                return reverse(f"admin:{name}", args=args)
    with suppress(NoReverseMatch):
        return reverse(f"admin:{name}")
    # Of a kind of which there is none: who may not look is refused all the same.
    return reverse(f"admin:{name}", args=[0])
