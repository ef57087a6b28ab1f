"""From one announcement to a queued delivery for each follower, exactly once.

Publishing wrote an ``Announcement`` in its own transaction. Here it is claimed by a conditional
update and fanned out inside the database: no reader's row passes through Python. The pair
(announcement, reader) is unique, so whatever is begun anew adds nothing twice.
"""

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import connections, router, transaction
from django.db.models import (
    DateTimeField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)

from accounts.models import Delivery, Follow, User
from articles.models import Announcement, AuthorListing, PublishedArticle

LOST_AFTER = dt.timedelta(minutes=1)
"""A claim this old belongs to a worker that died; another one takes it over."""

OLD_NEWS = dt.timedelta(days=3)
"""A story out for longer is told to nobody: an archive that was brought in is no news."""

CHUNK = 20_000
"""Readers queued in one transaction. SQLite lets nobody else write meanwhile."""


def announce_due(at: dt.datetime) -> int:
    """Queue the mails of every story that is out at ``at`` (aware). Out: how many were queued.

    Safe to run by many workers at once, and to be killed anywhere: the next call goes on.
    """
    return sum(_announce(announcement, at) for announcement in _claimable(at))


def _claimable(at: dt.datetime) -> QuerySet[Announcement]:
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - LOST_AFTER)
    return Announcement.objects.filter(free, done_at=None, due_at__lte=at).order_by("due_at", "pk")


def _announce(announcement: Announcement, at: dt.datetime) -> int:
    # The condition is the claim: of several workers one changes the row, the others none.
    if not _claimable(at).filter(pk=announcement.pk).order_by().update(claimed_at=at):
        return 0
    queued = 0
    if announcement.due_at > at - OLD_NEWS:
        while added := _queue_next_readers(announcement, at):
            queued += added
    Announcement.objects.filter(pk=announcement.pk).update(done_at=at)
    return queued


@transaction.atomic
def _queue_next_readers(announcement: Announcement, at: dt.datetime) -> int:
    """Queue the mails of the next readers by id. Out: how many; 0 when all have theirs."""
    # Under the lock, a second worker that took over too early goes on behind the last reader
    # instead of beside it.
    Announcement.objects.select_for_update().get(pk=announcement.pk)
    # Looked up for every chunk: a story taken off the site meanwhile is told to no one more.
    story = PublishedArticle.objects.live(at).filter(article=announcement.article_id).first()
    if story is None:
        return 0
    last = Delivery.objects.filter(announcement=announcement).aggregate(last=Max("reader"))["last"]
    readers = followers_of(story).filter(pk__gt=last or 0).order_by("pk")[:CHUNK]
    return _insert(readers, announcement, at)


def followers_of(story: PublishedArticle) -> QuerySet[User]:
    """Who shall hear of the story: followers of its section or of any name in its byline.

    Only those with an active account, a confirmed address, and mail about stories switched on.
    """
    authors = AuthorListing.objects.filter(published=story).values("author")
    follows = Follow.objects.filter(Q(author__in=authors) | Q(section=story.section_id))
    return reachable().filter(pk__in=follows.values("user"))


def reachable() -> QuerySet[User]:
    """The readers to whom a mail about a story may go at all."""
    # Both are kept in lower case.
    confirmed = EmailAddress.objects.filter(
        user=OuterRef("pk"), email=OuterRef("email"), verified=True
    )
    return User.objects.filter(Exists(confirmed), is_active=True, wants_story_mail=True)


def _insert(readers: QuerySet[User], announcement: Announcement, at: dt.datetime) -> int:
    """One INSERT … SELECT, which the ORM of Django 5.2 cannot say. Out: rows added."""
    using = router.db_for_write(Delivery)
    row = {
        "announcement_id": Value(announcement.pk, output_field=IntegerField()),
        "state": Value(Delivery.State.QUEUED, output_field=TextField()),
        "attempts": Value(0, output_field=IntegerField()),
        "not_before": Value(at, output_field=DateTimeField()),
        "error": Value("", output_field=TextField()),
        "created_at": Value(at, output_field=DateTimeField()),
    }
    columns = ["reader_id", *row]
    # An alias may not be named like a field of the reader's.
    select = readers.annotate(**{f"new_{name}": value for name, value in row.items()})
    select = select.values_list("pk", *(f"new_{name}" for name in row))
    sql, params = select.query.get_compiler(using).as_sql()
    quote = connections[using].ops.quote_name
    table, names = quote(Delivery._meta.db_table), ", ".join(map(quote, columns))
    with connections[using].cursor() as cursor:
        # Names from our models, values as parameters.
        cursor.execute(
            f"INSERT INTO {table} ({names}) {sql} ON CONFLICT DO NOTHING",
            params,
        )
        added: int = cursor.rowcount
    return added
