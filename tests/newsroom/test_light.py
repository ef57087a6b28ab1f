"""A server process is as small as can be: there are some on each machine."""

import os
import subprocess
import sys

from tests.live import ROOT

HEAVY = {"cryptography", "fido2", "httpx", "stripe"}


def test_a_process_that_serves_readers_does_without_libraries_that_no_reader_needs(tmp_path):
    code = """
import sys
from newsroom.wsgi import application
from django.urls import get_resolver
import newsroom.masthead
get_resolver().reverse_dict
print(*{name.split(".")[0] for name in sys.modules})
"""
    own = {"NEWSROOM_MODE": "test", "NEWSROOM_DATA": str(tmp_path), "EDGE": "1"}
    command = [sys.executable, "-c", code]
    environment = os.environ | own | {"DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}"}
    told = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(told.stdout.split())
    assert "articles" in loaded
    assert not loaded & HEAVY
