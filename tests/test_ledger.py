from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
import standin
from hypothesis import given
from hypothesis import strategies as st
from test_runner import go, rows, write_pages

from ingest import chunk
from ingest.digest import digest
from ingest.ledger import Ledger, Numbers, array, digest_number, read_ledger, snapshot_number
from ingest.records import RawPage, Reject
from ingest.schema import records_table, rejects_table
from ingest.store import open_output, read, read_rejects, write_part


@pytest.fixture
def out(tmp_path) -> Path:
    open_output(tmp_path / "out")
    return tmp_path / "out"


def record(name: str, data: str):
    return standin.make_record(RawPage(data=data.encode(), source=name))


def test_the_ledger_knows_the_rows_of_both_tables(out):
    records = [record("/in/a", "one"), record("/in/b", "two")]
    write_part(records_table(records, "run", standin.MOMENT, ["1-1", None]), out / "records", "a")
    reject = Reject(page_id="6" * 32, source="/in/c", reason="unreadable", detail="")
    write_part(rejects_table([reject], "run", standin.MOMENT), out / "rejects", "a")
    ledger = read_ledger(out)
    assert len(ledger) == 3
    assert ledger.unchanged("/in/a", "1-1")
    assert not any(ledger.unchanged(*pair) for pair in [("/in/a", "1-2"), ("/in/b", "1-1"), ("/in/b", None)])
    assert ledger.digests_of("/in/a") == (digest_number(digest(b"one")),)
    assert ledger.digests_of("/in/c") == (digest_number(None),)
    assert ledger.digests_of("/in/d") == ()
    assert len(ledger.parts_with(snapshot_number(records[1].page_id, records[1].source_digest))) == 1
    assert ledger.parts_with(snapshot_number(records[0].page_id, records[1].source_digest)) == []


def test_an_empty_dataset_has_an_empty_ledger(out):
    ledger = read_ledger(out)
    assert len(ledger) == 0 and not ledger.unchanged("a", "b") and ledger.digests_of("a") == ()


def test_digests_that_are_none_of_ours_do_not_hurt():
    assert len({digest_number(text) for text in ("-1", "x", "ä", "00", "1_0", "f" * 40)}) == 6
    assert digest_number("0" * 15 + "a" + "f" * 16) == 10


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**64 - 1)), max_size=50))
def test_numbers_are_found(pairs):
    pairs += pairs[:10]
    numbers = Numbers(array("q", [key for key, _ in pairs]), array("Q", [value for _, value in pairs]))
    for key, _ in [*pairs, (0, 0)]:
        found = [numbers.columns[1][place] for place in numbers.find(key)]
        assert sorted(found) == sorted(value for other, value in pairs if other == key)


# -- what a run reads --------------------------------------------------------------------------------------


@pytest.fixture
def old_pages(tmp_path, monkeypatch) -> Path:
    """Pages that were written long ago, as far as anybody can tell."""
    monkeypatch.setattr(chunk, "RACY_NS", -(10**18))
    return write_pages(tmp_path / "in", "one", "two", "", "bug")


def reads(monkeypatch) -> list[str]:
    """The names of the sources that are opened from now on."""
    opened: list[str] = []

    def read_source(source, max_bytes):
        opened.append(source.name)
        return original(source, max_bytes)

    original = chunk.read_source
    monkeypatch.setattr(chunk, "read_source", read_source)
    return opened


def test_unchanged_sources_are_not_opened(old_pages, tmp_path, monkeypatch):
    go(old_pages, tmp_path / "out", jobs=0)
    before = rows(tmp_path / "out")
    opened = reads(monkeypatch)
    seen: list[int] = []
    summary = go(old_pages, tmp_path / "out", jobs=0, progress=seen.append)
    assert (opened, summary.read, summary.skipped, sum(seen)) == ([], 4, 4, 4)
    assert rows(tmp_path / "out") == before


def test_a_touched_file_is_read_and_has_its_row(old_pages, tmp_path, monkeypatch):
    go(old_pages, tmp_path / "out", jobs=0)
    os.utime(old_pages / "000.txt", (1, 1))
    opened = reads(monkeypatch)
    assert go(old_pages, tmp_path / "out", jobs=0).skipped == 4
    assert opened == [str(old_pages / "000.txt")]


def test_a_changed_file_is_a_new_snapshot(old_pages, tmp_path):
    go(old_pages, tmp_path / "out", jobs=0)
    (old_pages / "000.txt").write_text("one, changed")
    summary = go(old_pages, tmp_path / "out", jobs=0)
    assert (summary.records, summary.skipped) == (1, 3)
    assert go(old_pages, tmp_path / "out", jobs=0).skipped == 4


def test_a_change_that_nothing_tells_needs_reread(old_pages, tmp_path):
    go(old_pages, tmp_path / "out", jobs=0)
    file = old_pages / "000.txt"
    status = file.stat()
    file.write_text("eno")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert go(old_pages, tmp_path / "out", jobs=0).skipped == 4
    summary = go(old_pages, tmp_path / "out", jobs=0, reread=True)
    assert (summary.records, summary.skipped) == (1, 3)


def test_a_file_that_changed_a_moment_ago_gets_no_stamp(tmp_path):
    pages = write_pages(tmp_path / "in", "one", "two")
    os.utime(pages / "000.txt", (1, 1))  # its status changed a moment ago, too
    go(pages, tmp_path / "out", jobs=0)
    assert set(read(tmp_path / "out").to_table(["source_stamp"])["source_stamp"].to_pylist()) == {None}


def test_a_file_that_settled_gets_its_stamp(tmp_path):
    pages = write_pages(tmp_path / "in", "one", "", "die")
    time.sleep(chunk.RACY_NS / 1e9 + 0.5)
    go(pages, tmp_path / "out")
    for dataset in (read(tmp_path / "out"), read_rejects(tmp_path / "out")):
        for row in dataset.to_table(["source", "source_stamp"]).to_pylist():
            status = Path(row["source"]).stat()
            assert row["source_stamp"] == f"{status.st_size}-{status.st_mtime_ns}"
    assert go(pages, tmp_path / "out").skipped == 3


def test_what_could_not_be_read_is_tried_again(old_pages, tmp_path):
    (old_pages / "late.txt").symlink_to(tmp_path / "text")
    go(old_pages, tmp_path / "out", jobs=0)
    (tmp_path / "text").write_text("late")
    assert go(old_pages, tmp_path / "out", jobs=0).records == 1


def test_rows_of_the_first_schema_version_are_known_by_their_bytes(old_pages, tmp_path, monkeypatch):
    go(old_pages, tmp_path / "out", jobs=0)
    for table in ("records", "rejects"):
        for part in (tmp_path / "out" / table).iterdir():
            pq.write_table(pq.read_table(part).drop_columns(["source_stamp", "refreshed_at"]), part)
    opened = reads(monkeypatch)
    assert go(old_pages, tmp_path / "out", jobs=0).skipped == 4
    assert len(opened) == 4
    assert read(tmp_path / "out").to_table(["source_stamp"])["source_stamp"].null_count == 2


def test_a_seen_source_is_one_for_all_that_reads_it():
    source = chunk.Source("/in/a", stamp="1-1")
    seen = chunk.SeenSource(**msgspec.structs.asdict(source), digests=(1,))
    assert (seen.name, seen.stamp, isinstance(seen, chunk.Source)) == (source.name, source.stamp, True)


def test_a_ledger_can_be_made_of_nothing():
    empty = Ledger(Numbers(array("q"), array("q"), array("Q")), Numbers(array("Q"), array("I")), [])
    assert not empty.unchanged("a", "b")
