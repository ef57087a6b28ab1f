"""Which statement changes what readers see. Unknown tables do: only what is listed does not."""

import re
from enum import IntEnum
from typing import Any


class Touch(IntEnum):
    """What a statement changes: nothing that pages show, a list, stories, or something any page
    shows."""

    NOTHING = 0
    LISTS = 1
    STORIES = 2
    SITE = 3


def _of(app: str, *models: str) -> frozenset[str]:
    return frozenset(f"{app}_{model}" for model in " ".join(models).split())


# The act says which story it is (``content_changing``).
STORIES = {"search_index"} | _of(
    "articles",
    "publishedarticle publishedversion sectionlisting authorlisting topiclisting",
    "correction redirect",
)
# Lists that hang on no story: what shows one ends, and pages of stories may lag behind.
LISTS = _of("articles", "mostread")
# The desk's working copy, which readers never see, and its trail.
DESK = (
    _of(
        "articles",
        "article article_topics byline takeaway source revision keptpost announcement event",
        "deskpreference presence previewlink previewvisit prooflink proofhead",
        "formerfile formername hourlyreads",
    )
    | _of("newsroom", "periodicjob workerlease purge")
    | {"django_admin_log"}
)
# Of single readers: shown on private pages alone. Three of them decide what a reader may see.
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
# What is asked to find out who reads and what they may (``Visit``), and the columns of it that say
# nothing of that. Sessions end by their rows, too, but those of single ones come and go all day:
# who signs out ends the device with it.
LEVELS = {
    "accounts_user": frozenset({"last_login", "name", "wants_story_mail"}),
    "accounts_device": frozenset({"last_seen_at", "name", "place"}),
    "accounts_subscription": frozenset[str](),
}
ANY_TABLE = "*"

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
_SETS = re.compile(
    r'UPDATE\s+"\w+"\s+SET\s+((?:"\w+"\s*=\s*(?:%s|NULL)(?:,\s*)?)+)\s*WHERE\b', re.IGNORECASE
)
_COLUMN = re.compile(r'"(\w+)"')
_ENDS_SESSIONS = re.compile(r'DELETE\s+FROM\s+"?django_session"?', re.IGNORECASE)
_OF_ONE_OR_OLD = re.compile(r'WHERE\s+"django_session"\."(session_key|expire_date)"', re.IGNORECASE)
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
    if table in LISTS:
        return Touch.LISTS
    return Touch.STORIES if table in STORIES else Touch.SITE


def decides_level(sql: str) -> str | None:
    """The table whose rows a statement changes so that readers may see less or more; ``*`` for one
    that is not understood, None for one that changes no such thing."""
    if _READS.match(sql):
        return None
    if _WITH.match(sql):
        tables = {table.lower() for _, table in _WRITES.findall(sql)}
        return None if tables.isdisjoint(LEVELS) else ANY_TABLE
    if not _BEGINS_WRITING.match(sql) or not (found := _WRITES.match(sql.lstrip())):
        return ANY_TABLE
    verb, table = found[1].upper(), found[2].lower()
    if table == "django_session":
        return ANY_TABLE if _ends_many_sessions(sql) else None
    if table not in LEVELS or (table != "accounts_subscription" and _only_adds(verb, sql)):
        return None
    return None if _sets_nothing_of_it(sql, LEVELS[table]) else table


def _only_adds(verb: str, sql: str) -> bool:
    """Whether the rows so far stay as they are. A new account or device takes nothing from any."""
    return verb == "INSERT INTO" and "CONFLICT" not in sql.upper()


def _sets_nothing_of_it(sql: str, harmless: frozenset[str]) -> bool:
    found = _SETS.match(sql)
    return found is not None and harmless.issuperset(_COLUMN.findall(found[1]))


def _ends_many_sessions(sql: str) -> bool:
    return bool(_ENDS_SESSIONS.match(sql.lstrip())) and not _OF_ONE_OR_OLD.search(sql)
