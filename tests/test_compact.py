from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import standin
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_runner import assert_clean, go, rows, write_pages

from ingest import store, swap
from ingest.compact import TABLES, _keys, compact
from ingest.digest import digest
from ingest.errors import StoreError
from ingest.records import RawPage
from ingest.refresh import Refresh, refresh
from ingest.report.runs import read_runs
from ingest.schema import RECORDS, records_table
from ingest.status import read_status
from ingest.store import open_output, read, read_rejects, write_part

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)


def write_runs(out: Path, runs: int, pages: int = 20, words: int = 50) -> None:
    """A dataset as a schedule leaves it: a small part of every run, of three sites in turn."""
    made = Random(7)
    open_output(out)
    for run in range(runs):
        records = [
            standin.make_record(
                RawPage(
                    data=" ".join(str(made.random()) for _ in range(words)).encode(),
                    source=f"/in/{run}-{number}.html",
                    fetched_at=FIRST_DAY + timedelta(hours=made.randrange(1000)) if number % 7 else None,
                ),
                site=[None, "b.example", "a.example", "c.example"][number % 4],
            )
            for number in range(pages)
        ]
        table = records_table(records, f"run-{run}", FIRST_DAY + timedelta(days=run))
        write_part(table, out / "records", str(run))


def content(out: Path) -> list[dict]:
    return sorted(read(out).to_table().to_pylist(), key=lambda row: row["source"])


def parts(out: Path, table: str = "records") -> list[Path]:
    return sorted((out / table).iterdir())


def test_small_parts_become_one_sorted_part_with_the_same_rows(tmp_path):
    out = tmp_path / "out"
    write_runs(out, 10)
    before = content(out)
    summary, done = compact(out)
    assert content(out) == before
    (part,) = parts(out)
    assert (done.parts_before, done.parts_after, summary.records, summary.command) == (10, 1, 200, "compact")
    assert done.bytes_after == part.stat().st_size < done.bytes_before
    table = pq.read_table(part, columns=["site", "published"])
    sites = table["site"].to_pylist()
    assert sites == sorted(sites, key=lambda site: site or "~")
    times = [row["published"] for row in table.to_pylist() if row["site"] == "a.example"]
    assert times == sorted(times, key=lambda time: time or datetime.max.replace(tzinfo=UTC))
    assert_clean(out)
    assert not [file.name for file in out.iterdir() if file.name.endswith(".tmp")]


def test_what_is_large_stays_and_the_rest_is_cut_to_size(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.rewrite.GROUP_BYTES", 20_000)
    monkeypatch.setattr("ingest.compact.BATCH_ROWS", 16)
    out = tmp_path / "out"
    write_runs(out, 30, words=200)
    before = content(out)
    compact(out, part_bytes=200_000)
    sizes = {part.name: part.stat().st_size for part in parts(out)}
    assert 2 < len(sizes) < 12 and max(sizes.values()) < 300_000
    large = {name for name, size in sizes.items() if size > 100_000}
    write_runs(tmp_path / "more", 2)
    for number, part in enumerate(parts(tmp_path / "more")):
        part.rename(out / "records" / f"part-more-{number}.parquet")
    compact(out, part_bytes=200_000)
    assert large <= {part.name for part in parts(out)}
    assert len(content(out)) == len(before) + 40


def test_memory_is_bounded_by_many_runs_on_disk(tmp_path, monkeypatch):
    """Every batch becomes a run of its own, and the runs are merged in several passes."""
    monkeypatch.setattr("ingest.compact.RUN_BYTES", 1)
    monkeypatch.setattr("ingest.compact.MERGED_AT_ONCE", 3)
    monkeypatch.setattr("ingest.compact.BATCH_ROWS", 4)
    out = tmp_path / "out"
    write_runs(out, 17)
    before = content(out)
    compact(out)
    assert content(out) == before
    found = read(out).to_table()
    assert found.equals(found.take(pa.compute.sort_indices(_keys(found, TABLES[1].order))))


def test_a_second_compaction_has_nothing_to_do(tmp_path):
    out = tmp_path / "out"
    write_runs(out, 3)
    compact(out)
    before = [(part, part.stat().st_ino) for part in parts(out)]
    assert compact(out)[1].parts_after == 1
    assert before == [(part, part.stat().st_ino) for part in parts(out)]


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.none() | st.text(max_size=3),
            st.none() | st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),
        ),
        min_size=1,
    )
)
@example([("", None), ("\0", None), ("\0", datetime(2024, 1, 1, tzinfo=UTC)), ("\1", None)])
@example([("\U0010ffff", None), (None, datetime(2024, 1, 1, tzinfo=UTC)), ("\U0010ffffa", None)])
def test_keys_sort_as_the_columns_do(values):
    table = pa.table(
        {"site": [site for site, _ in values], "published": [time for _, time in values]},
        pa.schema([RECORDS.field("site"), RECORDS.field("published")]),
    )
    by_key = pa.compute.sort_indices(_keys(table, ("site", "published"))).to_pylist()

    def order(place):
        site, time = values[place]
        return (site is None, (site or "").encode(), time is None, time or datetime.min.replace(tzinfo=UTC))

    assert [order(place) for place in by_key] == sorted(map(order, range(len(values))))


def test_parts_of_the_first_schema_version_are_merged(tmp_path):
    out = tmp_path / "out"
    write_runs(out, 2)
    for part in parts(out):
        pq.write_table(pq.read_table(part).drop_columns(["source_stamp", "refreshed_at"]), part)
    compact(out)
    assert pq.read_schema(parts(out)[0]).names == RECORDS.names and len(content(out)) == 40


def test_rejects_are_merged_too(tmp_path):
    for number in range(3):
        go(write_pages(tmp_path / f"in{number}", "", "bug", "one"), tmp_path / "out", jobs=0)
    compact(tmp_path / "out")
    assert len(parts(tmp_path / "out")) == len(parts(tmp_path / "out", "rejects")) == 1
    assert len(read_rejects(tmp_path / "out").to_table()) == 6
    assert go(tmp_path / "in1", tmp_path / "out", jobs=0).skipped == 3


# -- only the latest ---------------------------------------------------------------------------------------


def test_older_snapshots_become_rejects_and_are_not_ingested_again(tmp_path):
    pages, out = write_pages(tmp_path / "in", "one", "two", none=""), tmp_path / "out"
    go(pages, out, jobs=0)
    for text in ("one, changed", "one, changed again"):
        (pages / "000.txt").write_text(text)
        go(pages, out, jobs=0)
    assert read(out).count_rows() == 4
    summary, done = compact(out, latest=True)
    assert (done.superseded, summary.rejects) == (2, {"superseded": 2})
    assert sorted(row["body"] for row in content(out)) == ["one, changed again", "two"]
    rejects = [row for row in read_rejects(out).to_table().to_pylist() if row["reason"] != "empty"]
    assert {row["reason"] for row in rejects} == {"superseded"} and len(parts(out, "rejects")) == 1
    assert all(row["detail"] == f"a newer snapshot is {pages / '000.txt'}" for row in rejects)
    assert {row["source_digest"] for row in rejects} == {digest(b"one"), digest(b"one, changed")}
    assert go(pages, out, jobs=0).skipped == 3
    (pages / "000.txt").write_text("one")
    assert go(pages, out, jobs=0).skipped == 3
    assert compact(out, latest=True)[1].superseded == 0


def test_of_one_run_the_snapshot_that_was_changed_last_is_the_latest(tmp_path):
    out = tmp_path / "out"
    open_output(out)
    import msgspec

    records = [
        msgspec.structs.replace(
            standin.make_record(RawPage(data=name.encode(), source=name)),
            page_id="1" * 32,
            modified=FIRST_DAY - timedelta(days=number),
        )
        for number, name in enumerate(["newest", "old", "oldest"])
    ]
    write_part(records_table(records, "run", FIRST_DAY), out / "records", "a")
    compact(out, latest=True)
    assert [row["source"] for row in content(out)] == ["newest"]


def test_without_the_option_every_snapshot_stays(tmp_path):
    pages, out = write_pages(tmp_path / "in", "one"), tmp_path / "out"
    go(pages, out, jobs=0)
    (pages / "000.txt").write_text("one, changed")
    go(pages, out, jobs=0)
    compact(out)
    assert len(content(out)) == 2


# -- readers, kills, file systems --------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the folder is exchanged on Linux only")
def test_readers_see_every_row_once_all_the_time(tmp_path):
    out = tmp_path / "out"
    write_runs(out, 40)
    done = threading.Event()
    seen: list[Counter[str]] = []
    gone = 0

    def read_all_the_time():
        nonlocal gone
        while not done.is_set():
            try:
                seen.append(Counter(read(out).to_table(["source"])["source"].to_pylist()))
            except FileNotFoundError:
                gone += 1  # listed before, opened after: read again

    reader = threading.Thread(target=read_all_the_time)
    reader.start()
    for number in range(12):
        write_runs(tmp_path / f"more{number}", 1)
        compact(out, part_bytes=10_000 * (number % 3 + 1))
    done.set()
    reader.join()
    assert len(seen) > 5 and gone < len(seen)
    assert all(len(sources) == 800 and max(sources.values()) == 1 for sources in seen)


def test_what_was_listed_before_a_compaction_fails_and_gives_no_other_rows(tmp_path):
    out = tmp_path / "out"
    write_runs(out, 5)
    listed, read_from = read(out), read(out)
    assert read_from.to_table().num_rows == 100
    compact(out)
    for old in (listed, read_from):
        with pytest.raises(FileNotFoundError):
            old.to_table()
    assert read(out).to_table().num_rows == 100


def test_where_folders_cannot_be_exchanged_the_rows_are_the_same(tmp_path, monkeypatch):
    def refuse(one, other):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(swap, "exchange", refuse)
    out = tmp_path / "out"
    write_runs(out, 5)
    before = content(out)
    compact(out)
    assert content(out) == before and len(parts(out)) == 1
    assert {file.name for file in out.iterdir()} == {"records", "rejects", "runs", ".lock"}


@pytest.mark.parametrize("step", range(8))
def test_a_swap_without_exchange_can_be_killed_at_every_step(tmp_path, monkeypatch, step):
    out = tmp_path / "out"
    write_runs(out, 5)
    before = content(out)
    steps = iter(range(100))

    class Killed(BaseException):
        pass

    def counted(function):
        def call(*args):
            if next(steps) == step:
                raise Killed
            return function(*args)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(swap, "_exchange_folder", lambda *args: False)
        patch.setattr(swap, "remove", counted(swap.remove))
        patch.setattr(swap, "commit_part", counted(swap.commit_part))
        try:
            compact(out)
        except Killed:
            pass
        else:
            assert step >= 7
    compact(out)
    assert content(out) == before and len(parts(out)) == 1
    assert not (out / swap.NOTE).exists()


def test_after_kill_9_the_rows_are_the_same(tmp_path):
    out = tmp_path / "out"
    write_runs(out, 60, pages=60, words=300)
    before = Counter(read(out).to_table(["source"])["source"].to_pylist())
    code = f"""
import sys, ingest.compact
ingest.compact.RUN_BYTES = 2_000_000
print("begun", flush=True)
ingest.compact.compact({str(out)!r}, latest=True)
"""
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(random.uniform(0.1, 3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert Counter(read(out).to_table(["source"])["source"].to_pylist()) == before
    compact(out)
    assert Counter(read(out).to_table(["source"])["source"].to_pylist()) == before
    assert len(parts(out)) == 1
    assert_clean(out)
    assert not [file.name for file in out.iterdir() if file.name.endswith(".tmp")]


def test_a_kill_before_superseded_records_are_taken_out_is_healed(tmp_path, monkeypatch):
    pages, out = write_pages(tmp_path / "in", "one"), tmp_path / "out"
    go(pages, out, jobs=0)
    (pages / "000.txt").write_text("one, changed")
    go(pages, out, jobs=0)

    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("ingest.compact._compact_table", kill)
        with pytest.raises(Killed):
            compact(out, latest=True)
    assert read(out).count_rows() == 2 and read_rejects(out).count_rows() == 1
    compact(out)
    assert read(out).count_rows() == 2 and read_rejects(out).count_rows() == 0
    compact(out, latest=True)
    assert read(out).count_rows() == 1 and read_rejects(out).count_rows() == 1


@pytest.mark.parametrize("at", ["rejects", "records"])
@pytest.mark.parametrize("exchanged", [True, False])
def test_a_signal_waits_until_what_is_merged_is_counted(tmp_path, monkeypatch, at, exchanged):
    pages, out = write_pages(tmp_path / "in", "one", "two", ""), tmp_path / "out"
    go(pages, out, jobs=0)
    for name, text in (("000.txt", "one, changed"), ("003.txt", "")):
        (pages / name).write_text(text)
    go(pages, out, jobs=0)
    if not exchanged:
        monkeypatch.setattr(swap, "_exchange_folder", lambda *args: False)

    def remove_and_interrupt(place):
        store.remove(place)
        signal.raise_signal(signal.SIGINT)

    def swap_and_interrupt(place, table, *rest):
        with monkeypatch.context() as patch:
            if table == at and not exchanged:
                patch.setattr(swap, "remove", remove_and_interrupt)
            swap.swap_parts(place, table, *rest)
        if table == at and exchanged:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr("ingest.compact.swap_parts", swap_and_interrupt)
        patch.setattr("os._exit", lambda code: None)  # a second signal does not wait
        with pytest.raises(KeyboardInterrupt):
            compact(out, latest=True)
    (interrupted,) = [summary for summary in read_runs(out)[0] if summary.command == "compact"]
    merged = {"records": (2, {"superseded": 1}), "rejects": (0, {})}[at]
    assert (interrupted.status, interrupted.records, interrupted.rejects) == ("interrupted", *merged)
    assert len(parts(out, at)) == 1
    summary, done = compact(out, latest=True)
    expected = {"records": (0, {}), "rejects": (2, {"superseded": 1})}[at]
    assert (summary.records, summary.rejects, done.superseded) == (
        *expected,
        expected[1].get("superseded", 0),
    )
    assert sorted(read(out).to_table(["body"])["body"].to_pylist()) == ["one, changed", "two"]
    assert read_status(out).reasons == {"empty": 2, "superseded": 1}
    assert read_status(out).unfinished == [f"{interrupted.run_id} ended before all was done (interrupted)."]


def test_a_compacted_dataset_can_be_refreshed_and_added_to(tmp_path):
    pages, out = write_pages(tmp_path / "in", *["one"] * 20), tmp_path / "out"
    go(pages, out, jobs=0)
    go(write_pages(pages, new="two"), out, jobs=0)
    compact(out)
    assert refresh(out, Refresh(jobs=0, load_cleaner=standin.load_cleaner)).records == 21
    assert go(write_pages(pages, last="three"), out, jobs=0).skipped == 21
    assert len(rows(out)) == 22


def test_no_dataset_is_an_error_and_makes_no_folder(tmp_path):
    with pytest.raises(StoreError, match="no dataset"):
        compact(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_in_an_object_store_the_rows_are_the_same(bucket, tmp_path):
    pages = write_pages(tmp_path / "in", "one", "two", "")
    out = f"{bucket}/out"
    for text in ("one", "one, changed"):
        (pages / "000.txt").write_text(text)
        go(pages, out, jobs=0)
    assert compact(out)[1].parts_after == 2
    assert read(out).count_rows() == 3
    assert compact(out, latest=True)[1].superseded == 1
    assert sorted(read(out).to_table(["body"])["body"].to_pylist()) == ["one, changed", "two"]
    assert refresh(out, Refresh(jobs=0, load_cleaner=standin.load_cleaner)).records == 2
    assert go(pages, out, jobs=0).skipped == 3
    found = read_status(out)
    assert (found.records.rows, found.rejects.rows, found.reasons) == (2, 2, {"empty": 1, "superseded": 1})
    assert found.unfinished == []
