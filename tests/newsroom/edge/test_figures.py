"""What the server processes have done, summed up over a host, and who gets to see it."""

import os
import subprocess
import sys

import pytest

from newsroom.edge.figures import Figures
from tests import cast
from tests.live import ROOT, LiveSite
from tests.newsroom.edge.readers import Readers

KEY = "a-key-for-the-machines-of-tests"


def test_counts_of_processes_that_ended_stay_in_the_sum_and_their_pages_do_not(tmp_path):
    path = tmp_path / "edge.figures"
    own = Figures(path)
    own.add("hit", 2)
    own.put("pages", 7)
    code = f"""
from pathlib import Path
from newsroom.edge.figures import Figures
figures = Figures(Path({str(path)!r}))
figures.add("hit", 40)
figures.put("pages", 100)
print(figures.of_host()["pages"], figures.of_host()["processes"])
"""
    command = [sys.executable, "-c", code]
    for _ in range(2):
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert told.stdout.split() == ["107", "2"]
    sums = own.of_host()
    assert (sums["hit"], sums["pages"], sums["processes"]) == (82, 7, 1)


def test_a_file_of_another_version_is_put_aside_for_a_new_one(tmp_path):
    path = tmp_path / "edge.figures"
    path.write_bytes(b"\1" * 100)
    assert Figures(path).of_host()["hit"] == 0


def test_more_processes_than_rows_count_for_themselves(tmp_path, monkeypatch):
    path = tmp_path / "edge.figures"
    monkeypatch.setattr("newsroom.edge.figures._lives", lambda pid: pid > 0)
    for number in range(64):
        monkeypatch.setattr(os, "getpid", lambda number=number: 1_000_000 + number)
        Figures(path)
    monkeypatch.setattr(os, "getpid", lambda: 2_000_000)
    late = Figures(path)
    late.add("hit")
    assert late["hit"] == 1
    assert late.of_host()["hit"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", KEY, "Basic " + KEY, "Bearer é"])
def test_without_the_key_there_is_no_such_page(client, settings, given):
    for key in ("", KEY):
        settings.METRICS_KEY = key
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.django_db
def test_with_the_key_machines_get_text_that_nobody_stores(client, settings):
    settings.METRICS_KEY = KEY
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/metrics").status_code in {403, 405}


def test_one_question_is_answered_for_all_processes(transactional_db, live_site: LiveSite):
    path = cast.make_story().path
    live_site.restart(processes=2, EDGE="1", METRICS_KEY=KEY)
    try:
        readers = Readers(live_site.port)

        def figures() -> dict[str, float]:
            text = readers.ask("/metrics", Authorization=f"Bearer {KEY}").text
            lines = [line for line in text.splitlines() if not line.startswith("#")]
            return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

        before = figures()
        readers.warm(path)
        readers.ask("/search/?q=x")
        after = figures()
        grown = {name: after[name] - before[name] for name in after}
        hits, misses = (
            grown[f'newsroom_edge_requests_total{{how="{how}"}}'] for how in ("hit", "miss")
        )
        assert hits + misses == 28
        # Each process made it; one that was very slow, perhaps twice.
        assert misses >= 2
        assert grown['newsroom_edge_requests_total{how="passed"}'] >= 2
        assert grown["newsroom_edge_pages"] == 2
        assert grown["newsroom_edge_bytes"] > 2000
        # The process of the tests may be one more.
        assert after["newsroom_processes"] >= 2
        assert grown['newsroom_django_seconds_count{share="pages"}'] == misses + 1
        assert grown['newsroom_django_seconds_sum{share="pages"}'] > 0
        assert readers.ask("/metrics").status == 404
    finally:
        live_site.stop()
