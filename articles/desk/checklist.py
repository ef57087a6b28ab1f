"""What is missing before publishing, as the list beside the text.

The rules stand in ``articles.desk.rules``; this only puts their findings into words and links.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from articles.desk import picture_rules
from articles.desk.rules import Finding, Findings


@dataclass(frozen=True, slots=True)
class Check:
    """One line. ``to`` is the field's place on the page, ``test`` what the browser re-checks."""

    text: str
    to: str
    ok: bool
    kind: str
    test: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    to: str
    codes: tuple[str, ...]
    test: str = ""
    kind: str = "must"


# Said by the server in full: the browser cannot test them, and each picture has its own.
_PICTURES = (
    *("picture_credit", "picture_licence", "picture_alt", "figure_gone"),
    *picture_rules.CODES,
)
_TAKEAWAYS = ("takeaway_long", "takeaway_empty")
_LINES = (
    _Line("Headline", "headline", ("headline",), "filled"),
    _Line("Section", "section", ("section",), "filled"),
    _Line("At least one author", "bylines", ("author",), "rows"),
    _Line("Body text", "body", ("body",), "filled"),
    _Line("Address", "slug", ("slug",), "filled"),
    _Line("Credit, licence, rights and alt text of pictures", "lead_image", _PICTURES),
    _Line("Takeaways of up to 300 characters", "takeaways", _TAKEAWAYS, "short"),
    _Line("Key takeaways", "takeaways", ("no_takeaways",), "rows", "hint"),
    _Line("Standfirst", "standfirst", ("no_standfirst",), "filled", "hint"),
    _Line("A source readers can check", "sources", ("no_source",), "rows", "hint"),
    _Line("Topics", "topics", ("no_topics",), "filled", "hint"),
    _Line("Headline within 110 characters", "headline", ("headline_long",), "fits", "hint"),
)
_ROWS = {"bylines", "takeaways", "sources"}


def anchor(field: str) -> str:
    """The place of a form's field on the page, as a link."""
    return f"#{field}-group" if field in _ROWS else f"#id_{field}"


def checks(findings: Findings | None) -> list[Check]:
    """The list for these findings; without any (a new story) all that is typed is missing."""
    if findings is None:
        return [_check(line, failed=bool(line.test) and line.test != "fits") for line in _LINES]
    found = {f.code for f in (*findings.missing, *findings.doubts)}
    known = {code for line in _LINES for code in line.codes} - {*_PICTURES}
    lines = [_check(line, failed=not found.isdisjoint(line.codes)) for line in _LINES]
    lines = [check for check in lines if check.ok or check.test]
    return [*_said(findings.missing, known, "must"), *lines, *_said(findings.doubts, known, "hint")]


def _check(line: _Line, *, failed: bool) -> Check:
    return Check(line.text, anchor(line.to), ok=not failed, kind=line.kind, test=line.test)


def _said(findings: Iterable[Finding], known: set[str], kind: str) -> list[Check]:
    return [
        Check(finding.text.rstrip("."), anchor(finding.field), ok=False, kind=kind)
        for finding in findings
        if finding.code not in known
    ]
