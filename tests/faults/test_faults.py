"""What a machine can do to a run, done to real runs. What pages can do to it is in `tests/test_runner.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import standin

from ingest import lock
from ingest.chunk import Limits
from ingest.digest import digest
from ingest.errors import StoreError
from ingest.runner import run
from ingest.store import read, read_rejects

QUICK = Limits(cpu_seconds=5, wall_seconds=60)
TESTS = Path(__file__).parents[1]


def go(pages, out, jobs=1, **options):
    return run(pages, out=out, jobs=jobs, limits=QUICK, load_cleaner=standin.load_cleaner, **options)


def write_pages(folder: Path, *texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number:03}.txt").write_text(text)
    return folder


def sources(out) -> list[str]:
    """The names of all sources with a row, each once for each row."""
    tables = [read(out).to_table(columns=["source"]), read_rejects(out).to_table(columns=["source"])]
    return sorted(Path(source).name for table in tables for source in table["source"].to_pylist())


def unfinished(out: Path) -> list[Path]:
    return [file for folder in ("records", "rejects", "runs") for file in (out / folder).glob(".*")]


# Outputs


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of half a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs to be root, and allowed to mount")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def noise(number: int) -> str:
    """A page that no compression makes small."""
    return "".join(digest(b"%d %d" % (number, line)) for line in range(300))


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_full_disk_ends_the_run_and_the_next_completes_it(tmp_path, small_disk, jobs):
    pages = write_pages(tmp_path / "in", *map(noise, range(100)))
    out = small_disk / "out"
    with pytest.raises(
        StoreError, match=r"Cannot write to .*: No space left on device\. What is finished is kept\."
    ):
        go(pages, out, jobs)
    kept = sources(out)
    assert 0 < len(kept) < 100 and unfinished(out) == []
    with pytest.raises(StoreError, match="No space left"):
        go(pages, out, jobs)
    subprocess.run(["mount", "-o", "remount,size=50m", small_disk], check=True)
    summary = go(pages, out, jobs)
    assert summary.skipped >= len(kept) and sources(out) == sorted(path.name for path in pages.iterdir())


def test_a_quota_for_files_ends_the_run(tmp_path):
    """A limit of the kernel on the size of files, where no disk can be mounted: the write fails in the middle."""
    pages = write_pages(tmp_path / "in", *map(noise, range(40)))
    code = f"""
import resource, signal, sys
sys.path[:0] = [{str(TESTS)!r}]
import standin
from ingest.errors import StoreError
from ingest.runner import run
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
try:
    run({str(pages)!r}, out={str(tmp_path / "out")!r}, jobs=0, load_cleaner=standin.load_cleaner)
except StoreError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.startswith("Cannot write to ") and "File too large" in said
    assert unfinished(tmp_path / "out") == []
    go(pages, tmp_path / "out")
    assert len(sources(tmp_path / "out")) == 40


@pytest.fixture
def read_only(tmp_path) -> Iterator[Path]:
    """A file system that refuses to be written, also by root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("needs to be root, and allowed to mount")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_an_output_that_turns_read_only_is_said_and_can_be_read(tmp_path, read_only):
    pages = write_pages(tmp_path / "in", "one")
    out = read_only / "out"
    go(pages, out)
    subprocess.run(["mount", "-o", "remount,ro", read_only], check=True)
    write_pages(tmp_path / "in", "one", "two")
    for place in (out, read_only / "other"):
        with pytest.raises(StoreError, match=f"Cannot write to {place}.*: Read-only file system"):
            go(pages, place)
    assert sources(out) == ["000.txt"]
    subprocess.run(["mount", "-o", "remount,rw", read_only], check=True)
    go(pages, out)
    assert sources(out) == ["000.txt", "001.txt"]


@pytest.mark.parametrize("jobs", [0, 2])
@pytest.mark.parametrize("again", [False, True])
def test_an_output_that_vanishes_ends_the_run(tmp_path, jobs, again):
    """Also when another dataset was begun in its place: nothing of this run gets into that."""
    pages = write_pages(tmp_path / "in", *["slow"] * 100)
    out = tmp_path / "out"

    def vanish(count):
        shutil.rmtree(out, ignore_errors=True)
        if again and not out.exists():
            go(write_pages(tmp_path / "other", "one"), out, 0)

    with pytest.raises(StoreError, match="Cannot write to"):
        go(pages, out, jobs, progress=vanish)
    if again:
        assert sources(out) == ["000.txt"]
    go(pages, out, 2)
    assert len(sources(out)) == 100 + again and unfinished(out) == []


# Sources


def stored_digests(out) -> list[str]:
    return read(out).to_table(columns=["source_digest"])["source_digest"].to_pylist()


def test_a_source_that_disappears_is_a_row_and_comes_back_later(tmp_path):
    pages = write_pages(tmp_path / "in", *["slow"] * 40)

    def take_the_rest(count):
        for page in sorted(pages.iterdir())[30:]:
            page.unlink()

    go(pages, tmp_path / "out", 0, progress=take_the_rest)
    assert len(sources(tmp_path / "out")) == 40
    refused = read_rejects(tmp_path / "out").to_table(columns=["reason", "detail"]).to_pylist()
    assert refused == [{"reason": "unreadable", "detail": "No such file or directory"}] * 10
    write_pages(pages, *["slow"] * 40)
    assert go(pages, tmp_path / "out").records == 10


def test_a_source_that_is_truncated_is_the_row_of_what_was_read(tmp_path):
    """The row's digest is that of the bytes it was made of, so the next run knows the whole page as another."""
    pages = write_pages(tmp_path / "in", *["slow"] * 20, "a page that is whole")
    last = pages / "020.txt"

    def truncate(count):
        os.truncate(last, 6)

    go(pages, tmp_path / "out", 0, progress=truncate)
    assert stored_digests(tmp_path / "out").count(digest(b"a page")) == 1
    last.write_text("a page that is whole")
    go(pages, tmp_path / "out")
    assert stored_digests(tmp_path / "out").count(digest(b"a page that is whole")) == 1


def test_sources_that_change_all_the_time_are_rows_of_what_was_read(tmp_path):
    pages = write_pages(tmp_path / "in", *["begin"] * 30)
    write_all_the_time = f"""
import os, pathlib, itertools
for number in itertools.count():
    for page in pathlib.Path({str(pages)!r}).iterdir():
        page.write_text(f"text {{number}} " * (number % 2000))
"""
    writer = subprocess.Popen([sys.executable, "-c", write_all_the_time])
    try:
        time.sleep(0.5)
        for _ in range(3):
            go(pages, tmp_path / "out", 2)
    finally:
        writer.kill()
        writer.wait()
    go(pages, tmp_path / "out")
    rows = read(tmp_path / "out").to_table(columns=["source", "source_digest"]).to_pylist()
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    now = {(str(page), digest(page.read_bytes())) for page in pages.iterdir()}
    refused = read_rejects(tmp_path / "out").to_table(columns=["source", "source_digest"]).to_pylist()
    assert now <= {tuple(row.values()) for row in rows + refused}


# Clocks


class Jumping(datetime):
    """A clock that goes back an hour each time it is asked."""

    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None):
        cls.moment -= timedelta(hours=1)
        return cls.moment


def test_a_clock_that_jumps_back_costs_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "datetime", Jumping)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    pages = tmp_path / "in"
    runs = []
    for number in range(4):
        write_pages(pages, *["one"] * (number + 1))
        runs.append(go(pages, tmp_path / "out"))
    assert [summary.records for summary in runs] == [1] * 4
    assert [summary.skipped for summary in runs] == [0, 1, 2, 3]
    assert all(summary.seconds >= 0 for summary in runs)
    assert len({summary.run_id for summary in runs}) == 4


def test_runs_of_one_moment_have_different_names(monkeypatch):
    class Still(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2024, 5, 1, tzinfo=UTC)

    monkeypatch.setattr(lock, "datetime", Still)
    assert len({lock.make_holder().run_id for _ in range(100)}) == 100


@pytest.mark.skipif(not shutil.which("faketime"), reason="needs libfaketime")
@pytest.mark.parametrize("clock", ["-400d", "+400d", "2038-01-20 00:00:00"])
def test_a_run_in_another_year(tmp_path, clock):
    pages = write_pages(tmp_path / "in", "one", "two")
    command = [sys.executable, "-m", "ingest", "run", pages, "--out", tmp_path / "out", "--jobs", "1", "-q"]
    subprocess.run(["faketime", clock, *map(str, command)], check=True)
    assert len(sources(tmp_path / "out")) == 2
