"""Rejects made anew: which are due, where their rows go, and that each stays one row."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
import standin
from test_refresh import by_source, dataset, how, refuse_some, rules  # noqa: F401  fixtures
from test_runner import assert_clean, go, rows, write_pages

from ingest import duplicates
from ingest import refresh as refreshing
from ingest.compact import compact
from ingest.digest import digest
from ingest.due import find_due
from ingest.preview import preview
from ingest.records import REASONS, Reject
from ingest.refresh import Refresh, refresh
from ingest.rewrite import MOVING
from ingest.rules import load_rules
from ingest.runner import digests_now, run
from ingest.settings import DEFAULT
from ingest.status import read_status
from ingest.store import read, read_rejects

REFUSE = "refuse: [{id: none, css: '.story-text'}]\n"


def rejects_of(out: Path) -> dict[str, dict]:
    table = read_rejects(out).to_table().to_pylist()
    assert len({row["source"] for row in table}) == len(table)
    return {Path(row["source"]).name: row for row in table}


@pytest.fixture
def refused(dataset, rules) -> tuple[Path, Path]:  # noqa: F811
    """A dataset whose pages of site 1 are rejects, by a rule that is gone since; and the records they were before."""
    file = rules / "paper1.example.yaml"
    text = file.read_text()
    file.write_text(text + REFUSE)
    refresh(dataset, how(rules))
    file.write_text(text)
    return dataset, rules


def test_rejects_say_which_rules_refused_them(dataset, rules, tmp_path):  # noqa: F811
    file = rules / "paper1.example.yaml"
    file.write_text(file.read_text() + REFUSE)
    (tmp_path / "in" / "empty.html").write_text("")
    run(tmp_path / "in", out=tmp_path / "anew", rules=[rules], jobs=0)
    refresh(dataset, how(rules))
    digest_of = digests_now(load_rules(rules), DEFAULT)
    for out in (dataset, tmp_path / "anew"):
        said = {(row["reason"], row["rules_digest"]) for row in rejects_of(out).values()}
        assert ("not_an_article", digest_of("paper1.example")) in said
        assert said <= {("not_an_article", digest_of("paper1.example")), ("empty", None)}
    assert refresh(dataset, how(rules)).read == refresh(tmp_path / "anew", how(rules)).read == 0


def test_a_reject_that_becomes_a_record_moves(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(refreshing, "BATCH_ROWS", 8)  # so many of those that move are held at a time
    out, rules = refused  # noqa: F811
    before = rejects_of(out)
    assert len(before) == 20
    summary = refresh(out, how(rules))
    assert (summary.read, summary.records, summary.rejects, summary.moved) == (20, 20, {}, {"records": 20})
    assert rejects_of(out) == {} and list((out / "rejects").iterdir()) == []
    after = by_source(out)
    assert len(after) == 60
    run(tmp_path / "in", out=tmp_path / "anew", rules=[rules], jobs=0)
    for name, row in by_source(tmp_path / "anew").items():
        own = ("run_id", "ingested_at", "source_stamp", "refreshed_at")
        assert all(row[column] == after[name][column] for column in row if column not in own)
    for name, row in before.items():
        assert all(after[name][column] == row[column] for column in ("page_id", "run_id", "ingested_at"))
        assert after[name]["refreshed_at"] > row["refreshed_at"]
    assert (refresh(out, how(rules)).read, run(tmp_path / "in", out=out, rules=[rules], jobs=0).skipped) == (
        0,
        60,
    )
    assert_clean(out)


def test_a_reject_that_stays_one_says_what_it_is_now(refused):
    out, rules = refused  # noqa: F811
    file = rules / "paper1.example.yaml"
    file.write_text(file.read_text() + REFUSE.replace("none", "other"))
    before = rejects_of(out)
    summary = refresh(out, how(rules))
    assert (summary.records, summary.rejects, summary.moved) == (0, {"not_an_article": 20}, {})
    assert summary.sites == {"paper1.example": {"records": 0, "rejects": 20}}
    for name, row in rejects_of(out).items():
        assert row["detail"] == "paper1.example/other says so" != before[name]["detail"]
        assert (
            row["ingested_at"]
            == before[name]["ingested_at"]
            < before[name]["refreshed_at"]
            < row["refreshed_at"]
        )
    assert refresh(out, how(rules)).read == 0


def test_one_site_alone(refused):
    out, rules = refused  # noqa: F811
    assert refresh(out, how(rules, site="paper2.example")).read == 0
    assert refresh(out, how(rules, site="paper1.example")).records == 20


def test_the_dry_run_counts_rejects_and_changes_nothing(refused, run_ingest):
    out, rules = refused  # noqa: F811
    before = rejects_of(out)
    (change,) = preview(out, how(rules))
    assert (change.table, change.site, change.due, change.looked_at) == ("rejects", "paper1.example", 20, 20)
    assert (change.records, change.rejects, change.kept, change.same) == (20, {}, 0, 0)
    said = run_ingest("refresh", out, "--rules", rules, "--jobs", 0, "--dry-run")[1]
    assert "0 records and 20 rejects of 1 sites are due; 20 pages were cleaned for this" in said
    assert rejects_of(out) == before and len(by_source(out)) == 40
    said = run_ingest("refresh", out, "--rules", rules, "--jobs", 0)[1]
    assert "20 records made anew.\n20 of these records were rejects before." in said


def test_a_reject_whose_page_is_gone_changed_or_without_its_address_stays(refused, tmp_path):
    out, rules = refused  # noqa: F811
    before = rejects_of(out)
    (tmp_path / "in" / "1-0.html").unlink()
    (tmp_path / "in" / "1-1.html").write_text("<p>other bytes</p>")
    (tmp_path / "in" / "1-2.json").unlink()
    expected = {"gone": 1, "changed": 1, "address": 1}
    (change,) = preview(out, how(rules))
    assert (change.records, change.kept) == (17, 3)
    summary = refresh(out, how(rules))
    assert (summary.records, summary.skipped, summary.kept) == (17, 3, expected)
    assert rejects_of(out) == {name: before[name] for name in ("1-0.html", "1-1.html", "1-2.html")}


def test_a_dataset_of_schema_version_2_is_read_run_refreshed_and_compacted(refused, tmp_path):
    out, rules = refused  # noqa: F811
    for part in (out / "rejects").iterdir():
        old = pq.read_table(part).drop_columns(["rules_digest"])
        pq.write_table(old.replace_schema_metadata({"ingest.schema": "2"}), part)
    shutil.copytree(out, tmp_path / "other")
    assert {row["rules_digest"] for row in rejects_of(out).values()} == {None}
    assert read_status(out).reasons == {"not_an_article": 20}
    assert run(tmp_path / "in", out=out, rules=[rules], jobs=0).skipped == 60
    assert refresh(out, how(rules)).moved == {"records": 20}
    compact(tmp_path / "other")
    (part,) = (tmp_path / "other" / "rejects").iterdir()
    assert (
        pq.read_schema(part).metadata[b"ingest.schema"] == b"3"
        and "rules_digest" in pq.read_schema(part).names
    )
    assert refresh(tmp_path / "other", how(rules)).moved == {"records": 20}


# Which reasons are due: with the stand-in, whose rows name no rules


def refuse(reason: str):
    """A cleaner that gives every page this reason."""

    def clean(page):
        row = standin.clean(page)
        names = ("page_id", "source", "source_digest", "media_type", "version")
        return Reject(**{name: getattr(row, name) for name in names}, reason=reason, detail="as ordered")

    return lambda: clean


@pytest.mark.parametrize("reason", REASONS)
def test_another_version_tries_again_what_the_program_refused(tmp_path, reason, monkeypatch):
    pages, out = write_pages(tmp_path / "in", "one"), tmp_path / "out"
    run(pages, out=out, jobs=0, load_cleaner=refuse(reason))
    by_rules = reason in ("no_article", "not_an_article")
    again = Refresh(jobs=0, load_cleaner=refuse("too_deep"))
    assert refresh(out, again).read == by_rules  # no rules are named, so these are others now
    monkeypatch.setattr("ingest.due.VERSION", "99")
    final = reason in ("too_large", "unreadable", "duplicate", "superseded")
    assert refresh(out, again).rejects == ({} if final else {"too_deep": 1})
    assert rows(out) == {"000.txt": reason if final else "too_deep"}


def test_a_page_that_still_crashes_is_tried_by_each_version_once(tmp_path, monkeypatch):
    out = tmp_path / "out"
    go(write_pages(tmp_path / "in", "die"), out)
    assert rows(out) == {"000.txt": "crashed"}
    monkeypatch.setattr("ingest.due.VERSION", "99")
    monkeypatch.setattr("ingest.sources.source.VERSION", "99")
    how = Refresh(jobs=1, load_cleaner=standin.load_cleaner)
    assert refresh(out, how).rejects == {"crashed": 1}
    assert refresh(out, how).read == 0


# The same snapshot twice


def by_first_word(page):
    """As the stand-in, but a page's identity is its first word, as that of a page with an address is."""
    row = standin.clean(page)
    return msgspec.structs.replace(row, page_id=digest(page.data.split()[0]))


@pytest.mark.parametrize("folded", [False, True])
def test_of_rejects_with_the_same_snapshot_one_becomes_the_record(tmp_path, folded, monkeypatch):
    if folded:
        monkeypatch.setattr(duplicates, "FOLDED_AT", 1)
    out = tmp_path / "out"
    go(write_pages(tmp_path / "a", "x same", "y other"), out, jobs=0)
    refresh(out, Refresh(jobs=0, load_cleaner=lambda: by_first_word))
    for folder, texts in (("b", ["x same", "z new", "z new"]), ("c", ["z new", "w alone"])):
        run(write_pages(tmp_path / folder, *texts), out=out, jobs=0, load_cleaner=refuse("no_article"))
    summary = refresh(out, Refresh(jobs=0, load_cleaner=lambda: by_first_word))
    assert (summary.moved, summary.rejects) == ({"records": 2}, {"duplicate": 3})
    bodies = read(out).to_table(["body"])["body"].to_pylist()
    assert sorted(bodies) == ["w alone", "x same", "y other", "z new"]
    details = Counter(row["detail"] for row in read_rejects(out).to_table().to_pylist())
    assert details[f"the same snapshot as {tmp_path / 'a' / '000.txt'}"] == 1 and details.total() == 3
    assert refresh(out, Refresh(jobs=0, load_cleaner=lambda: by_first_word)).rejects == {}


# Refreshes that are killed


class Killed(BaseException):
    pass


def kill(*args):
    raise Killed


@pytest.mark.parametrize("at", ["commit", "replace_part"])
@pytest.mark.parametrize("then", ["run", "refresh", "compact"])
def test_a_kill_between_records_and_rejects_is_healed_by_whatever_comes_next(tmp_path, monkeypatch, then, at):
    pages, out = write_pages(tmp_path / "in", *["one"] * 9), tmp_path / "out"
    run(pages, out=out, jobs=0, load_cleaner=refuse_some)
    with monkeypatch.context() as patch:
        patch.setattr(refreshing, at, kill)
        patch.setattr(refreshing, "find_due", find_due_of_rejects)
        with pytest.raises(Killed):
            refresh(out, Refresh(jobs=0, load_cleaner=standin.load_cleaner))
    assert (read(out).count_rows(), read_rejects(out).count_rows()) == (6 if at == "commit" else 9, 3)
    assert "both as record and as reject" in " ".join(read_status(out).unfinished)
    if then == "run":
        assert go(pages, out, jobs=0).skipped == 9
    elif then == "refresh":
        refresh(out, Refresh(jobs=0, load_cleaner=standin.load_cleaner))
    else:
        compact(out)
    refused = 3 if at == "commit" and then != "refresh" else 0
    assert Counter(rows(out).values()) == +Counter({None: 9 - refused, "no_article": refused})
    assert not (out / MOVING).exists() and "both as" not in " ".join(read_status(out).unfinished)


def find_due_of_rejects(table, *rest):
    return find_due(table, *rest) if table == "rejects" else iter(())


def test_in_an_object_store_rows_move_as_well(bucket, tmp_path):
    pages, out = write_pages(tmp_path / "in", *["one"] * 9), f"{bucket}/out"
    run(pages, out=out, jobs=0, load_cleaner=refuse_some)
    assert refresh(out, Refresh(jobs=0, load_cleaner=standin.load_cleaner)).moved == {"records": 3}
    assert rows(out) == {f"00{number}.txt": None for number in range(9)}
    assert refresh(out, Refresh(jobs=0, load_cleaner=refuse_some)).moved == {"rejects": 3}
    assert Counter(rows(out).values()) == {None: 6, "no_article": 3}
    assert read_status(out).unfinished == [] and go(pages, out, jobs=0).skipped == 9


def test_after_kill_9_each_page_is_one_row(tmp_path):
    """Verdicts change from refresh to refresh, so that rows move both ways under the kills."""
    pages, out = write_pages(tmp_path / "in", *["slow"] * 200), tmp_path / "out"
    run(pages, out=out, jobs=2, load_cleaner=standin.load_cleaner)
    code = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
import test_refresh_rejects, ingest.due, ingest.refresh
ingest.due.WAVE_ROWS = 20
cleaner = getattr(test_refresh_rejects, sys.argv[1])
ingest.refresh.refresh({str(out)!r}, ingest.refresh.Refresh(jobs=2, load_cleaner=cleaner))
"""
    for cleaner in ("refuse_some", "refuse_others", "refuse_some"):
        process = subprocess.Popen([sys.executable, "-c", code, cleaner])
        time.sleep(random.uniform(2.5, 4.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = Counter(read(out).to_table(["source"])["source"].to_pylist())
        refused = Counter(read_rejects(out).to_table(["source"])["source"].to_pylist())
        assert max(found.values()) == 1 and len({*found, *refused}) == 200
        assert go(pages, out, jobs=0).skipped == 200
        assert len(rows(out)) == 200
    subprocess.run([sys.executable, "-c", code, "refuse_others"], check=True)
    assert Counter(rows(out).values()) == {None: 133, "no_article": 67}
    assert_clean(out)


def refuse_others():
    def clean(page):
        row = refuse_some()(page)
        if int(Path(page.source).stem) % 3 == 1:
            return refuse("no_article")()(page)
        return standin.clean(page) if isinstance(row, Reject) else row

    return clean
