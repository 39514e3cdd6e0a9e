from __future__ import annotations

import json

import pytest
from test_runner import go, write_pages

from ingest.errors import StoreError
from ingest.schema import RECORDS
from ingest.status import read_status
from ingest.store import stage_part


@pytest.fixture
def out(tmp_path):
    pages = write_pages(tmp_path / "in", "one", "two", "", "bug")
    go(pages, tmp_path / "out", jobs=0)
    go(write_pages(pages, late="three"), tmp_path / "out", jobs=0)
    return tmp_path / "out"


def test_status_counts_what_is_there(out):
    found = read_status(out)
    parts = list((out / "records").iterdir())
    assert (found.records.parts, found.records.rows) == (2, 3)
    assert found.records.bytes == sum(part.stat().st_size for part in parts)
    assert (found.rejects.parts, found.rejects.rows) == (1, 2)
    assert found.reasons == {"empty": 1, "crashed": 1}
    assert (found.sites, found.runs, found.unfinished) == (0, 2, [])
    assert [run["records"] for run in found.last_runs] == [1, 2]


def test_status_names_what_is_unfinished(out):
    (killed, _) = sorted((out / "runs").iterdir())
    killed.unlink()
    stage_part(RECORDS.empty_table(), out / "records")

    def interrupt(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(write_pages(out.parent / "in", more="four"), out, jobs=0, progress=interrupt)
    stage_part(RECORDS.empty_table(), out / "records")
    said = "\n".join(read_status(out).unfinished)
    assert f"{killed.stem} has rows and no summary" in said
    assert "ended before all was done (interrupted)" in said
    assert "records has 1 unfinished files" in said


def test_a_broken_summary_does_not_hurt(out):
    (out / "runs" / "a.json").write_text("{")
    assert len(read_status(out).last_runs) == 2


def test_the_command_prints_it(run_ingest, out):
    code, said, _ = run_ingest("status", out)
    assert code == 0
    assert "3 rows in 2 parts" in said and "empty 1" in said and "run" in said
    code, said, _ = run_ingest("status", out, "--json")
    assert json.loads(said)["records"]["rows"] == 3


def test_no_dataset_is_code_1(run_ingest, tmp_path):
    with pytest.raises(StoreError):
        read_status(tmp_path)
    assert run_ingest("status", tmp_path)[0] == 1
