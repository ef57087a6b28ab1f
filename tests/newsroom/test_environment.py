"""The environment: every variable is documented, and every bad value is named."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"""\benv\.\w+\(\s*["']([A-Z0-9_]+)["']""")
DOCUMENTED = re.compile(r"^#?([A-Z0-9_]+)=", re.MULTILINE)

PRODUCTION = {
    "NEWSROOM_MODE": "production",
    "SECRET_KEY": "a newsroom keeps its sources, and its keys, to itself: 0123456789",
    "PROOF_KEY": "what was printed stays printed, whoever holds the ledger: 0123456789",
    "SUPPRESSION_KEY": "who left is left alone, and nobody can say who that was: 0123456789",
    "SITE_URL": "https://news.example",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "DEFAULT_FROM_EMAIL": "desk@news.example",
}


def manage(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with this environment and nothing of ours."""
    clean = {"PATH": os.environ["PATH"], "NEWSROOM_DATA": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_variable_of_the_settings_is_in_the_example_and_no_other():
    source = (ROOT / "newsroom" / "settings.py").read_text()
    read = set(VARIABLE.findall(source))
    assert {"SECRET_KEY", "DATABASE_URL", "DEBUG", "EMAIL_URL"} <= read
    assert set(DOCUMENTED.findall((ROOT / ".env.example").read_text())) == read


def test_nothing_but_the_settings_reads_our_variables():
    strays = [
        f"{path.name}: {line.strip()}"
        for app in ("newsroom", "accounts", "articles")
        for path in (ROOT / app).rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"""os\.environ\.get\(["']|getenv\(""", line)
    ]
    assert strays == []


def test_a_clone_without_any_variable_passes_its_checks(tmp_path):
    result = manage(tmp_path, "check")
    assert result.returncode == 0, result.stderr
    for name in ("secret_key", "proof_key"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_production_with_all_it_needs_passes_its_checks(tmp_path):
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "", "newsroom.E005"),
        ("SECRET_KEY", "short", "newsroom.E005"),
        ("PROOF_KEY", "", "newsroom.E010"),
        ("PROOF_KEY", "short", "newsroom.E010"),
        ("PROOF_KEY", PRODUCTION["SECRET_KEY"], "newsroom.E010"),
        ("SUPPRESSION_KEY", "", "newsroom.E014"),
        ("SUPPRESSION_KEY", PRODUCTION["PROOF_KEY"], "newsroom.E014"),
        ("SITE_URL", "http://news.example", "newsroom.E006"),
        ("EMAIL_URL", "", "newsroom.E007"),
        ("EMAIL_URL", "consolemail://", "newsroom.E007"),
        ("DEFAULT_FROM_EMAIL", "newsroom@localhost", "newsroom.E008"),
    ],
)
def test_production_refuses_to_start_without_what_it_needs(tmp_path, name, value, expected):
    result = manage(tmp_path, "prepare", **(PRODUCTION | {name: value}))
    assert result.returncode == 1
    assert expected in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "static").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://somewhere/else"),
        ("EMAIL_URL", "pigeon://loft"),
        ("LOG_LEVEL", "chatty"),
        ("NEWSROOM_MODE", "prod"),
        ("SITE_URL", "news.example"),
        ("MEDIA_S3_ENDPOINT", "https://s3.example"),
        ("SITE_URL", "https://news.example/under/here"),
    ],
)
def test_a_value_nobody_can_read_is_named_and_refused(tmp_path, name, value):
    result = manage(tmp_path, "check", **{name: value})
    assert result.returncode == 1
    assert name in result.stderr
    assert "Traceback" not in result.stderr


def test_a_data_folder_that_cannot_be_made_is_named_and_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = manage(tmp_path, "check", NEWSROOM_DATA=str(tmp_path / "file" / "data"))
    assert result.returncode == 1
    assert "newsroom.E004" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_server_that_runs_no_command_refuses_a_broken_production_too(tmp_path):
    result = subprocess.run(
        [sys.executable, "-c", "import newsroom.wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "NEWSROOM_DATA": str(tmp_path)}
        | (PRODUCTION | {"SITE_URL": "http://news.example"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "newsroom.E006" in result.stderr
