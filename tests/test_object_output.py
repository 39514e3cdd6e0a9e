"""The same promises in an object store: a dataset at `s3://...`, written and read through a real server."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest
import standin
from pyarrow.fs import FileSelector

import ingest
from ingest.chunk import Limits
from ingest.errors import StoreError, UsageError
from ingest.filesystem import locate
from ingest.records import RawPage
from ingest.runner import run
from ingest.schema import records_table
from ingest.store import (
    commit_part,
    is_dataset,
    open_output,
    read,
    read_rejects,
    remove,
    stage_part,
    sweep,
    write_file,
)


@pytest.fixture
def out(bucket) -> str:
    return f"{bucket}/news/articles"


def table(*names: str):
    records = [standin.make_record(RawPage(data=b"text", source=name)) for name in names]
    return records_table(records, "run", standin.MOMENT)


def keys(place: str) -> list[str]:
    """All objects under a place, without what stands for its folders."""
    at = locate(place)
    found = at.filesystem.get_file_info(FileSelector(at.path, recursive=True))
    return sorted(info.path.removeprefix(f"{at.path}/") for info in found if info.is_file)


def write_pages(folder: Path, *texts: str) -> Path:
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:03}.txt").write_text(text)
    return folder


def go(pages, out, **options):
    limits = Limits(cpu_seconds=2, wall_seconds=60)
    return run(pages, out=out, limits=limits, load_cleaner=standin.load_cleaner, **options)


def test_what_is_staged_is_not_seen_until_it_is_committed(out):
    open_output(out)
    staged = stage_part(table("a", "b"), f"{out}/records")
    assert read(out).count_rows() == 0 and len(keys(out)) == 1
    part = commit_part(staged, "x")
    assert str(part) == f"{out}/records/part-x.parquet"
    assert keys(out) == ["records/part-x.parquet"] and read(out).count_rows() == 2


def test_what_killed_runs_have_left_is_swept(out):
    open_output(out)
    stage_part(table("a"), f"{out}/records")
    write_file(b"{}", f"{out}/runs/kept.json")
    sweep(out)
    assert keys(out) == ["runs/kept.json"]
    remove(f"{out}/runs/kept.json")
    remove(f"{out}/runs/kept.json")
    assert keys(out) == [] and is_dataset(out)


def test_no_dataset_and_no_bucket_are_said(bucket, s3):
    for function in (read, read_rejects):
        with pytest.raises(StoreError, match=f"no dataset in {bucket}/none"):
            function(f"{bucket}/none")
    with pytest.raises(UsageError, match="there is no bucket"):
        go([], "s3://test-none/out")


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_run_and_another_one(out, tmp_path, jobs):
    pages = write_pages(tmp_path / "in", *["one"] * 40, "", "bug")
    summary = go(pages, out, jobs=jobs)
    assert (summary.records, summary.rejects, summary.out) == (40, {"empty": 1, "crashed": 1}, out)
    assert ingest.read(out).count_rows() == 40 and ingest.read_rejects(out).count_rows() == 2
    (pages / "new.txt").write_text("new")
    again = go(pages, out, jobs=jobs)
    assert (again.records, again.skipped) == (1, 42)
    names = keys(out)
    assert not [name for name in names if name.endswith(".tmp")]
    assert len([name for name in names if name.startswith("runs/")]) == 2


def test_the_uris_options_are_enough(bucket, s3_server, tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    name = bucket.removeprefix("s3://")
    out = f"s3://key:secret@{name}/out?endpoint_override={s3_server}&scheme=http&region=us-east-1"
    summary = go(write_pages(tmp_path / "in", "one", "two"), out, jobs=1)
    assert summary.out == f"s3://{name}/out" and "secret" not in str(summary)
    assert read(out).count_rows() == 2


def test_readers_see_whole_parts_only(out):
    open_output(out)
    done = threading.Event()
    seen = []

    def read_all_the_time():
        while not done.is_set():
            seen.append(read(out).to_table().num_rows)

    reader = threading.Thread(target=read_all_the_time)
    reader.start()
    for number in range(10):
        commit_part(stage_part(table(*map(str, range(100))), f"{out}/records"), str(number))
    done.set()
    reader.join()
    assert seen and seen == sorted(seen) and all(rows % 100 == 0 for rows in seen)


def test_an_output_that_is_emptied_during_a_run_is_completed_by_the_next(out, tmp_path):
    pages = write_pages(tmp_path / "in", *["slow"] * 60)

    def empty_the_bucket(count):
        locate(out).filesystem.delete_dir_contents(locate(out).path)

    with suppress(StoreError):  # a part that waited for its commit may have gone, too
        go(pages, out, jobs=1, progress=empty_the_bucket)
    go(pages, out, jobs=1)
    assert sorted(read(out).to_table(columns=["source"])["source"].to_pylist()) == sorted(
        str(page) for page in pages.iterdir()
    )


def test_the_command_writes_and_reads_there(out, tmp_path, run_ingest, monkeypatch):
    monkeypatch.setattr("ingest.runner.load_rules", lambda *overlays: None)
    monkeypatch.setattr("ingest.runner.rules_cleaner", standin.load_for_rules)
    pages = write_pages(tmp_path / "in", "one", "two", "")
    assert run_ingest("run", pages, "--out", out, "--jobs", 1, "--quiet") == (0, "", "")
    code, said, _ = run_ingest("show", out)
    assert code == 0 and "articles 2" in said
    assert run_ingest("rules", "drift", out)[0] == 0
    code, said, _ = run_ingest("rules", "coverage", out)
    assert code == 0 and "2 pages" in said
    assert run_ingest("show", f"{out}-none")[0] == 1


def test_pages_come_from_there_too(bucket, tmp_path, run_ingest, monkeypatch):
    monkeypatch.setattr("ingest.runner.load_rules", lambda *overlays: None)
    monkeypatch.setattr("ingest.runner.rules_cleaner", standin.load_for_rules)
    for name in ("a.txt", "b/c.txt", "b/d.json"):
        write_file(name.encode(), f"{bucket}/pages/{name}")
    code, _, complaints = run_ingest(
        "run", f"{bucket}/pages", "--out", f"{bucket}/out", "--jobs", 1, "--quiet"
    )
    assert (code, complaints) == (0, "")
    sources = read(f"{bucket}/out").to_table(columns=["source"])["source"].to_pylist()
    assert sorted(sources) == [f"{bucket}/pages/a.txt", f"{bucket}/pages/b/c.txt"]
