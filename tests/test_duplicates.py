from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import standin
from test_runner import QUICK, assert_clean

from ingest import duplicates
from ingest.digest import digest
from ingest.ledger import read_ledger
from ingest.runner import run
from ingest.store import read, read_rejects


def load_cleaner():
    return clean


def clean(page):
    """As the stand-in, but a page's identity is its first word, as that of a page with an address is."""
    row = standin.clean(page)
    words = page.data.split()
    if not words or not hasattr(row, "body"):
        return row
    import msgspec

    return msgspec.structs.replace(row, page_id=digest(words[0]))


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def go(folder: Path, out: Path, jobs: int = 0):
    return run(folder, out=out, jobs=jobs, limits=QUICK, load_cleaner=load_cleaner)


def verdicts(out: Path) -> dict[str, str | None]:
    found = {Path(row["source"]).name: None for row in read(out).to_table(["source"]).to_pylist()}
    rejects = read_rejects(out).to_table().to_pylist()
    assert not found.keys() & {Path(row["source"]).name for row in rejects}
    return found | {Path(row["source"]).name: row["detail"] for row in rejects}


def test_the_same_snapshot_twice_in_a_chunk_is_a_record_and_a_reject(tmp_path):
    pages = write(tmp_path / "in", a="x same", b="x same", c="x other", d="y same", e="", f="")
    summary = go(pages, tmp_path / "out")
    assert (summary.records, summary.rejects) == (3, {"duplicate": 1, "empty": 2})
    first = f"the same snapshot as {pages / 'a.txt'}"
    expected = dict.fromkeys(["a.txt", "c.txt", "d.txt"]) | {
        "b.txt": first,
        "e.txt": "no text",
        "f.txt": "no text",
    }
    assert verdicts(tmp_path / "out") == expected
    (row,) = [
        row for row in read_rejects(tmp_path / "out").to_table().to_pylist() if row["reason"] == "duplicate"
    ]
    assert row["page_id"] == digest(b"x") and row["source_digest"] == digest(b"x same")
    assert row["run_id"] == summary.run_id
    assert_clean(tmp_path / "out")


def test_counts_are_those_of_the_records_that_stay(tmp_path):
    summary = go(write(tmp_path / "in", a="guard x", b="guard x"), tmp_path / "out")
    assert (summary.records, summary.flags, summary.removals) == (1, {"guard": 1}, {"share": 1})
    assert summary.sites == {"unknown": {"records": 1, "rejects": 1}}
    (file,) = (tmp_path / "out" / "runs").iterdir()
    assert json.loads(file.read_text())["rejects"] == {"duplicate": 1}


def test_a_snapshot_of_an_earlier_run_is_found(tmp_path):
    go(write(tmp_path / "in", a="x same", b="y other"), tmp_path / "out")
    shutil.copytree(tmp_path / "in", tmp_path / "copy")
    summary = go(tmp_path / "copy", tmp_path / "out")
    assert (summary.records, summary.rejects) == (0, {"duplicate": 2})
    rejects = read_rejects(tmp_path / "out").to_table().to_pylist()
    assert {row["detail"] for row in rejects} == {
        f"the same snapshot as {tmp_path / 'in' / name}" for name in ("a.txt", "b.txt")
    }
    assert go(tmp_path / "copy", tmp_path / "out").skipped == 2


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_snapshot_of_an_earlier_chunk_is_found(tmp_path, monkeypatch, jobs):
    monkeypatch.setattr("ingest.runner.FIRST_CHUNK", 4)
    monkeypatch.setattr("ingest.runner.LARGEST_CHUNK", 4)
    monkeypatch.setattr(duplicates, "FOLDED_AT", 10)
    texts = {f"{number:02}": f"{number % 25} same" for number in range(75)}
    summary = go(write(tmp_path / "in", **texts), tmp_path / "out", jobs)
    assert (summary.records, summary.rejects, summary.read) == (25, {"duplicate": 50}, 75)
    bodies = read(tmp_path / "out").to_table(["body"])["body"].to_pylist()
    assert Counter(bodies) == Counter(set(texts.values()))
    assert len(verdicts(tmp_path / "out")) == 75
    assert_clean(tmp_path / "out")


def test_another_snapshot_of_the_page_is_none(tmp_path):
    pages = write(tmp_path / "in", a="x same")
    go(pages, tmp_path / "out")
    write(pages, a="x changed")
    assert go(pages, tmp_path / "out").records == 1


def test_numbers_that_agree_by_accident_are_compared_in_full(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.chunk.snapshot_number", lambda page_id, digest: 7)
    monkeypatch.setattr("ingest.ledger.snapshot_number", lambda page_id, digest: 7)
    monkeypatch.setattr(duplicates, "snapshot_number", lambda page_id, digest: 7)
    pages = write(tmp_path / "in", a="x same", b="y other", c="x same")
    summary = go(pages, tmp_path / "out")
    assert (summary.records, summary.rejects) == (2, {"duplicate": 1})


def test_the_ledger_knows_where_each_snapshot_is(tmp_path):
    go(write(tmp_path / "in", a="x same", b="x same"), tmp_path / "out")
    ledger = read_ledger(tmp_path / "out")
    assert len(ledger) == 2 and len(ledger.snapshots) == 1
