from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import newsroom
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import standin
from test_runner import assert_clean, go, rows, write_pages

from ingest.errors import StoreError
from ingest.preview import preview
from ingest.records import Reject
from ingest.refresh import Refresh, refresh
from ingest.report.runs import read_runs
from ingest.rewrite import replace_part
from ingest.runner import run
from ingest.sources.read import _Open
from ingest.store import read, read_rejects

RUN_COLUMNS = ["run_id", "ingested_at", "source_stamp", "refreshed_at"]


def write_site(folder: Path, site: int, count: int, seed: int = 1) -> None:
    """Pages of a made-up site, each with its address in a sidecar."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Random(seed)
    for number in range(count):
        day = newsroom.FIRST_DAY + timedelta(hours=number)
        page = newsroom.make_page(site, number, day, newsroom.Look(), made)
        (folder / f"{site}-{number}.html").write_bytes(page.data)
        facts = {"url": page.url, "fetched_at": day.isoformat()}
        (folder / f"{site}-{number}.json").write_text(json.dumps(facts))


@pytest.fixture
def rules(tmp_path, monkeypatch) -> Path:
    (tmp_path / "bundled").mkdir()
    monkeypatch.setattr("ingest.rules.rulebook.bundled_rules", lambda: tmp_path / "bundled")
    newsroom.write_rules(tmp_path / "rules", [1, 2])
    return tmp_path / "rules"


@pytest.fixture
def dataset(tmp_path, rules) -> Path:
    """Sites 1 and 2 have rules, site 3 has none; two parts."""
    for site in (1, 2, 3):
        write_site(tmp_path / "in", site, 20)
    run(tmp_path / "in", out=tmp_path / "out", rules=[rules], jobs=0)
    return tmp_path / "out"


def change_rules(rules: Path, site: int, old: str, new: str) -> None:
    file = rules / f"{newsroom.site_name(site)}.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def by_source(out: Path) -> dict[str, dict]:
    table = read(out).to_table().to_pylist()
    assert len({row["source"] for row in table}) == len(table)
    return {Path(row["source"]).name: row for row in table}


def how(rules: Path, **more) -> Refresh:
    return Refresh(rules=[str(rules)], jobs=0, **more)


def test_nothing_is_due_while_the_rules_stay(dataset, rules):
    before = {part: part.stat().st_mtime_ns for part in (dataset / "records").iterdir()}
    summary = refresh(dataset, how(rules))
    assert (summary.command, summary.read, summary.records) == ("refresh", 0, 0)
    assert before == {part: part.stat().st_mtime_ns for part in (dataset / "records").iterdir()}


def test_exactly_the_site_with_other_rules_is_made_anew(dataset, rules, tmp_path):
    before = by_source(dataset)
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    summary = refresh(dataset, how(rules))
    assert (summary.read, summary.records, summary.kept) == (20, 20, {})
    after = by_source(dataset)
    assert before.keys() == after.keys() and len(after) == 60
    for name, row in after.items():
        if not name.startswith("1-"):
            assert row == before[name]
            continue
        assert row["rules_digest"] != before[name]["rules_digest"]
        assert [row[c] for c in RUN_COLUMNS[:2]] == [before[name][c] for c in RUN_COLUMNS[:2]]
        assert row["refreshed_at"] > row["ingested_at"]
    assert sum("Dear readers" in row["body"] for row in after.values()) > 10
    run(tmp_path / "in", out=tmp_path / "anew", rules=[rules], jobs=0)
    for name, row in by_source(tmp_path / "anew").items():
        assert all(row[column] == after[name][column] for column in row if column not in RUN_COLUMNS)
    assert refresh(dataset, how(rules)).read == 0
    assert run(tmp_path / "in", out=dataset, rules=[rules], jobs=0).skipped == 60


def test_a_site_that_gets_rules_is_made_anew(dataset, rules):
    newsroom.write_rules(rules, [3])
    assert {row["method"] for name, row in by_source(dataset).items() if name[0] == "3"} == {"generic"}
    assert refresh(dataset, how(rules)).records == 20
    assert {row["method"] for row in by_source(dataset).values()} == {"rules"}


def test_a_site_can_be_made_anew_alone(dataset, rules):
    for site in (1, 2):
        change_rules(rules, site, "^Dear readers of ", "^No such words")
    assert refresh(dataset, how(rules, site="paper1.example")).records == 20
    assert refresh(dataset, how(rules)).records == 20


def test_another_version_makes_all_anew(dataset, rules, monkeypatch):
    monkeypatch.setattr("ingest.due.VERSION", "99")
    assert refresh(dataset, how(rules)).records == 60


def test_a_source_that_is_gone_or_changed_leaves_its_record(dataset, rules, tmp_path):
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    before = by_source(dataset)
    (tmp_path / "in" / "1-0.html").unlink()
    (tmp_path / "in" / "1-1.html").write_text("<p>other bytes</p>")
    (tmp_path / "in" / "1-2.json").unlink()  # without its address it would be another page
    summary = refresh(dataset, how(rules))
    assert (summary.records, summary.skipped) == (17, 3)
    assert summary.kept == {"gone": 1, "changed": 1, "address": 1}
    after = by_source(dataset)
    assert all(after[f"1-{number}.html"] == before[f"1-{number}.html"] for number in range(3))


def test_a_record_that_becomes_a_reject_moves(dataset, rules):
    before = by_source(dataset)
    with (rules / "paper1.example.yaml").open("a") as file:
        file.write("refuse: [{id: none, css: '.story-text'}]\n")
    summary = refresh(dataset, how(rules))
    assert (summary.records, summary.rejects, summary.moved) == (0, {"not_an_article": 20}, {"rejects": 20})
    assert set(by_source(dataset)) == {name for name in before if name[0] != "1"}
    rejects = read_rejects(dataset).to_table().to_pylist()
    assert len(rejects) == 20
    for row in rejects:
        old = before[Path(row["source"]).name]
        assert all(row[name] == old[name] for name in ("page_id", "source_digest", "run_id", "ingested_at"))
        assert row["refreshed_at"]


def test_the_dry_run_says_what_would_change_and_changes_nothing(dataset, rules):
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    with (rules / "paper2.example.yaml").open("a") as file:
        file.write("refuse: [{id: none, css: '.story-text'}]\n")
    before = by_source(dataset)
    first, second = preview(dataset, how(rules))
    assert (first.site, first.due, first.looked_at, first.kept) == ("paper1.example", 20, 20, 0)
    assert first.same == 0 and first.changed["body"] == first.changed["removals"] == 20
    assert "title" not in first.changed
    assert first.words_more > 100 and first.words_fewer == 0
    assert (second.site, second.rejects, second.changed) == ("paper2.example", {"not_an_article": 20}, {})
    assert by_source(dataset) == before
    assert_clean(dataset)
    assert len(list((dataset / "runs").iterdir())) == 1


def test_a_dry_run_of_many_pages_cleans_some(dataset, rules, monkeypatch):
    monkeypatch.setattr("ingest.preview.PREVIEW_ROWS", 12)
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    change_rules(rules, 2, "^Dear readers of ", "^No such words")
    assert [(change.due, change.looked_at) for change in preview(dataset, how(rules))] == [(20, 6), (20, 6)]


def test_rows_of_the_first_schema_version_are_made_anew(dataset, rules):
    for part in (dataset / "records").iterdir():
        pq.write_table(pq.read_table(part).drop_columns(["source_stamp", "refreshed_at"]), part)
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    assert refresh(dataset, how(rules)).records == 20
    after = by_source(dataset)
    assert len(after) == 60 and {name[0] for name, row in after.items() if row["refreshed_at"]} == {"1"}


@pytest.mark.parametrize("word", ["crash", "fine"])
def test_a_page_that_costs_its_worker_leaves_its_record(tmp_path, word):
    """The stand-in's records name no rules, so all of them are due."""
    go(write_pages(tmp_path / "in", "one", "two"), tmp_path / "out")
    cleaner = die_of_one if word == "crash" else standin.load_cleaner
    summary = refresh(tmp_path / "out", Refresh(jobs=1, load_cleaner=cleaner))
    kept = {"failed": 1} if word == "crash" else {}
    assert (summary.kept, summary.records) == (kept, 2 - len(kept))
    assert rows(tmp_path / "out") == {"000.txt": None, "001.txt": None}


def die_of_one():
    return clean_or_die


def clean_or_die(page):
    if page.data == b"one":
        os.kill(os.getpid(), signal.SIGKILL)
    return standin.clean(page)


# Refreshes that are killed


def refuse_some():
    return clean_or_refuse


def clean_or_refuse(page):
    row = standin.clean(page)
    if int(Path(page.source).stem) % 3 == 0:
        names = ("page_id", "source", "source_digest", "media_type", "version")
        return Reject(
            **{name: getattr(row, name) for name in names}, reason="no_article", detail="as ordered"
        )
    return row


def test_after_kill_9_the_next_refresh_completes_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.runner.LARGEST_CHUNK", 30)
    pages = write_pages(tmp_path / "in", *["slow"] * 300)
    out = tmp_path / "out"
    go(pages, out, jobs=2)
    started = sorted(read(out).to_table(["source", "ingested_at"]).to_pylist(), key=str)
    code = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
import test_refresh, ingest.due, ingest.refresh
ingest.due.WAVE_ROWS = 40
ingest.refresh.refresh({str(out)!r}, ingest.refresh.Refresh(jobs=2, load_cleaner=test_refresh.refuse_some))
"""
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", code])
        time.sleep(random.uniform(3, 5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = Counter(read(out).to_table(["source"])["source"].to_pylist())
        refused = read_rejects(out).to_table(["source"])["source"].to_pylist()
        assert max(found.values()) == 1 and len({*found, *refused}) == 300
    subprocess.run([sys.executable, "-c", code], check=True)
    verdicts = rows(out)
    assert len(verdicts) == 300 and Counter(verdicts.values()) == {None: 200, "no_article": 100}
    assert_clean(out)
    both = [*read(out).to_table(["source", "ingested_at"]).to_pylist()]
    both += read_rejects(out).to_table(["source", "ingested_at"]).to_pylist()
    assert sorted(both, key=str) == started


def test_a_kill_between_rejects_and_records_is_healed(tmp_path, monkeypatch):
    out = tmp_path / "out"
    go(write_pages(tmp_path / "in", *["one"] * 9), out)

    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("ingest.refresh.replace_part", kill)
        with pytest.raises(Killed):
            refresh(out, Refresh(jobs=0, load_cleaner=refuse_some))
    assert read(out).count_rows() == 9 and read_rejects(out).count_rows() == 3
    summary = refresh(out, Refresh(jobs=0, load_cleaner=standin.load_cleaner))
    assert (summary.records, read_rejects(out).count_rows()) == (9, 0)
    refresh(out, Refresh(jobs=0, load_cleaner=refuse_some))
    assert Counter(rows(out).values()) == {None: 6, "no_article": 3}


def test_a_signal_waits_until_what_is_replaced_is_counted(tmp_path, monkeypatch):
    out = tmp_path / "out"
    for folder in ("a", "b"):
        go(write_pages(tmp_path / folder, *[f"page {number} of {folder}" for number in range(9)]), out)
    seen = []

    def replace_and_interrupt(path, staged, rows):
        replace_part(path, staged, rows)
        seen.append(path)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("ingest.refresh.replace_part", replace_and_interrupt)
    with pytest.raises(KeyboardInterrupt):
        refresh(out, Refresh(jobs=0, load_cleaner=refuse_some))
    assert len(seen) == 1
    (summary,) = [run for run in read_runs(out)[0] if run.command == "refresh"]
    assert (summary.status, summary.records, summary.rejects) == ("interrupted", 6, {"no_article": 3})
    anew = pc.field("refreshed_at").is_valid()
    assert (read(out).count_rows(filter=anew), read_rejects(out).count_rows(filter=anew)) == (6, 3)
    assert read(out).count_rows() == 15


def test_readers_of_a_part_that_is_replaced_see_old_rows_or_new_ones(tmp_path):
    out = tmp_path / "out"
    go(write_pages(tmp_path / "in", *["one"] * 9), out)
    listed, read_from = read(out), read(out)
    assert set(read_from.to_table()["body"].to_pylist()) == {"one"}
    refresh(out, Refresh(jobs=0, load_cleaner=say_more))
    assert [len(body) > 1000 for body in listed.to_table()["body"].to_pylist()] == [True] * 9
    with pytest.raises(OSError):  # it remembers where things stood
        read_from.to_table()


def say_more():
    return lambda page: msgspec.structs.replace(standin.clean(page), body=str(list(range(1000))))


def test_a_part_of_which_nothing_is_left_is_deleted(tmp_path):
    out = tmp_path / "out"
    pages = write_pages(tmp_path / "in")
    (pages / "003.txt").write_text("one")
    go(pages, out)
    refresh(out, Refresh(jobs=0, load_cleaner=refuse_some))
    assert list((out / "records").iterdir()) == [] and rows(out) == {"003.txt": "no_article"}
    assert go(pages, out).skipped == 1


def test_no_dataset_is_an_error_and_makes_no_folder(tmp_path):
    with pytest.raises(StoreError, match="no dataset"):
        refresh(tmp_path / "out", Refresh())
    assert not (tmp_path / "out").exists()


def test_pages_in_an_archive_are_found_again(tmp_path, rules):
    made = Random(1)
    pages = [newsroom.make_page(1, n, newsroom.FIRST_DAY, newsroom.Look(), made) for n in range(5)]
    lines = [json.dumps({"html": page.data.decode(), "url": page.url}) for page in pages]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines))
    run(tmp_path / "pages.jsonl", out=tmp_path / "out", rules=[rules], jobs=0)
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    summary = refresh(tmp_path / "out", how(rules))
    assert (summary.records, summary.kept) == (5, {})
    assert _Open.reader is None, "no archive stays open"


def test_pages_in_a_tar_keep_the_address_that_a_sidecar_gave(tmp_path, rules):
    write_site(tmp_path / "in", 1, 5)
    with tarfile.open(tmp_path / "pages.tgz", "w:gz") as archive:
        for file in sorted((tmp_path / "in").iterdir()):
            archive.add(file, file.name)
    run(tmp_path / "pages.tgz", out=tmp_path / "out", rules=[rules], jobs=0)
    before = {row["source"]: row["url"] for row in read(tmp_path / "out").to_table().to_pylist()}
    assert len(before) == 5 and all(before.values())
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    summary = refresh(tmp_path / "out", how(rules))
    assert (summary.records, summary.kept) == (5, {})
    assert {row["source"]: row["url"] for row in read(tmp_path / "out").to_table().to_pylist()} == before
