"""Reads the demo's content: TOML tables, and HTML files with TOML front matter."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CONTENT = HERE / "content"
PICTURES = HERE / "pictures"

FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Document:
    """A file of text: the facts from its front matter, and its body as HTML."""

    name: str
    facts: dict[str, Any]
    body: str


def table(name: str) -> dict[str, Any]:
    """The facts of ``content/<name>.toml``."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def documents(folder: str) -> Iterator[Document]:
    """The files of ``content/<folder>/``, in the order of their names."""
    for path in sorted((CONTENT / folder).glob("*.html")):
        yield parse(path.stem, path.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Document:
    """Part a file into front matter and body. Raises ``ValueError`` if the fences are missing."""
    try:
        before, facts, body = text.split(FENCE, 2)
    except ValueError:
        raise ValueError(f"{name}: the front matter has no fences of {FENCE.strip()}.") from None
    if before:
        raise ValueError(f"{name}: there is text above the front matter.")
    return Document(name, tomllib.loads(facts), body.strip())
