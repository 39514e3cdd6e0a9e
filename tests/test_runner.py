from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
import standin
from filelock import FileLock

from ingest.chunk import Limits
from ingest.errors import IngestError, StoreError, UsageError
from ingest.runner import FIRST_CHUNK, LARGEST_CHUNK, make_chunks, run, unbroken
from ingest.sources import Source, find_sources
from ingest.store import read, read_rejects

QUICK = Limits(cpu_seconds=0.5, wall_seconds=60)


def write_pages(folder: Path, *texts: str, **named: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number:03}.txt").write_text(text)
    for name, text in named.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def go(sources, out, jobs=1, limits=QUICK, **settings):
    return run(sources, out=out, jobs=jobs, limits=limits, load_cleaner=standin.load_cleaner, **settings)


def rows(out) -> dict[str, str | None]:
    """File name -> None for a record, the reason for a reject. Each source must be one row."""
    found = [(row["source"], None) for row in read(out).to_table(columns=["source"]).to_pylist()]
    rejects = read_rejects(out).to_table(columns=["source", "reason"]).to_pylist()
    found += [(row["source"], row["reason"]) for row in rejects]
    assert len(dict(found)) == len(found), Counter(source for source, _ in found).most_common(3)
    return {Path(source).name: reason for source, reason in found}


# What a run does


@pytest.mark.parametrize("jobs", [0, 1, 2])
def test_every_page_is_one_row_and_counted(tmp_path, jobs):
    pages = write_pages(tmp_path / "in", "one", "guard two", "", "bug")
    (pages / "big.txt").write_text("x" * 1000)
    seen: list[int] = []
    limits = Limits(page_bytes=999)
    summary = go(pages, tmp_path / "out", jobs, limits, progress=seen.append)
    expected = {
        "000.txt": None,
        "001.txt": None,
        "002.txt": "empty",
        "003.txt": "crashed",
        "big.txt": "too_large",
    }
    assert rows(tmp_path / "out") == expected
    assert (summary.read, summary.records, summary.skipped, sum(seen)) == (5, 2, 0, 5)
    assert summary.rejects == {"empty": 1, "crashed": 1, "too_large": 1}
    assert summary.removals == {"share": 2}
    assert summary.flags == {"guard": 1}
    assert summary.status == "done"


def test_a_bug_is_one_pages_reject_and_named(tmp_path):
    go(write_pages(tmp_path / "in", "bug", "one"), tmp_path / "out", jobs=0)
    (row,) = read_rejects(tmp_path / "out").to_table().to_pylist()
    assert row["reason"] == "crashed" and row["detail"].startswith("KeyError: 'a bug")
    assert row["source_digest"]


def test_this_process_and_the_pool_give_the_same_rows(tmp_path):
    pages = write_pages(tmp_path / "in", *(f"page {number}" for number in range(100)), "", "bug")
    tables = []
    for jobs in (0, 1, 2):
        out = tmp_path / f"out{jobs}"
        go(pages, out, jobs)
        kept = [
            name for name in read(out).schema.names if name not in ("run_id", "ingested_at", "source_stamp")
        ]
        tables.append([read(out).to_table(columns=kept).sort_by("source"), rows(out)])
    assert tables[0] == tables[1] == tables[2]


def test_a_second_run_ingests_nothing_twice(tmp_path):
    pages = write_pages(tmp_path / "in", "one", "", "bug")
    (pages / "gone.txt").symlink_to("nowhere")
    go(pages, tmp_path / "out")
    before = rows(tmp_path / "out")
    summary = go(pages, tmp_path / "out")
    assert rows(tmp_path / "out") == before
    assert (summary.read, summary.skipped, summary.records, summary.rejects) == (4, 4, 0, {})


def test_new_and_changed_pages_are_ingested_by_the_next_run(tmp_path):
    pages = write_pages(tmp_path / "in", "one", "two")
    go(pages, tmp_path / "out")
    (pages / "000.txt").write_text("one, changed")
    (pages / "002.txt").write_text("three")
    summary = go(pages, tmp_path / "out")
    assert (summary.records, summary.skipped) == (2, 1)
    bodies = read(tmp_path / "out").to_table(columns=["body"])["body"].to_pylist()
    assert sorted(bodies) == ["one", "one, changed", "three", "two"]


def test_a_page_that_could_not_be_read_gets_its_record_later(tmp_path):
    pages = write_pages(tmp_path / "in", "one")
    (pages / "late.txt").symlink_to("text")
    go(pages, tmp_path / "out")
    (pages / "text").write_text("late")
    assert go(pages, tmp_path / "out").records == 1


def test_no_pages_make_an_empty_dataset(tmp_path):
    (tmp_path / "in").mkdir()
    summary = go(tmp_path / "in", tmp_path / "out")
    assert (summary.read, rows(tmp_path / "out")) == (0, {})
    assert summary.reject_rate == 0 and not summary.too_many_rejects


def test_the_reject_rate_is_over_new_rows(tmp_path):
    pages = write_pages(tmp_path / "in", "one", "two", "three", "")
    assert not go(pages, tmp_path / "out", max_reject_rate=0.25).too_many_rejects
    assert go(write_pages(pages, a="", b="x"), tmp_path / "out", max_reject_rate=0.25).too_many_rejects
    assert not go(pages, tmp_path / "out", max_reject_rate=0).too_many_rejects


def test_a_run_leaves_its_summary(tmp_path):
    summary = go(write_pages(tmp_path / "in", "one"), tmp_path / "out")
    (file,) = (tmp_path / "out" / "runs").glob("*.json")
    content = json.loads(file.read_text())
    assert file.stem == content["run_id"] == summary.run_id
    assert (content["status"], content["records"], content["rejects"]) == ("done", 1, {})
    assert {"pages_per_second", "reject_rate", "started", "seconds", "version"} <= content.keys()


def test_chunks_grow_from_small_to_large():
    sources = [Source(str(number)) for number in range(5000)]
    chunks = list(make_chunks(iter(sources), 2))
    assert [source for chunk in chunks for source in chunk] == sources
    sizes = [len(chunk) for chunk in chunks]
    assert sizes[:5] == [16, 16, 32, 32, 64] and max(sizes) == LARGEST_CHUNK


@pytest.mark.parametrize("pages", [0, 1, 40, 700, 1255, 5000])
@pytest.mark.parametrize("workers", [1, 2, 3, 16])
def test_workers_end_together(pages, workers):
    """Whoever is free takes the next chunk: no worker has more to do after the others than a small chunk."""
    done = [0] * workers
    for chunk in make_chunks((Source(str(number)) for number in range(pages)), workers):
        done[done.index(min(done))] += len(chunk)
    assert sum(done) == pages
    assert max(done) - min(done) <= FIRST_CHUNK + LARGEST_CHUNK // 8


def test_chunks_are_taken_when_a_worker_is_free(tmp_path):
    taken = 0

    def endless():
        nonlocal taken
        for path in find_sources([write_pages(tmp_path / "in", *["slow"] * 200)]):
            taken += 1
            yield path

    from ingest.chunk import Job
    from ingest.pool import run_pool
    from ingest.store import open_output

    open_output(tmp_path / "out")
    job = Job(
        out=tmp_path / "out",
        run_id="run",
        ingested_at=standin.MOMENT,
        load_cleaner=standin.load_cleaner,
        limits=Limits(),
    )
    results = run_pool(((source,) for source in endless()), job, 2)
    next(results)
    assert taken <= 5
    results.close()


# Pages that hurt


@pytest.mark.parametrize(
    "text, reason, detail",
    [
        ("die", "crashed", "SIGKILL"),
        ("abort", "crashed", "SIGABRT"),
        ("segv", "crashed", "SIGSEGV"),
        ("exit", "crashed", "exit code 3"),
        ("spin", "timeout", "more than 0.5 s of CPU time"),
        ("sleep", "timeout", "more than 1 s"),
        ("eat", "crashed", "MemoryError"),
        ("gorge", "crashed", "MemoryError"),
        ("odd", "crashed", "ArrowInvalid"),
    ],
)
def test_a_page_that_stops_its_worker_is_a_reject_and_its_neighbours_are_kept(tmp_path, text, reason, detail):
    pages = write_pages(tmp_path / "in", *["one"] * 12, text, *["two"] * 30, text, "")
    limits = Limits(cpu_seconds=20 if text == "gorge" else 0.5, wall_seconds=1 if text == "sleep" else 60)
    summary = go(pages, tmp_path / "out", limits=limits)
    found = rows(tmp_path / "out")
    assert found.pop("012.txt") == found.pop("043.txt") == reason
    assert found.pop("044.txt") == "empty"
    assert set(found.values()) == {None} and len(found) == 42
    assert summary.read == 45
    rejects = read_rejects(tmp_path / "out").to_table().to_pylist()
    (row,) = [row for row in rejects if row["source"].endswith("012.txt")]
    assert detail in row["detail"]
    assert go(pages, tmp_path / "out").skipped == 45
    assert_clean(tmp_path / "out")


def test_a_page_that_hurts_when_it_is_alone(tmp_path):
    go(write_pages(tmp_path / "in", "die"), tmp_path / "out")
    assert rows(tmp_path / "out") == {"000.txt": "crashed"}


def test_only_pages_that_hurt(tmp_path):
    go(write_pages(tmp_path / "in", *["die"] * 5), tmp_path / "out", jobs=2)
    assert set(rows(tmp_path / "out").values()) == {"crashed"}


@contextmanager
def run_of_slow_pages(tmp_path, count):
    """The process of a run with two workers, which has committed two parts."""
    pages, out = write_pages(tmp_path / "in", *["slow"] * count), tmp_path / "out"
    code = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
import standin, ingest.runner
ingest.runner.run({str(pages)!r}, out={str(out)!r}, jobs=2, load_cleaner=standin.load_cleaner)
"""
    process = subprocess.Popen([sys.executable, "-c", code])
    while len(list((out / "records").glob("part-*"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    yield process
    assert process.wait(60) == 0 and len(rows(out)) == count


def test_workers_killed_from_outside_cost_no_page(tmp_path):
    with run_of_slow_pages(tmp_path, 100) as process:
        workers = children(process.pid)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
    assert len(workers) == 2 and set(rows(tmp_path / "out").values()) == {None}


def test_only_a_page_where_two_workers_were_killed_is_lost_to_it(tmp_path):
    kills = 0
    with run_of_slow_pages(tmp_path, 200) as process:
        for _ in range(4):
            if workers := children(process.pid):
                os.kill(random.choice(workers), signal.SIGKILL)
                kills += 1
            time.sleep(0.5)
    ends = Counter(rows(tmp_path / "out").values())
    assert kills and set(ends) <= {None, "crashed"} and ends["crashed"] <= kills // 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the note is a temporary file")
def test_no_folder_for_temporary_files_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    pages = write_pages(tmp_path / "in", "one", "segv", "two")
    run(pages, out=tmp_path / "out", jobs=1, load_cleaner=standin.load_cleaner)
    assert sorted(rows(tmp_path / "out").values(), key=str) == [None, None, "crashed"]


def test_a_worker_that_cannot_start_ends_the_run(tmp_path):
    with pytest.raises(IngestError, match=r"do not start.* exit code 1"):
        run(
            write_pages(tmp_path / "in", "one"),
            out=tmp_path / "out",
            jobs=1,
            load_cleaner=standin.fail_to_load,
        )


# Runs that are killed


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def assert_clean(out: Path) -> None:
    """Nothing but whole parts and summaries is left."""
    for folder in ("records", "rejects", "runs"):
        assert [file.name for file in (out / folder).iterdir() if file.name.startswith(".")] == []


def test_after_kill_9_the_next_run_completes_the_work(tmp_path):
    pages = write_pages(tmp_path / "in", *["slow"] * 150, "", "bug", "die")
    out = tmp_path / "out"
    code = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
import standin, ingest.runner
ingest.runner.run({str(pages)!r}, out={str(out)!r}, jobs=2, load_cleaner=standin.load_cleaner)
"""
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
        time.sleep(random.uniform(0.5, 2.0))
        workers = children(process.pid)
        process.kill()
        process.wait()
        if (out / "records").exists():
            rows(out)
    go(pages, out, jobs=2)
    found = rows(out)
    assert len(found) == 153
    assert Counter(found.values()) == {None: 150, "empty": 1, "crashed": 2}
    assert_clean(out)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers):
        assert time.monotonic() < deadline, "a worker outlives its run"
        time.sleep(0.1)


def test_a_kill_between_a_chunks_two_parts_loses_and_doubles_nothing(tmp_path, monkeypatch):
    pages = write_pages(tmp_path / "in", "one", "", "two", "bug")
    out = tmp_path / "out"

    class Killed(BaseException):
        pass

    def commit_first(result):
        from ingest.store import commit_part

        commit_part(result.parts[0].path, result.parts[0].name)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("ingest.runner.commit", commit_first)
        with pytest.raises(Killed):
            go(pages, out)
    assert rows(out) == {"000.txt": None, "002.txt": None}
    summary = go(pages, out)
    assert rows(out) == {"000.txt": None, "002.txt": None, "001.txt": "empty", "003.txt": "crashed"}
    assert summary.skipped == 2


def test_an_interrupted_run_keeps_what_is_finished_and_says_so(tmp_path):
    pages = write_pages(tmp_path / "in", *["slow"] * 200)

    def interrupt(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(pages, tmp_path / "out", progress=interrupt)
    assert len(rows(tmp_path / "out")) == 16
    (file,) = (tmp_path / "out" / "runs").glob("*.json")
    assert json.loads(file.read_text())["status"] == "interrupted"
    assert_clean(tmp_path / "out")
    go(pages, tmp_path / "out")
    assert len(rows(tmp_path / "out")) == 200


# Outputs and inputs that cannot be used


def test_two_runs_do_not_write_to_one_output(tmp_path):
    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out" / ".lock"), pytest.raises(StoreError, match="Another run"):
        go(write_pages(tmp_path / "in", "one"), tmp_path / "out")


def test_an_output_that_fails_ends_the_run(tmp_path):
    pages = write_pages(tmp_path / "in", *["slow"] * 200)
    out = tmp_path / "out"

    def vanish(count):
        for part in (out / "records").iterdir():
            part.unlink()
        (out / "records").rmdir()

    with pytest.raises(StoreError, match="Cannot write"):
        go(pages, out, progress=vanish)


def test_bad_input_leaves_no_output(tmp_path):
    with pytest.raises(UsageError):
        go(tmp_path / "no", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_script_without_a_main_guard_works(tmp_path):
    pages = write_pages(tmp_path / "in", "one", "two")
    script = tmp_path / "script.py"
    script.write_text(
        f"""
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
import standin, ingest.runner
summary = ingest.runner.run([{str(pages)!r}], out={str(tmp_path / "out")!r}, load_cleaner=standin.load_cleaner)
print(summary.records)
"""
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout == "2\n"


def test_a_signal_waits_until_what_is_committed_is_counted():
    seen = []
    with pytest.raises(KeyboardInterrupt), unbroken():
        signal.raise_signal(signal.SIGINT)
        seen.append("went on")
    assert seen == ["went on"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
