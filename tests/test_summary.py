from __future__ import annotations

from collections import Counter

import pytest
from test_runner import go, write_pages

from ingest.events import PageFailed, RunStarted, TextKept, WorkerDied
from ingest.summary import OTHER, RunSummary, Sites, fold_sites


def sites_of(*rows: tuple[str | None, str, int]) -> Counter[tuple[str | None, str]]:
    return Counter({(site, kind): number for site, kind, number in rows})


def test_sites_are_counted_the_largest_first():
    sites = Sites()
    sites.add(sites_of(("a.example", "records", 2), ("a.example", "rejects", 1), ("b.example", "records", 9)))
    sites.add(sites_of((None, "rejects", 4), ("a.example", "records", 1), ("c.example", "records", 4)))
    assert list(sites.largest(10).items()) == [
        ("b.example", {"records": 9, "rejects": 0}),
        ("a.example", {"records": 3, "rejects": 1}),
        ("c.example", {"records": 4, "rejects": 0}),
        ("unknown", {"records": 0, "rejects": 4}),
    ]
    assert list(sites.largest(1).items()) == [
        ("b.example", {"records": 9, "rejects": 0}),
        (OTHER, {"records": 7, "rejects": 5}),
    ]


def test_a_crawl_of_countless_sites_stays_small_and_adds_up(monkeypatch):
    monkeypatch.setattr(Sites, "ROOM", 100)
    sites = Sites()
    for number in range(5000):
        sites.add(sites_of((f"{number}.example", "records", 1), ("large.example", "records", 3)))
        assert len(sites.rows) <= 101
    largest = sites.largest(10)
    assert next(iter(largest.items())) == ("large.example", {"records": 15_000, "rejects": 0})
    assert sum(rows["records"] for rows in largest.values()) == 20_000
    assert len(largest) == 11


def test_folding_again_keeps_what_was_folded():
    once = fold_sites({"a": {"records": 3}, "b": {"records": 2}, OTHER: {"rejects": 5}}, 1)
    assert once == {"a": {"records": 3}, OTHER: {"records": 2, "rejects": 5}}
    assert fold_sites(once, 0) == {OTHER: {"records": 5, "rejects": 5}}


@pytest.mark.parametrize("jobs", [0, 1])
def test_a_run_tells_its_start_what_went_wrong_and_its_summary(tmp_path, jobs):
    pages = write_pages(tmp_path / "in", "one", "guarded two", "bug", "", *(["die", "spin"] if jobs else []))
    heard: list[object] = []
    summary = go(pages, tmp_path / "out", jobs, listen=heard.append)
    assert isinstance(heard[0], RunStarted) and heard[0].run_id == summary.run_id
    assert heard[-1] == summary
    failed = {(event.source[-7:], event.reason) for event in heard if isinstance(event, PageFailed)}
    assert failed == {("002.txt", "crashed")} | (
        {("004.txt", "crashed"), ("005.txt", "timeout")} if jobs else set()
    )
    assert [event.rules for event in heard if isinstance(event, TextKept)] == [("test/all",)]
    ends = {event.end for event in heard if isinstance(event, WorkerDied)}
    assert ends == ({"SIGKILL", "SIGPROF"} if jobs else set())
    assert summary.sites == {"unknown": {"records": 2, "rejects": 4 if jobs else 2}}


def test_a_failed_run_tells_its_summary_too(tmp_path):
    heard: list[object] = []

    def fail(pages: int) -> None:
        raise RuntimeError("as ordered")

    with pytest.raises(RuntimeError):
        go(write_pages(tmp_path / "in", "one"), tmp_path / "out", listen=heard.append, progress=fail)
    assert isinstance(heard[-1], RunSummary) and heard[-1].status == "failed"
