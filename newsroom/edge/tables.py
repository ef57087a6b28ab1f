"""Which statement changes what readers see. Unknown tables do: only what is listed does not."""

import re
from enum import IntEnum
from typing import Any


class Touch(IntEnum):
    """What a statement changes: nothing that pages show, stories, or something any page shows."""

    NOTHING = 0
    STORIES = 1
    SITE = 2


def _of(app: str, *models: str) -> frozenset[str]:
    return frozenset(f"{app}_{model}" for model in " ".join(models).split())


# The act says which story it is (``content_changing``).
STORIES = {"search_index"} | _of(
    "articles",
    "publishedarticle publishedversion sectionlisting authorlisting topiclisting",
    "correction redirect",
)
# The desk's working copy, which readers never see, and its trail.
DESK = (
    _of(
        "articles",
        "article article_topics byline takeaway source revision keptpost announcement event",
        "deskpreference presence previewlink previewvisit prooflink proofhead",
        "formerfile formername",
    )
    | _of("newsroom", "periodicjob workerlease purge")
    | {"django_admin_log"}
)
# Of single readers: shown on private pages alone.
READERS = (
    _of(
        "accounts",
        "user user_groups user_user_permissions device deviceoverride opening follow delivery",
        "subscription customer payment mirror checkout providerevent providerprice moneymail",
        "demosession demosubscription emailchange codetries export closing suppressed",
        "deskreport note merger",
    )
    | _of("account", "emailaddress emailconfirmation")
    | _of("auth", "group group_permissions permission")
    | _of("django", "content_type session tasks_database_dbtaskresult")
    | {"mfa_authenticator"}
)
_UNSEEN = DESK | READERS

_READS = re.compile(
    r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA|EXPLAIN|SET|SHOW|LOCK|ANALYZE"
    r"|DECLARE|FETCH|CLOSE|LISTEN|UNLISTEN|NOTIFY)\b",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"\b(INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|DELETE\s+FROM|(?<!FOR )UPDATE)\s+(?:ONLY\s+)?"
    r'"?(\w+)"?',
    re.IGNORECASE,
)
_BEGINS_WRITING = re.compile(r"\s*(INSERT|REPLACE|DELETE|UPDATE)\b", re.IGNORECASE)
# These refuse to run in a transaction, and change no row.
_STANDS_ALONE = re.compile(
    r"\s*(VACUUM|REINDEX|CLUSTER|ALTER\s+SYSTEM|(CREATE|DROP)\s+(DATABASE|TABLESPACE)\b"
    r"|(CREATE|DROP)\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY)",
    re.IGNORECASE,
)
_WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)


def touched_by(sql: str) -> Touch:
    """What a statement changes, by its first words. Whatever is not understood changes the site."""
    if _READS.match(sql):
        return Touch.NOTHING
    if _WITH.match(sql):
        writes = [found for found in _WRITES.findall(sql) if found[1].upper() != "SET"]
        return max((_touch(*found) for found in writes), default=Touch.NOTHING)
    if _BEGINS_WRITING.match(sql) and (found := _WRITES.match(sql.lstrip())):
        return _touch(*found.groups())
    return Touch.SITE


def stands_alone(sql: Any) -> bool:
    """Whether a statement must not run in a transaction."""
    return isinstance(sql, str) and _STANDS_ALONE.match(sql) is not None


def _touch(verb: str, table: str) -> Touch:
    table = table.lower()
    # A new picture is on no page: the story that takes it says so itself.
    if table in _UNSEEN or (table == "articles_image" and verb.upper().startswith("INSERT")):
        return Touch.NOTHING
    return Touch.STORIES if table in STORIES else Touch.SITE
