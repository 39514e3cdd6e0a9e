"""Marks on the disk: each a whole line, the last one about a text holds, nothing broken is silent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
import pytest

from ingest.errors import StoreError
from ingest.marks import Mark, append_mark, read_marks


def make_mark(number=0, **changes):
    mark = Mark(
        what="wrong",
        page_id="p",
        source="/pages/a.html",
        source_digest="d",
        site="valley.example",
        url="https://valley.example/a",
        rule="valley.example/plea",
        kind="plea",
        block=number,
        text=f"Text {number}\nwith a second line, ünïcode and \u2028.",
        marked_at=datetime(2024, 5, 1, tzinfo=UTC),
    )
    return msgspec.structs.replace(mark, **changes)


def test_what_is_written_is_read(tmp_path):
    marks = [make_mark(number) for number in range(5)]
    for mark in marks:
        append_mark(tmp_path, mark)
    assert read_marks(tmp_path) == (marks, [])
    assert len((tmp_path / "marks.jsonl").read_bytes().splitlines()) == 5


def test_the_last_line_about_a_text_holds(tmp_path):
    for mark in (
        make_mark(1),
        make_mark(2),
        make_mark(1, what="withdrawn"),
        make_mark(2, what="withdrawn"),
        make_mark(2),
    ):
        append_mark(tmp_path, mark)
    assert read_marks(tmp_path) == ([make_mark(2)], [])


def test_a_torn_line_costs_nothing_but_itself(tmp_path):
    append_mark(tmp_path, make_mark(1))
    path = tmp_path / "marks.jsonl"
    path.write_bytes(path.read_bytes() + b'{"what": "wrong", "te')
    append_mark(tmp_path, make_mark(2))
    marks, [sentence] = read_marks(tmp_path)
    assert marks == [make_mark(1), make_mark(2)]
    assert "marks.jsonl:2" in sentence and "Mend the line" in sentence


def test_writers_do_not_mix_their_lines(tmp_path):
    marks = [make_mark(number, text="x" * 5_000) for number in range(60)]
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda mark: append_mark(tmp_path, mark), marks))
    found, broken = read_marks(tmp_path)
    assert not broken and sorted(found, key=lambda mark: mark.block) == marks


def test_no_marks_and_no_folder(tmp_path):
    assert read_marks(tmp_path) == ([], [])
    with pytest.raises(StoreError):
        read_marks(tmp_path / "nowhere")
    with pytest.raises(StoreError):
        append_mark(tmp_path / "nowhere", make_mark())
