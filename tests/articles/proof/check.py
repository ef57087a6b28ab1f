"""Asking ``manage.py verify_publications``, and doing what it must find."""

import datetime as dt
import json
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import ProofLink, PublishedArticle, PublishedVersion
from articles.proof import marks
from articles.proof.keys import Key
from tests.cast import make_article, publish


def verify() -> tuple[bool, dict[str, Any]]:
    """Whether the command was content, and its report."""
    out = StringIO()
    try:
        call_command("verify_publications", "--json", stdout=out)
        code = 0
    except CommandError as error:
        code = error.returncode
    assert code in (0, 1)
    return code == 0, json.loads(out.getvalue())


def codes() -> list[str]:
    """What the command finds; it fails exactly when something is wrong."""
    is_content, report = verify()
    assert is_content == report["ok"] == (not report["wrong"])
    return [finding["code"] for finding in report["findings"]]


def texts() -> str:
    return " ".join(finding["text"] for finding in verify()[1]["findings"])


def sql(statement: str, *values: Any) -> int:
    """Past all our code, as somebody with the database and nothing else would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def published_times(count: int, **fields: Any) -> PublishedArticle:
    """A story published so many times, each time with another headline."""
    article = make_article(**fields)
    for number in range(count):
        article.headline = f"Ships wait, day {number + 1}"
        article.save()
        story = publish(article)
    return story


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def put(version: PublishedVersion, **values: Any) -> None:
    """Raw values into one row, by SQL."""
    values = {n: json.dumps(v) if n == "content" else v for n, v in values.items()}
    if not is_postgres():
        values = {
            n: v.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
            if isinstance(v, dt.datetime)
            else v
            for n, v in values.items()
        }
    names = ", ".join(f"{name} = %s" for name in values)
    statement = f"UPDATE articles_publishedversion SET {names} WHERE id = %s"  # noqa: S608
    changed = sql(statement, *values.values(), version.pk)
    assert changed == 1


def drop_version(story: PublishedArticle, number: int) -> None:
    assert sql(
        "DELETE FROM articles_publishedversion WHERE article_id = %s AND number = %s",
        story.article_id,
        number,
    )


def work_out_anew(key: Key) -> None:
    """The whole chain, over the rows as they are now, with ``key``."""
    previous = ""
    for link in ProofLink.objects.order_by("number"):
        version = PublishedVersion.objects.get(article=link.article_id, number=link.version)
        link.content_mac = marks.of_content(version.content, key)
        link.content_hash = version.content_hash
        link.key_id, link.previous = key.id, previous
        previous = link.mark = marks.of_link(link, key)
        sql(
            "UPDATE articles_prooflink SET content_mac = %s, content_hash = %s, key_id = %s, "
            "previous = %s, mark = %s WHERE number = %s",
            link.content_mac,
            link.content_hash,
            link.key_id,
            link.previous,
            link.mark,
            link.number,
        )
    sql(
        "UPDATE articles_proofhead SET mark = %s, key_id = %s, seal = %s",
        previous,
        key.id,
        marks.of_head(link.number, previous, key),
    )
