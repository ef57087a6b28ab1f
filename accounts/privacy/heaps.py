"""What is over its time and is no plain queryset: files, cache rows, the log, odd sessions."""

import datetime as dt
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Export, User
from accounts.privacy import export, traces
from articles.models import Event

_CHUNK = 500


class Exports:
    """Copies made before that moment, with their files; and files that no row knows of."""

    def __init__(self, before: dt.datetime) -> None:
        never_made = Q(made_at=None, asked_at__lt=before)
        self._rows = Export.objects.filter(Q(made_at__lt=before) | never_made)
        self._before = before

    def count(self) -> int:
        return self._rows.count() + len(self._strays())

    def delete(self) -> None:
        export.remove(self._rows)
        for path in self._strays():
            path.unlink(missing_ok=True)

    def _strays(self) -> list[Path]:
        """Left by a worker that died, or of an account that is gone."""
        if not export.folder().is_dir():
            return []
        known = set(Export.objects.values_list("file", flat=True))
        files = [path for path in export.folder().iterdir() if path.name not in known]
        # One that is being written has no row yet.
        return [path for path in files if path.stat().st_mtime < self._before.timestamp()]


class DemoMails:
    """Mail files of the demo written before that moment."""

    def __init__(self, before: dt.datetime) -> None:
        self._before = before.timestamp()

    def count(self) -> int:
        return len(self._files())

    def delete(self) -> None:
        for path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return [path for path in traces.mail_files() if path.stat().st_mtime < self._before]


class SignInLog:
    """Events of staff signing in before that moment."""

    _KINDS = (Event.Kind.SIGNED_IN, Event.Kind.SIGNED_OUT, Event.Kind.SIGN_IN_FAILED)

    def __init__(self, before: dt.datetime) -> None:
        self._rows = Event.objects.filter(kind__in=self._KINDS, at__lt=before)

    def count(self) -> int:
        return self._rows.count()

    def delete(self) -> None:
        # The one thing the log ever loses; its own ``delete`` refuses.
        self._rows.order_by()._raw_delete(using=self._rows.db)


class Unfinished:
    """Sessions in which nobody is signed in, not written to since that moment."""

    def __init__(self, before: dt.datetime) -> None:
        # Each write moves the end of a session as far ahead.
        ends = before + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        self._rows = Session.objects.filter(expire_date__lt=ends)

    def count(self) -> int:
        return len(self._keys())

    def delete(self) -> None:
        keys = self._keys()
        for start in range(0, len(keys), _CHUNK):
            self._rows.filter(pk__in=keys[start : start + _CHUNK]).delete()

    def _keys(self) -> list[str]:
        rows = self._rows.iterator(chunk_size=_CHUNK)
        return [row.pk for row in rows if SESSION_KEY not in row.get_decoded()]


class CacheRows:
    """Rows of the shared caches that have run out before that moment; Redis drops its own."""

    def __init__(self, before: dt.datetime) -> None:
        self._before = before

    def count(self) -> int:
        return sum(self._run("SELECT COUNT(*)", table) for table in self._tables())

    def delete(self) -> None:
        for table in self._tables():
            self._run("DELETE", table)

    @staticmethod
    def _tables() -> list[str]:
        found = (caches[alias] for alias in settings.CACHES)
        names = [_table_of(cache) for cache in found if isinstance(cache, BaseDatabaseCache)]
        return [connections["cache"].ops.quote_name(name) for name in names]

    def _run(self, act: str, table: str) -> int:
        connection = connections["cache"]
        moment = connection.ops.adapt_datetimefield_value(
            self._before.replace(tzinfo=None, microsecond=0)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"{act} FROM {table} WHERE expires < %s", [moment])
            row = cursor.fetchone() if act.startswith("SELECT") else None
        return int(row[0]) if row else 0


def _table_of(cache: BaseDatabaseCache) -> str:
    name: str = cache._table  # type: ignore[attr-defined]
    return name


def unconfirmed(before: dt.datetime) -> QuerySet[User]:
    """Accounts opened before that moment whose address nobody ever confirmed or signed in by."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return User.objects.filter(
        ~Exists(confirmed),
        date_joined__lt=before,
        last_login=None,
        is_staff=False,
        is_superuser=False,
        subscriptions=None,
        payments=None,
    )


def settle_files() -> None:
    """Write what SQLite has in its log into its file, and empty the log: what was deleted stood
    there, too."""
    for connection in connections.all():
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                # Writers wait for it meanwhile: not for long, the next night tries again.
                cursor.execute("PRAGMA busy_timeout=2000")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute("PRAGMA busy_timeout=20000")
