from __future__ import annotations

import time
from pathlib import Path

import pytest
import standin
from prometheus_client.parser import text_string_to_metric_families

from ingest.errors import StoreError
from ingest.metrics import SITES, write_metrics
from ingest.records import REASONS
from ingest.summary import RunSummary


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in {"a": "one", "b": "guarded", "c": "", "d": "bug"}.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def values(file: Path) -> dict[tuple[str, ...], float]:
    """Name and label -> value, as Prometheus reads the file."""
    found = {}
    for family in text_string_to_metric_families(file.read_text()):
        assert family.type == "gauge" and family.documentation
        for sample in family.samples:
            rest = [value for name, value in sample.labels.items() if name != "dataset"]
            assert "dataset" in sample.labels
            found[(sample.name, *rest)] = sample.value
    return found


def summary_of(**changes) -> RunSummary:
    given = {
        "run_id": "run",
        "version": "0",
        "out": "/data/out",
        "status": "done",
        "started": standin.MOMENT,
        "seconds": 12.5,
        "read": 10,
        "skipped": 2,
        "records": 6,
        "rejects": {"empty": 2},
        "removals": {"plea": 3},
        "flags": {},
    }
    return RunSummary(**(given | changes))


def test_a_run_writes_its_counts(command, pages, tmp_path):
    file = tmp_path / "ingest.prom"
    before = time.time()
    code, _, complaints = command(
        "run", pages, "--out", tmp_path / "out", "--jobs", 0, "--quiet", "--metrics", file
    )
    assert (code, complaints) == (0, "")
    found = values(file)
    assert before - 1 <= found[("ingest_last_success_timestamp_seconds",)] <= time.time()
    assert found[("ingest_last_success_timestamp_seconds",)] == found[("ingest_last_run_timestamp_seconds",)]
    assert found[("ingest_run_exit_code",)] == 0
    assert found[("ingest_run_duration_seconds",)] >= 0
    assert (found[("ingest_run_pages",)], found[("ingest_run_records",)]) == (4, 2)
    assert found[("ingest_run_skipped",)] == 0
    assert found[("ingest_run_reject_ratio",)] == 0.5
    assert {key[1]: value for key, value in found.items() if key[0] == "ingest_run_rejects"} == dict.fromkeys(
        REASONS, 0
    ) | {"empty": 1, "crashed": 1}
    assert found[("ingest_run_flags", "guarded")] == 1
    assert found[("ingest_run_removals", "share")] == 2
    assert found[("ingest_run_site_records", "unknown")] == 2
    assert found[("ingest_run_site_rejects", "unknown")] == 2
    assert str(tmp_path / "out") in file.read_text()
    assert [path.name for path in tmp_path.glob("ingest.prom*")] == ["ingest.prom"]


def test_the_last_success_outlives_failures(command, pages, tmp_path):
    file, out = tmp_path / "ingest.prom", tmp_path / "out"
    command("run", pages, "--out", out, "--jobs", 0, "--quiet", "--metrics", file)
    success = values(file)[("ingest_last_success_timestamp_seconds",)]
    for arguments, code in (
        (("run", pages, "--out", out, "--rules", tmp_path / "no"), 2),
        (("run", pages / "no", "--out", out), 2),
    ):
        assert command(*arguments, "--jobs", 0, "--quiet", "--metrics", file)[0] == code
        found = values(file)
        assert found[("ingest_run_exit_code",)] == code
        assert found[("ingest_last_success_timestamp_seconds",)] == success
        assert found[("ingest_last_run_timestamp_seconds",)] > success
        assert ("ingest_run_pages",) not in found
    (pages / "e.txt").write_text("")
    rate = ("--max-reject-rate", 0.1)
    assert command("run", pages, "--out", out, "--jobs", 0, "--quiet", "--metrics", file, *rate)[0] == 3
    found = values(file)
    assert found[("ingest_last_success_timestamp_seconds",)] == success
    assert (found[("ingest_run_skipped",)], found[("ingest_run_exit_code",)]) == (4, 3)


def test_a_run_that_is_interrupted_tells_what_it_did(command, pages, tmp_path, monkeypatch):
    def interrupt(result):
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.runner.commit", interrupt)
    file = tmp_path / "ingest.prom"
    assert command("run", pages, "--out", tmp_path / "out", "--jobs", 0, "--metrics", file)[0] == 130
    found = values(file)
    assert (found[("ingest_run_exit_code",)], found[("ingest_run_records",)]) == (130, 0)
    assert ("ingest_last_success_timestamp_seconds",) not in found


def test_sites_are_bounded_and_the_rest_is_added_up(tmp_path):
    sites = {f"{number}.example": {"records": 1000 - number, "rejects": 1} for number in range(SITES + 20)}
    write_metrics(tmp_path / "m.prom", "/data/out", summary_of(sites=sites | {"other": {"records": 5}}), 0)
    found = values(tmp_path / "m.prom")
    records = {key[1]: value for key, value in found.items() if key[0] == "ingest_run_site_records"}
    assert len(records) == SITES + 1
    assert records["0.example"] == 1000
    assert records["other"] == 5 + sum(1000 - number for number in range(SITES, SITES + 20))
    assert found[("ingest_run_site_rejects", "other")] == 20


def test_strange_names_and_files_do_no_harm(tmp_path):
    file = tmp_path / "m.prom"
    file.write_text("not { metrics")
    sites = {'a"b\\\n': {"records": 1, "rejects": 0}}
    flags = {"guarded:one/a": 2, "guarded:two/b": 3, "no_date": 1}
    write_metrics(file, 'da"ta', summary_of(sites=sites, flags=flags, not_pages={"warc request": 4}), 1)
    found = values(file)
    assert found[("ingest_run_site_records", 'a"b\\\n')] == 1
    assert (found[("ingest_run_flags", "guarded")], found[("ingest_run_flags", "no_date")]) == (5, 1)
    assert found[("ingest_run_not_pages", "warc request")] == 4


def test_a_success_of_another_dataset_is_not_ours(tmp_path):
    write_metrics(tmp_path / "m.prom", "/data/one", summary_of(), 0)
    write_metrics(tmp_path / "m.prom", "/data/two", summary_of(), 1)
    assert ("ingest_last_success_timestamp_seconds",) not in values(tmp_path / "m.prom")


def test_a_file_that_cannot_be_written_is_said(command, pages, tmp_path):
    with pytest.raises(StoreError, match="Cannot write"):
        write_metrics(tmp_path / "no" / "m.prom", "/data/out", summary_of(), 0)
    code, _, complaints = command(
        "run", pages, "--out", tmp_path / "out", "--metrics", tmp_path / "no" / "m.prom"
    )
    assert code == 2 and "there is no folder" in complaints and not (tmp_path / "out").exists()
