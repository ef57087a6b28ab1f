"""What names a reader outside of the tables: sessions, results of tasks, mails of the demo."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import EmailChange, User

_SHORTEST_NAME = 4
"""Letters: a shorter name stands in words that have nothing to do with it."""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a reader is known."""

    pk: int
    addresses: frozenset[str]
    name: str

    @property
    def words(self) -> frozenset[str]:
        name = {self.name} if len(self.name) >= _SHORTEST_NAME else set()
        return self.addresses | name


def of(user: User) -> Marks:
    """The marks of ``user``: take them before the rows are gone."""
    return Marks(user.pk, frozenset(addresses_of(user)), user.name)


def own_addresses(user: User) -> set[str]:
    """The addresses that are the account's now."""
    found = set(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
    return {email.lower() for email in found | {user.email}}


def addresses_of(user: User) -> set[str]:
    """Those, and every other that it had or asked for, as far as they are still known."""
    changes = EmailChange.objects.filter(user=user).values_list("old_email", "new_email")
    return own_addresses(user) | {email.lower() for pair in changes for email in pair}


def remove(marks: Marks) -> None:
    """Remove all that carries one of the marks."""
    for session in _sessions_of(marks):
        session.delete()
    _results_of(marks)
    for path in mail_files():
        content = path.read_bytes().lower()
        if any(address.encode() in content for address in marks.addresses):
            path.unlink(missing_ok=True)


def mail_files() -> list[Path]:
    """The mails that the demo keeps as files."""
    folder = Path(settings.EMAIL_FILE_PATH)
    return sorted(folder.glob("*.log")) if folder.is_dir() else []


def _sessions_of(marks: Marks) -> Iterator[Session]:
    for session in Session.objects.iterator(chunk_size=500):
        held = session.get_decoded()
        if _is_of(held, marks):
            yield session


def _is_of(held: dict[str, Any], marks: Marks) -> bool:
    if held.get(SESSION_KEY) == str(marks.pk):
        return True
    login = held.get(LOGIN_SESSION_KEY) or {}
    if login.get("user_pk") == user_pk_to_url_str(User(pk=marks.pk)):
        return True
    text = json.dumps(held, ensure_ascii=False, default=str).lower()
    return any(word.lower() in text for word in marks.words)


def _results_of(marks: Marks) -> None:
    """Finished tasks alone: what still waits finds the account gone."""
    done = [TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    rows = DBTaskResult.objects.filter(status__in=done).annotate(
        given=Cast("args_kwargs", TextField()), answer=Cast("return_value", TextField())
    )
    for word in marks.words:
        named = Q(given__icontains=word) | Q(answer__icontains=word) | Q(traceback__icontains=word)
        rows.filter(named).delete()
