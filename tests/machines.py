"""The two machines that judge our pages: axe-core (accessibility) and the Nu checker (HTML).

Both come by ``npm install`` of the versions in package.json; without them their tests are skipped,
except in CI.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

NODE_MODULES = Path(__file__).resolve().parent.parent / "node_modules"
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
VNU = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"

# The default rules, and the one that axe keeps for WCAG 2.2 AA.
AXE_OPTIONS = {"rules": {"target-size": {"enabled": True}}}


def axe_violations(page: Any) -> list[str]:
    """What axe-core finds wrong with a Playwright page, one line a place. Empty is good."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install")
    page.evaluate(AXE.read_text())
    found = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def nu_errors(pages: Mapping[str, str]) -> list[str]:
    """What the Nu checker finds wrong with whole pages (name to HTML). Empty is good."""
    java = shutil.which("java")
    if not VNU.exists() or java is None:
        pytest.skip("The Nu checker is not installed: npm install, and a Java")
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.html" for number in range(len(pages))]
        for file, html in zip(files, pages.values(), strict=True):
            file.write_text(html, encoding="utf-8")
        result = subprocess.run(
            [java, "-jar", str(VNU), "--format", "json", *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
        )
    names = {file.name: name for file, name in zip(files, pages, strict=True)}
    return [
        f"{names[Path(message['url']).name]}:{message.get('lastLine', '?')} {message['message']} "
        f"({message.get('extract', '')})"
        for message in json.loads(result.stderr)["messages"]
        if message["type"] == "error" or message.get("subType") == "fatal"
    ]
