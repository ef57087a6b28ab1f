"""The house keeps its own rules: who may import, read and write what (docs/developers.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = {
    "PublishedArticle",
    "PublishedVersion",
    "SectionListing",
    "AuthorListing",
    "TopicListing",
}
WORKING = {"Article", "Byline", "Takeaway", "Source", "Revision"}
WRITES = {
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
}
READS = {"live", "on_fronts", "retracted"}
# What the search index holds is no answer to a reader: its engines ask for the time themselves.
# And when the next one comes out is a time, without a word of it.
READERS_OF_MORE = {
    # The address of a story that was just taken down, to purge it.
    Path("newsroom/purging/paths.py"): {"filter"},
    Path("articles/site/search/index.py"): {"indexed"},
    Path("articles/site/moments.py"): {"indexed"},
}
# The one writer; and the demo's and the tests' rows go through it, too. What was published is
# taken back word by word in one place more, where the law asks for it.
WRITERS = (Path("articles/publishing"), Path("articles/proof/erasure.py"))
# Rows that are added in one place each, and changed in none.
WRITTEN_ONCE = {
    "Event": Path("articles/events.py"),
    "ProofLink": Path("articles/proof/chain.py"),
}
ADDS = {"create", "bulk_create"}


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if "migrations" not in relative.parts:
                yield relative, ast.parse(path.read_text())


def chain(node: ast.expr) -> list[str]:
    """``PublishedArticle.objects.filter(…).update`` → its names, root first."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return [*names, node.id][::-1]
        else:
            return names[::-1]


def calls(tree: ast.Module) -> Iterator[list[str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield chain(node.func)


def written_outside_the_door(path: Path, tree: ast.Module) -> list[str]:
    if any(path.is_relative_to(room) for room in WRITERS):
        return []
    return [
        f"{path}: {'.'.join(names)}"
        for names in calls(tree)
        if names and names[0] in PUBLIC and "objects" in names and names[-1] in WRITES
    ]


def read_past_live(path: Path, tree: ast.Module) -> list[str]:
    allowed = READS | READERS_OF_MORE.get(path, set())
    return [
        f"{path}: {'.'.join(names)}"
        for names in calls(tree)
        if names[:2] == ["PublishedArticle", "objects"] and not set(names[2:3]) & allowed
    ]


def written_twice(path: Path, tree: ast.Module) -> list[str]:
    """Whatever makes or changes a row of the audit trail or the chain but its one writer."""
    wrong = []
    for names in calls(tree):
        if not names or names[0] not in WRITTEN_ONCE:
            continue
        is_writer = path == WRITTEN_ONCE[names[0]]
        writes = WRITES - ADDS if is_writer else WRITES
        if names[-1] in writes or any(name.startswith("_base") for name in names):
            wrong.append(f"{path}: {'.'.join(names)}")
        elif names == [names[0]] and not is_writer:
            # An instance of one's own, to be saved.
            wrong.append(f"{path}: {names[0]}(…)")
    return wrong


def raw_sql(path: Path, tree: ast.Module) -> list[str]:
    """SQL by hand that names a table of the trail or the chain."""
    tables = ("articles_event", "articles_prooflink", "articles_publishedversion")
    return [
        f"{path}: {node.value[:60]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(table in node.value for table in tables)
    ]


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""


def test_only_publishing_writes_what_readers_see():
    rooms = modules("articles", "accounts", "newsroom")

    assert [line for path, tree in rooms for line in written_outside_the_door(path, tree)] == []


def test_the_trail_and_the_chain_are_added_to_in_one_place_and_changed_in_none():
    rooms = list(modules("articles", "accounts", "newsroom"))

    assert [line for path, tree in rooms for line in written_twice(path, tree)] == []
    assert [line for path, tree in rooms for line in raw_sql(path, tree)] == []


def test_readers_pages_ask_for_live_stories_only():
    rooms = modules("articles/site", "accounts", "newsroom")

    assert [line for path, tree in rooms for line in read_past_live(path, tree)] == []


def test_nothing_of_the_site_knows_the_desk_or_the_working_copy():
    wrong = [
        f"{path}: {module} {name}"
        for path, tree in modules("articles/site")
        for module, name in imports(tree)
        if module.startswith(("articles.desk", "articles.publishing"))
        or (module.startswith("articles.models") and name in WORKING)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("PublishedArticle.objects.filter(pk=1).update(headline='x')", written_outside_the_door),
        ("TopicListing.objects.create(topic=1)", written_outside_the_door),
        ("PublishedArticle.objects.filter(path='/')", read_past_live),
        ("PublishedArticle.objects.all()", read_past_live),
        ("PublishedArticle.objects.indexed()", read_past_live),
        ("Event.objects.create(kind='x')", written_twice),
        ("Event.objects.filter(pk=1).update(note='x')", written_twice),
        ("Event._base_manager.all().delete()", written_twice),
        ("Event(kind='x').save()", written_twice),
        ("ProofLink.objects.bulk_create([])", written_twice),
        ("cursor.execute('UPDATE articles_event SET note = 1')", raw_sql),
    ],
)
def test_the_checks_see_what_they_forbid(code, check):
    assert check(Path("articles/site/views.py"), ast.parse(code)) != []


def test_no_module_is_longer_than_four_hundred_lines():
    long = {
        str(path): lines
        for room in ("articles", "accounts", "newsroom")
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    }

    assert long == {}
