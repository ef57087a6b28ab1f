"""``python -m tests.bench.plots REPORT``: ``docs/performance.md`` and its pictures, from a report.

Pictures are SVG that follows the reader's light or dark; the table beside has the same figures.
"""

import json
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

DOCS = Path("docs")
_WIDTH, _LINE, _NAME, _VALUE = 720, 26, 300, 90
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}rect{fill:#2b6e8a}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}rect{fill:#6fb7d3}}"
)

MEANINGS = {
    "anonymous_vs_nginx_cpu": "CPU of nginx for a file, by that of a story's page: goal 0.40, 0.65",
    "anonymous_vs_nginx_cpu_crowd": "the same by 64 connections at a time, instead of 8",
    "anonymous_through_nginx_vs_nginx_cpu": "the same with our nginx before it: goal 0.9",
    "anonymous_through_nginx_vs_nginx_cpu_crowd": "the same by 64 connections, instead of 8",
    "front_vs_nginx_cpu": "the front page against nginx with its bytes",
    "section_vs_nginx_cpu": "a section's page against nginx with its bytes",
    "feed_vs_nginx_cpu": "a feed against nginx with its bytes",
    "anonymous_vs_plain_django_cpu": "CPU of plain Django with its page cache, by that of ours",
    "warm_vs_cold_cpu": "CPU of a page that Django makes, by that of one that is held",
    "subscriber_vs_anonymous_cpu": "CPU of a subscriber's premium story, by anyone's: goal 1.25",
    "publishing_vs_quiet": "requests a second while ten stories a second go out: goal 0.95",
    "publishing_vs_quiet_cpu": "the same by CPU a request",
    "publish_cpu_ms": "ms of CPU of the desk for each of these stories, beside that load",
    "visible_p95_ms": "ms from the commit until every process shows it: goal 100, of 95 in 100",
    "uncached_queries": "queries of a story's page that is not held: goal 5",
    "uncached_cpu_ms": "ms of CPU for it: goal 5",
    "wrong_answers": "answers that contradict what was committed, under fire: goal 0",
    "million_vs_ten_thousand_buffers": "buffers with very many stories, by those with ten thousand",
    "search_p95_ms": "ms of a search among them: goal 100, of 95 in 100",
    "start_seconds": "seconds from the start of the server to its first answer: goal 1.5",
    "worker_pss_mb": "MB of memory of a process that holds 2,000 pages: goal 80",
}


def bars(title: str, values: Iterable[tuple[str, float, str]]) -> str:
    """An SVG of lines: each with a name, a bar as long as its value, and the words for it."""
    lines = list(values)
    most = max((value for _, value, _ in lines), default=1) or 1
    drawn = []
    for turn, (name, value, words) in enumerate(lines):
        top = turn * _LINE + 4
        length = max(1, (_WIDTH - _NAME - _VALUE) * value / most)
        drawn.append(
            f'<text x="{_NAME - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{_NAME}" y="{top}" width="{length:.1f}" height="18"/>'
            f'<text x="{_NAME + length + 6:.1f}" y="{top + 14}">{escape(words)}</text>'
        )
    height = len(lines) * _LINE + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>{''.join(drawn)}</svg>\n"
    )


def page_of(report: dict[str, Any]) -> str:
    """The page in Markdown: ratios, then the rows of what was served."""
    lines = [
        "# What it costs",
        "",
        "Written by `make bench` and `python -m tests.bench.plots`. Only figures of one run "
        "compare. Each is the middle of its rounds, beside the least and the most.",
        "",
        "| | middle | least | most | rounds | what it says |",
        "|---|---|---|---|---|---|",
    ]
    for name, known in report["ratios"].items():
        each = [_short(known[key]) for key in _KEYS] if known else ["not measured", "", "", ""]
        lines.append(f"| `{name}` | {' | '.join(each)} | {MEANINGS.get(name, '')} |")
    lines += ["", "Load of the machine after each part: " + _loads(report) + ".", ""]
    for name, alt in _PICTURES.items():
        lines += [f"![{alt}]({_path(name).relative_to(DOCS).as_posix()})", ""]
    rows = report["rows"]
    lines += _table_of_served(rows.get("served", {}))
    for part, heading in _PLAIN.items():
        if rows.get(part):
            lines += [f"## {heading}", "", *_plain(rows[part]), ""]
    if "scale" in rows:
        lines += _tables_of_scale(rows["scale"])
    return "\n".join(lines)


_KEYS = ("median", "minimum", "maximum", "rounds")
_PICTURES = {
    "cpu": "Microseconds of processor for one request, page by page; the table below has them",
    "speed": "Requests a second, page by page; the table below has them",
}


_PLAIN = {
    "overload": "Four times the searches it can do, beside 200 reads a second",
    "fire": "Under fire: reads while stories, rights and processes come and go",
    "reload": "New versions under load, and ends of the whole newsroom",
}


def _table_of_served(rows: dict[str, Any]) -> list[str]:
    lines = [
        "| served | requests a second | CPU µs | p50 ms | p99 ms | wrong answers |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        keys = ("a_second", "cpu_us", "p50_ms", "p99_ms")
        each = " | ".join(_short(row[key]["median"]) for key in keys)
        lines.append(f"| {name} | {each} | {row['wrong'] + row['not_ok']} |")
    return [*lines, ""]


def _plain(rows: dict[str, Any]) -> list[str]:
    """One line for each name: figures of one run, as they were counted."""
    return ["| | |", "|---|---|", *(f"| {name} | {_words(each)} |" for name, each in rows.items())]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(each)}" for name, each in value.items())
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _tables_of_scale(rows: dict[str, Any]) -> list[str]:
    few, many = rows["small"], rows["large"]
    sizes = f"{few['stories']:,} stories | {many['stories']:,}"
    lines = ["## Very many stories", "", f"| blocks that a page reads | {sizes} | ratio |"]
    lines += ["|---|---|---|---|"]
    for name, ratio in rows["buffers"].items():
        both = f"{few['buffers'][name]:,} | {many['buffers'][name]:,}"
        lines.append(f"| {name} | {both} | {ratio:.2f} |")
    for part, what in (("searches", "a search"), ("desk", "a page of the desk")):
        lines += ["", f"| ms of {what}, of 95 in 100 | {sizes} |", "|---|---|---|"]
        for name, each in many[part].items():
            wrong = "" if each.get("is_right", True) else ", WRONG"
            both = f"{_short(few[part][name]['p95'])} | {_short(each['p95'])}"
            lines.append(f"| {name}{wrong} | {both} |")
    lines += ["", "Each search was compared with a plain scan of all stories."]
    return [*lines, ""]


def _loads(report: dict[str, Any]) -> str:
    return ", ".join(f"{part} {each['load'][0]}" for part, each in report["measured"].items())


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _path(name: str) -> Path:
    return DOCS / "pictures" / f"bench-{name}.svg"


def main(report: dict[str, Any]) -> None:
    served = report["rows"].get("served", {})
    for name, key in (("cpu", "cpu_us"), ("speed", "a_second")):
        middles = [(row, each[key]["median"]) for row, each in served.items()]
        _path(name).write_text(
            bars(_PICTURES[name], [(row, value, _short(value)) for row, value in middles])
        )
    (DOCS / "performance.md").write_text(page_of(report))


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
