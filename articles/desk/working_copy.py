"""Writing a whole content into the working copy: a restored, merged, corrected or copied text."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from articles.desk import revisions
from articles.models import Article, Author, Byline, Image, Section, Source, Takeaway, Topic

_ROWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "bylines": (Byline, ("role",)),
    "takeaways": (Takeaway, ("label", "text")),
    "sources": (Source, ("title", "publisher", "url")),
}


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that a content points at and that is no more, as ("section", 7)."""

    kind: str
    number: Any


def write(article: Article, content: dict[str, Any]) -> list[Gone]:
    """Make the working copy say ``content`` (in the shape of ``revisions.snapshot``).

    What the content does not name stays. References to sections, pictures, authors and topics that
    are gone meanwhile are left out and returned. Call it under the story's lock, and keep a
    revision afterwards: this one writes the story and its rows only. Raises ``ValidationError``
    when a value does not fit its field.
    """
    gone: list[Gone] = []
    for name in revisions.FIELDS:
        if name in content:
            setattr(article, name, content[name])
    for name, model in (("section", Section), ("lead_image", Image)):
        if name in content:
            setattr(article, f"{name}_id", _living(model, name, content[name], gone))
    article.clean_fields(exclude=[f.name for f in Article._meta.fields if f.name not in content])
    article.save()
    if "topics" in content:
        article.topics.set(_all_living(Topic, "topics", content["topics"], gone))
    for kind in _ROWS:
        if kind in content:
            _write_rows(article, kind, content[kind], gone)
    return gone


def _write_rows(article: Article, kind: str, rows: list[dict[str, Any]], gone: list[Gone]) -> None:
    model, names = _ROWS[kind]
    authors: set[int] = set()
    if kind == "bylines":
        wanted = [row["author"] for row in rows]
        authors = set(_all_living(Author, "author", wanted, gone))
    made: list[Any] = []
    for row in rows:
        if kind == "bylines" and row["author"] not in authors:
            continue
        values = {name: row.get(name, "") for name in names}
        if kind == "bylines":
            values["author_id"] = row["author"]
        uid = row.get("uid") or uuid.uuid4()
        made.append(model(article=article, uid=uid, position=len(made), **values))
        _check_row(kind, made[-1])
    model.objects.filter(article=article).delete()
    model.objects.bulk_create(made)


def _check_row(kind: str, row: Any) -> None:
    try:
        row.clean_fields(exclude=["article", "author"])
    except ValidationError as error:
        place = f"Row {row.position + 1}"
        problems = [
            f"{place}, {name}: {message}"
            for name, messages in error.message_dict.items()
            for message in messages
        ]
        raise ValidationError({kind: problems}) from error


def _living(model: Any, kind: str, number: Any, gone: list[Gone]) -> int | None:
    if number in (None, ""):
        return None
    found = _all_living(model, kind, [number], gone)
    return found[0] if found else None


def _all_living(model: Any, kind: str, numbers: list[Any], gone: list[Gone]) -> list[int]:
    """The numbers of things that there are, in their order, each once."""
    wanted = [number for number in dict.fromkeys(numbers) if isinstance(number, int)]
    there = set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    gone += [Gone(kind, number) for number in dict.fromkeys(numbers) if number not in there]
    return [number for number in wanted if number in there]
