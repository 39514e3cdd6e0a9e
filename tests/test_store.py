from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_type_hints

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import schema
from ingest.errors import StoreError
from ingest.ledger import part_name, read_ledger
from ingest.records import Block, Image, Record, Reject, Removal
from ingest.schema import RECORDS, REJECTS, records_table, rejects_table
from ingest.store import commit_part, open_output, read, read_rejects, stage_part, sweep, write_part

RUN_COLUMNS = ["run_id", "ingested_at", "source_stamp", "refreshed_at"]
NOW = datetime(2024, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)

FULL = Record(
    page_id="1" * 32,
    source="/in/a.html",
    source_digest="2" * 32,
    media_type="text/html",
    url="https://site.example/a",
    canonical_url="https://site.example/a",
    site="site.example",
    publisher="The Site",
    language="he",
    title="כותרת",
    deck="deck",
    authors=("Ada Lind", "Bo Ek"),
    agency="Agency",
    published=NOW,
    published_day=NOW.date(),
    published_raw="1 May",
    published_has_time=False,
    published_has_zone=True,
    modified=NOW,
    section="news",
    tags=("one",),
    access="metered",
    truncated=True,
    body="first\n\nsecond",
    blocks=(Block("heading", "first", 2, 0), Block("paragraph", "second", 0, 3)),
    images=(Image(url="https://site.example/a.jpg", alt="alt"), Image(caption="caption", credit="credit")),
    removals=(Removal("site.example/share", "share", 1, "share", 4),),
    words_kept=2,
    words_removed=1,
    words_outside=100,
    method="rules",
    layout="2023",
    origins={"title": "json-ld", "published": "meta"},
    flags=("guard",),
    rules_digest="3" * 32,
    version="1",
)
BARE = Record(
    page_id="4" * 32,
    source="/in/b.html",
    source_digest="5" * 32,
    media_type="text/html",
    body="body",
    method="generic",
)
REJECT = Reject(page_id="6" * 32, source="/in/c.html", reason="empty", detail="no text")


@pytest.fixture
def out(tmp_path):
    open_output(tmp_path / "out")
    return tmp_path / "out"


def test_the_columns_are_the_records_fields_in_their_order():
    assert RECORDS.names == [*Record.__struct_fields__, *RUN_COLUMNS]
    assert REJECTS.names == [*Reject.__struct_fields__, *RUN_COLUMNS]
    for kind, struct in ((schema.BLOCK, Block), (schema.IMAGE, Image), (schema.REMOVAL, Removal)):
        assert [kind.field(i).name for i in range(kind.num_fields)] == list(struct.__struct_fields__)


def test_every_text_column_is_text_and_every_number_a_number():
    arrow = {str: pa.string(), int: pa.int32(), bool: pa.bool_(), datetime: pa.timestamp("us", "UTC")}
    for name, hint in get_type_hints(Record).items():
        plain = next((kind for kind in arrow if hint in (kind, kind | None)), None)
        if plain:
            assert RECORDS.field(name).type == arrow[plain], name


def test_rows_come_back_as_they_were(out):
    write_part(records_table([FULL, BARE], "run", NOW), out / "records", "a")
    rows = read(out).to_table().to_pylist()
    for row, record in zip(rows, [FULL, BARE], strict=True):
        assert [row.pop(name) for name in RUN_COLUMNS] == ["run", NOW, None, None]
        row["origins"] = dict(row["origins"])
        assert row == {**msgspec.to_builtins(record, builtin_types=(date, datetime)), **tuples(record)}


def tuples(record):
    names = ("authors", "tags", "flags", "blocks", "images", "removals")
    return {name: [msgspec.to_builtins(value) for value in getattr(record, name)] for name in names}


def test_what_is_absent_is_null_and_lists_are_empty():
    (row,) = records_table([BARE], "run", NOW).to_pylist()
    for name in ("url", "site", "title", "published", "published_has_time", "access", "layout"):
        assert row[name] is None
    for name in ("authors", "tags", "blocks", "images", "removals", "flags", "origins"):
        assert row[name] == []


def test_rejects_come_back(out):
    write_part(rejects_table([REJECT], "run", NOW), out / "rejects", "a")
    (row,) = read_rejects(out).to_table().to_pylist()
    assert [row.pop(name) for name in RUN_COLUMNS] == ["run", NOW, None, None]
    assert row == msgspec.to_builtins(REJECT)


def test_no_rows_make_an_empty_table_of_the_same_schema():
    assert records_table([], "run", NOW).schema == RECORDS
    assert rejects_table([], "run", NOW).schema == REJECTS


def test_a_part_carries_the_schema_version(out):
    part = write_part(records_table([BARE], "run", NOW), out / "records", "a")
    assert pq.read_schema(part).metadata[b"ingest.schema"] == b"3"
    assert pq.read_metadata(part).row_group(0).column(0).compression == "ZSTD"


@given(st.text(st.characters(codec=None, categories=None), max_size=50))
def test_any_text_can_be_stored(text):
    record = msgspec.structs.replace(
        FULL, title=text, blocks=(Block("paragraph", text),), origins={"a": text}
    )
    (row,) = records_table([record], "run", NOW).to_pylist()
    stored = "".join("\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char for char in text)
    assert row["title"] == row["blocks"][0]["text"] == dict(row["origins"])["a"] == stored


def test_a_part_written_again_replaces_itself(out):
    for body in ("old", "new"):
        records = [msgspec.structs.replace(BARE, body=body)]
        write_part(records_table(records, "run", NOW), out / "records", part_name([("/in/b.html", "5")]))
    assert read(out).to_table(columns=["body"]).to_pylist() == [{"body": "new"}]


def test_part_names_differ_by_snapshot():
    full, bare, changed = ("a", "1"), ("b", "2"), ("b", "3")
    identities = [full], [bare], [changed], [("b", None)], [full, bare], []
    assert len({part_name(some) for some in identities}) == 6


def test_what_is_staged_is_not_seen_and_is_swept(out):
    staged = stage_part(records_table([BARE], "run", NOW), out / "records")
    assert Path(staged).exists() and read(out).count_rows() == 0 and len(read_ledger(out)) == 0
    sweep(out)
    assert list((out / "records").iterdir()) == []


def test_a_part_that_cannot_be_written_leaves_nothing(out, monkeypatch):
    def fill_the_disk(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", fill_the_disk)
    with pytest.raises(StoreError, match="No space left"):
        stage_part(records_table([BARE], "run", NOW), out / "records")
    assert list((out / "records").iterdir()) == []


def test_an_output_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(StoreError, match="Cannot write"):
        open_output(tmp_path / "out")


def test_a_folder_without_a_dataset_is_an_error(tmp_path):
    for function in (read, read_rejects, read_ledger):
        with pytest.raises(StoreError, match="no dataset"):
            function(tmp_path)


def test_readers_never_see_half_a_file(out):
    done = threading.Event()
    seen = []

    def read_all_the_time():
        while not done.is_set():
            seen.append(read(out).to_table().num_rows)

    reader = threading.Thread(target=read_all_the_time)
    reader.start()
    for number in range(30):
        write_part(records_table([FULL] * 100, "run", NOW), out / "records", str(number))
    done.set()
    reader.join()
    assert seen == sorted(seen) and all(rows % 100 == 0 for rows in seen)


def test_a_commit_is_on_the_disk_before_it_is_over(out, monkeypatch):
    """The part first, then its name: else a power failure could leave a name with half a file, or none."""
    synced = []
    sync = os.fsync

    def note_and_sync(descriptor):
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    monkeypatch.setattr("ingest.store.os.fsync", note_and_sync)
    staged = stage_part(records_table([BARE], "run", NOW), out / "records")
    commit_part(staged, "a")
    assert synced == [str(staged), str(out / "records")]
