"""Everything about a reader in one file: asked for by them, made by the worker, theirs for a week.

The files lie apart from the pictures, under random names that no address leads to.
"""

import contextlib
import datetime as dt
import json
import os
import secrets
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from accounts import account_mail, csv_text, trail
from accounts.models import Export, User
from accounts.privacy.tables import TABLES, Table
from accounts.publication import publication
from accounts.times import day
from articles.models import Event

KEPT = dt.timedelta(days=7)
GIVEN_UP = dt.timedelta(days=1)
"""After so long one that is not made yet will not be any more: its task failed for good."""

README = """This is what {site} keeps about you, as of {at}.

Each table comes twice: as .json for programs and as .csv for spreadsheets. All times are UTC.
In the .csv files a cell that a spreadsheet would take for a formula begins with an apostrophe.
Amounts of money are in the smallest unit of their currency, as cents.

Not in here: your password, the secrets of your passkeys and the keys of your devices, which are
kept as hashes or encrypted, and would only help somebody else.
"""


def ask(user: User, *, at: dt.datetime) -> Export:
    """Have a copy made for ``user``; the one that is being made if there is one."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        waiting = Export.objects.filter(user=user, made_at=None).first()
        if waiting is not None and waiting.asked_at > at - GIVEN_UP:
            return waiting
        if waiting is not None:
            waiting.delete()
        export = Export.objects.create(user=user, asked_at=at)
        trail.record(Event.Kind.CHANGED, user, note="Asked for a copy of their data")
        make.enqueue(export.pk)
    return export


def of(user: User, *, at: dt.datetime) -> QuerySet[Export]:
    """The copies of ``user`` that wait or can be fetched at ``at``, newest first."""
    is_there = Q(made_at__gt=at - KEPT) | Q(made_at=None, asked_at__gt=at - GIVEN_UP)
    return Export.objects.filter(is_there, user=user)


def path_of(export: Export) -> Path:
    """Where the file of a copy lies."""
    return folder() / export.file


def folder() -> Path:
    """Where all of them lie."""
    return Path(settings.NEWSROOM_DATA) / "exports"


@task()
def make(export_id: int) -> None:
    """Write the file, put it in its place, and tell the reader."""
    export = Export.objects.select_related("user").filter(pk=export_id, made_at=None).first()
    if export is None:
        return
    if not export.user.is_active:
        # Whoever brings the account back asks anew.
        export.delete()
        return
    name = f"{secrets.token_urlsafe(24)}.zip"
    size = _write(export.user, name)
    waiting = Export.objects.filter(pk=export.pk, made_at=None, user__is_active=True)
    if waiting.update(made_at=timezone.now(), file=name, size=size):
        tell.enqueue(export.pk)
    else:
        (folder() / name).unlink(missing_ok=True)


@task()
def tell(export_id: int) -> None:
    """Say that the copy is ready: the mail leads to the page, not to the data."""
    export = Export.objects.select_related("user").filter(pk=export_id).first()
    if export is None or export.made_at is None or not export.user.is_active:
        return
    context = {
        "privacy_url": settings.SITE_URL + reverse("accounts:privacy"),
        "until": day(export.made_at + KEPT, publication().zone_info),
    }
    account_mail.send("export_ready", to=export.user.email, context=context)


def remove(exports: QuerySet[Export]) -> int:
    """Remove copies with their files. Out: how many."""
    names = list(exports.exclude(file="").values_list("file", flat=True))
    removed, _ = exports.delete()
    for name in names:
        (folder() / name).unlink(missing_ok=True)
    return removed


def _write(user: User, name: str) -> int:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder() / f"{name}.part"
    try:
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            _fill(archive, user)
        draft.rename(folder() / name)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    return (folder() / name).stat().st_size


def _fill(archive: zipfile.ZipFile, user: User) -> None:
    words = README.format(site=publication().name, at=f"{timezone.now():%Y-%m-%d %H:%M} UTC")
    archive.writestr("README.txt", words)
    for table in TABLES:
        rows = list(table.rows(user).values(*table.fields))
        as_json = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr(f"{table.name}.json", as_json)
        archive.writestr(f"{table.name}.csv", csv_text.of(table.fields, _cells(table, rows)))


def _cells(table: Table, rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [[_plain(row[name]) for name in table.fields] for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value
