"""Ctrl-C and SIGTERM, sent to the real command; and workers, which never outlive it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.kill import await_end, children
from benchmarks.onlooker import rows_of, unfinished

TESTS = str(Path(__file__).parents[1])

COMMAND = f"""
import sys, time
sys.path[:0] = [{TESTS!r}]
import standin
from ingest import runner
from ingest.cli import main
runner.FIRST_CHUNK = runner.LARGEST_CHUNK = 4
runner.load_rules = lambda *overlays: None
runner.rules_cleaner = standin.load_for_rules
exec(sys.argv.pop(1))
main()
"""


@pytest.fixture
def pages(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.txt").write_text(f"slow {number}")
    return folder


def start(pages: Path, out: Path, *options: str, first: str = "") -> subprocess.Popen[str]:
    """The command in a process group of its own, once it has made some rows visible."""
    command = [sys.executable, "-c", COMMAND, first, "run", str(pages), "--out", str(out), *options]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: out.exists() and bool(rows_of(str(out))))
    return process


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    "to, number, code, jobs",
    [
        (os.kill, signal.SIGINT, 130, "0"),
        (os.killpg, signal.SIGINT, 130, "2"),  # as a terminal does it
        (os.kill, signal.SIGTERM, 143, "2"),
        (os.killpg, signal.SIGTERM, 143, "2"),  # as systemd does it
    ],
)
def test_a_signal_ends_the_run_in_good_order(tmp_path, pages, to, number, code, jobs):
    out = tmp_path / "out"
    process = start(pages, out, "--jobs", jobs)
    workers = children(process.pid)
    to(process.pid, number)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == code and "the same command goes on from there" in complaint
    await_end(workers)
    kept = rows_of(str(out))
    assert 0 < len(kept) < 120 and unfinished(str(out)) == []
    (summary,) = (out / "runs").glob("*.json")
    content = json.loads(summary.read_text())
    assert (content["status"], content["records"]) == ("interrupted", len(kept))
    process = start(pages, out, "--jobs", "2", "--quiet")
    assert process.wait(120) == 0 and len(rows_of(str(out))) == 120
    process.stderr.close()


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once(tmp_path, pages, second):
    never_ends = (
        "runner.write_summary = lambda *arguments: (print('ending', file=sys.stderr), time.sleep(600))"
    )
    process = start(pages, tmp_path / "out", "--jobs", "2", first=never_ends)
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline() == "ending\n"
    assert process.poll() is None
    process.send_signal(second)
    assert process.wait(5) == 128 + second
    assert len(rows_of(str(tmp_path / "out"))) > 0
    process.stderr.close()


@pytest.mark.parametrize("text", ["spin", "sleep"])
def test_a_worker_that_is_stuck_ends_with_its_parent(tmp_path, text):
    """It does not look at its pipe, and its own limits are far away."""
    pages = tmp_path / "in"
    pages.mkdir()
    (pages / "000.txt").write_text("one")
    for number in range(1, 8):
        (pages / f"{number:03}.txt").write_text(text)
    process = start(pages, tmp_path / "out", "--jobs", "2", first="runner.FIRST_CHUNK = 1")
    wait_for(lambda: len(children(process.pid)) == 2)
    workers = children(process.pid)
    process.kill()
    process.wait()
    process.stderr.close()
    await_end(workers, 3)
