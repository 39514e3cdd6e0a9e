from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archives import found, member_names, only, pack, write_jsonl, write_parquet

from ingest.errors import UsageError
from ingest.records import RawPage
from ingest.sources import find_sources
from ingest.sources.fields import USUAL, parse_fields

JSONL = ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.ndjson", "a.ndjson.gz", "a.ndjson.zst"]
MOMENT = datetime(2024, 5, 1, 8, tzinfo=UTC)


def rows_of(columns):
    names = list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def write_table(path, columns):
    return write_parquet(path, columns) if path.suffix == ".parquet" else write_jsonl(path, rows_of(columns))


@pytest.mark.parametrize("name", [*JSONL, "a.parquet"])
def test_each_row_is_a_page_with_what_is_known_of_it(tmp_path, name):
    columns = {
        "id": [7, 8],
        "html": ["<p>caf\u00e9", "<p>two"],
        "url": ["https://site.example/1", None],
        "fetched_at": ["2024-05-01T10:00:00+02:00", ""],
        "content_type": ["text/html; charset=latin-1", None],
    }
    archive = write_table(tmp_path / name, columns)
    first, second = found(archive)
    assert (first.data, first.charset) == ("<p>caf\u00e9".encode(), "utf-8")
    assert (first.url, first.fetched_at, first.media_type) == ("https://site.example/1", MOMENT, "text/html")
    assert (second.data, second.url, second.fetched_at, second.media_type) == (b"<p>two", None, None, None)
    numbers = ["0", "1"] if name == "a.parquet" else ["1", "2"]
    assert [page.source for page in (first, second)] == [f"{archive}!{number}" for number in numbers]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_fields_say_which_column_is_what(tmp_path, name):
    columns = {
        "html": ["<p>no"],
        "content": ["<p>yes"],
        "link": ["https://site.example/1"],
        "ts": [1714550400],
    }
    fields = {"html": "content", "url": "link", "fetched_at": "ts"}
    page = only(found(write_table(tmp_path / name, columns), fields=fields))
    assert (page.data, page.url, page.fetched_at) == (b"<p>yes", "https://site.example/1", MOMENT)


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
@pytest.mark.parametrize("column", USUAL["html"] + USUAL["text"])
def test_usual_names_are_found(tmp_path, name, column):
    page = only(found(write_table(tmp_path / name, {"x": [1], column: ["words"]})))
    assert page.media_type == ("text/plain" if column in USUAL["text"] else None)


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_page_without_html_is_taken_as_text(tmp_path, name):
    pages = found(
        write_table(tmp_path / name, {"html": ["<p>one", None, None], "text": ["one", "two", None]})
    )
    assert [(page.data, page.media_type) for page in pages] == [
        (b"<p>one", None),
        (b"two", "text/plain"),
        (b"", "text/plain"),
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
@pytest.mark.parametrize("folder", [False, True])
def test_a_wrong_column_stops_before_the_first_page(tmp_path, name, folder):
    archive = write_table(tmp_path / name, {"content": ["words"], "link": ["x"]})
    with pytest.raises(UsageError, match=r"a\.\w+ has no column 'contnt'; its columns are content, link\."):
        find_sources(tmp_path if folder else archive, fields={"html": "contnt"})


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_table_without_pages_stops_if_it_is_named_and_is_counted_in_a_folder(tmp_path, name):
    archive = write_table(tmp_path / name, {"path": ["a.html"], "title": ["x"]})
    with pytest.raises(
        UsageError, match=r"no column that is known to hold pages; its columns are path, title"
    ):
        find_sources(archive)
    not_pages: Counter[str] = Counter()
    assert found(tmp_path, not_pages=not_pages) == []
    assert not_pages == {f"{archive.suffix[1:]} without pages": 1}


def test_a_later_table_without_the_named_column_is_a_row(tmp_path):
    write_parquet(tmp_path / "a.parquet", {"content": ["<p>words"]})
    write_parquet(tmp_path / "b.parquet", {"other": ["<p>words"]})
    page, fault = found(tmp_path, fields={"html": "content"})
    assert page.data == b"<p>words"
    assert fault.reason == "unreadable" and "no column 'content'; its columns are other" in fault.detail


@pytest.mark.parametrize(
    "text, message",
    [
        ("html", "NAME=COLUMN"),
        ("html=", "NAME=COLUMN"),
        ("body=x", "html, text"),
        ("", "NAME"),
        ("html=a,html=b", "each name once"),
    ],
)
def test_fields_that_cannot_be_used_say_what_is_known(text, message):
    with pytest.raises(UsageError, match=message):
        parse_fields(text)


def test_fields_are_written_with_commas():
    assert parse_fields("html=content, url = link") == {"html": "content", "url": "link"}


# JSON lines


@pytest.mark.parametrize("name", JSONL)
def test_a_broken_line_is_a_row_with_its_number_and_costs_no_other(tmp_path, name):
    lines = [
        b'{"html": "one"}',
        b"{oops",
        b"",
        b"   ",
        b"[1]",
        b'{"other": 1}',
        b"[" * 100_000,
        b'{"html": 5}',
    ]
    (tmp_path / name).write_bytes(pack(b"\n".join([*lines, b'{"html": "last"}']), name))
    pages = found(tmp_path / name)
    assert [page.source.rpartition("!")[2] for page in pages] == ["1", "2", "5", "6", "7", "8", "9"]
    assert [page.data for page in pages if isinstance(page, RawPage)] == [b"one", b"last"]
    assert "line 2 is not JSON" in pages[1].detail
    assert "Line 6 has no column" in pages[3].detail
    assert pages[5].reason == "unreadable"


def test_lines_added_at_the_end_leave_the_others_their_names(tmp_path):
    archive = write_jsonl(tmp_path / "a.jsonl", [{"html": "one"}, {"html": "two"}])
    before = member_names(archive)
    with archive.open("ab") as file:
        file.write(b'{"html": "three"}')
    assert member_names(archive) == [*before, "3"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_lines_longer_than_what_is_read_at_once(tmp_path, name):
    texts = ["x" * length for length in (10, 3_000_000, 0, 1_048_576 - 13, 1_048_576, 70, 2_500_000)]
    pages = found(write_jsonl(tmp_path / name, [{"html": text} for text in texts]))
    assert [len(page.data) for page in pages] == [len(text) for text in texts]


@pytest.mark.parametrize("pad", [1, 63, 64, 65, 200, 3_000_000])
def test_a_line_that_begins_with_much_white_space_is_a_page(tmp_path, pad):
    (tmp_path / "a.jsonl").write_bytes(b"\n" + b" " * pad + b'{"html": "one"}\n' + b" " * 10)
    assert only(found(tmp_path / "a.jsonl")).data == b"one"


def test_a_page_over_the_limit_is_too_large(tmp_path):
    archive = write_jsonl(
        tmp_path / "a.jsonl", [{"html": "x" * 100}, {"html": "x" * 101}, {"html": "x" * 10_000}]
    )
    pages = found(archive, max_bytes=100)
    assert [getattr(page, "reason", None) for page in pages] == [None, "too_large", "too_large"]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_what_was_packed_before_a_cut_is_kept(tmp_path, name):
    rows = [{"html": json.dumps([number, str(number * 7919) * 50])} for number in range(3000)]
    whole = write_jsonl(tmp_path / name, rows).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])
    *pages, fault = found(tmp_path / name)
    assert len(pages) > 1000
    assert [page.data.decode() for page in pages] == [row["html"] for row in rows[: len(pages)]]
    assert (fault.source, fault.reason) == (str(tmp_path / name), "unreadable")
    assert "ends in the middle" in fault.detail


def test_a_mark_of_byte_order_is_no_part_of_the_first_line(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"html": "one"}\n')
    assert only(found(tmp_path)).data == b"one"


def test_what_json_cannot_say_in_utf8_does_not_stop_the_page(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"html": "<p>half a pair \\ud800 here"}\n{"html": "ok"}\n')
    pages = found(tmp_path / "a.jsonl")
    assert pages[-1].data == b"ok"


# Parquet


def test_bytes_have_the_charset_that_is_stated(tmp_path):
    table = {"content": ["caf\u00e9".encode("latin-1")], "charset": ["ISO-8859-1"]}
    page = only(found(write_parquet(tmp_path / "a.parquet", table)))
    assert (page.data, page.charset) == (b"caf\xe9", "iso-8859-1")


@pytest.mark.parametrize("moment", [MOMENT, MOMENT.replace(tzinfo=None), "2024-05-01T08:00:00Z", 1714550400])
def test_times_of_all_types_are_understood(tmp_path, moment):
    page = only(found(write_parquet(tmp_path / "a.parquet", {"html": ["x"], "timestamp": [moment]})))
    assert page.fetched_at == MOMENT


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.string())]
)
def test_types_of_columns_that_can_hold_pages(tmp_path, kind):
    pages = pa.array(["one", "two", "one"]).cast(kind)
    archive = write_parquet(tmp_path / "a.parquet", {"html": pages})
    assert [page.data for page in found(archive)] == [b"one", b"two", b"one"]


def test_a_column_of_something_else_makes_rows(tmp_path):
    (page,) = found(write_parquet(tmp_path / "a.parquet", {"html": [5]}))
    assert page.reason == "unreadable" and "'html' holds int" in page.detail


def test_rows_of_many_groups_are_read_in_any_order(tmp_path):
    texts = [f"page {number}" for number in range(500)]
    archive = write_parquet(tmp_path / "a.parquet", {"html": texts}, row_group_size=77)
    assert [page.data.decode() for page in found(archive)] == texts
    assert found(write_parquet(tmp_path / "b.parquet", {"html": pa.array([], pa.string())})) == []


def test_a_broken_row_group_costs_its_own_rows_only(tmp_path):
    texts = [f"page {number} " * 50 for number in range(300)]
    archive = write_parquet(tmp_path / "a.parquet", {"html": texts}, row_group_size=100, use_dictionary=False)
    column = pq.ParquetFile(archive).metadata.row_group(1).column(0)
    content = bytearray(archive.read_bytes())
    start = column.data_page_offset
    content[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    archive.write_bytes(content)
    pages = found(archive)
    assert [page.data.decode() for page in pages if isinstance(page, RawPage)] == texts[:100] + texts[200:]
    assert {page.reason for page in pages[100:200]} == {"unreadable"}
