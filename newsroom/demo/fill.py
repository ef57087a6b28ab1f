"""Filling an empty newsroom with The Meridian, and emptying it again."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.storage import Storage, storages
from django.core.management.color import no_style
from django.db import connection, transaction

from accounts.models import Plan, User
from articles.models import Article, Author, Image, PlainPage, Section, Topic
from articles.proof import files
from articles.site.search import index
from newsroom.demo import drafts, library, paper, people, reads, stories

# Made by migrations, and true of every newsroom.
KEPT_TABLES = {"auth_group", "auth_group_permissions", "auth_permission", "django_content_type"}


@dataclass(frozen=True, slots=True)
class Filled:
    """How much there is now."""

    stories: int
    pictures: int
    accounts: int


def is_empty() -> bool:
    """Whether nobody has begun to work with this newsroom."""
    models = (User, Article, Author, Image, Section, Topic, PlainPage, Plan)
    return not any(model._default_manager.exists() for model in models)


def fill(*, now: dt.datetime) -> Filled:
    """Write The Meridian into an empty database: all of it, or nothing.

    ``now`` (aware) is the moment from which the ages of the stories are counted.
    """
    with transaction.atomic():
        paper.found()
        users = people.open_accounts()
        pictures = library.hang(uploader=users["photo"], now=now)
        try:
            return _write(users, pictures, now=now)
        except BaseException:
            # A rolled back row leaves its file behind.
            for picture in pictures.values():
                picture.file.delete(save=False)
            raise


def _write(users: dict[str, User], pictures: dict[str, Image], *, now: dt.datetime) -> Filled:
    sections = paper.lay_out_sections(pictures)
    authors = people.introduce_authors(portraits=pictures, users=users)
    shelf = stories.Shelf(users, authors, sections, paper.name_topics(), pictures)
    paper.write_pages()
    people.subscribe(users=users, plans=paper.offer_plans(), now=now)
    published = stories.fill_the_paper(shelf, now=now)
    drafts.write_drafts(shelf, now=now)
    reads.read_the_paper(now=now)
    people.follow(users=users, authors=authors, sections=sections)
    return Filled(published, len(pictures), len(users))


def empty() -> None:
    """Remove every row that a migration did not make, every picture file and proof."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - KEPT_TABLES
    statements = connection.ops.sql_flush(no_style(), sorted(tables), reset_sequences=True)
    connection.ops.execute_sql_flush(statements)
    index.rebuild()
    files.remove_all()
    for name in ("default", "renditions"):
        _remove_files(storages[name])


def _remove_files(storage: Storage, folder: str = "") -> None:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        storage.delete(f"{folder}/{name}" if folder else name)
    for name in folders:
        _remove_files(storage, f"{folder}/{name}" if folder else name)
