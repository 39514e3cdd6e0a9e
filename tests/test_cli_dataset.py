"""`ingest refresh` and `ingest compact` as commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import standin
from filelock import FileLock
from test_refresh import change_rules, dataset, rules  # noqa: F401  fixtures
from test_runner import go, write_pages

from ingest.store import read


def test_refresh_says_what_it_did(run_ingest, dataset, rules):  # noqa: F811
    command = ("refresh", dataset, "--rules", rules, "--jobs", 0)
    code, said, _ = run_ingest(*command, "--dry-run")
    assert code == 0 and "Nothing is due" in said
    change_rules(rules, 1, "^Dear readers of ", "^No such words")
    code, said, _ = run_ingest(*command, "--dry-run")
    assert code == 0 and "paper1.example" in said and "body 20" in said
    assert (
        "20 records and 0 rejects of 1 sites are due; 20 pages were cleaned for this, no row was written."
        in said
    )
    code, said, _ = run_ingest(*command, "--dry-run", "--json")
    (change,) = json.loads(said)
    assert (change["site"], change["due"], change["changed"]["body"]) == ("paper1.example", 20, 20)
    next(dataset.parent.glob("in/1-*.html")).unlink()
    code, said, _ = run_ingest(*command)
    assert (
        code == 0 and "19 records made anew." in said and "1 stay as they were, whose source is gone" in said
    )
    code, said, _ = run_ingest(*command, "--json", "--site", "paper2.example")
    assert code == 0 and json.loads(said)["command"] == "refresh"


def test_refresh_of_no_dataset_or_with_bad_rules(run_ingest, dataset, rules, tmp_path):  # noqa: F811
    assert run_ingest("refresh", tmp_path / "no")[0] == 1
    (rules / "paper1.example.yaml").write_text("site: 1\n")
    assert run_ingest("refresh", dataset, "--rules", rules)[0] == 2
    assert run_ingest("refresh", dataset, "--rules", tmp_path / "no")[0] == 2


@pytest.fixture
def out(tmp_path) -> Path:
    pages = write_pages(tmp_path / "in", "one")
    for text in ("one", "two", "three"):
        (pages / "000.txt").write_text(text)
        go(pages, tmp_path / "out", jobs=0)
    return tmp_path / "out"


def test_compact_says_what_it_did(run_ingest, out):
    code, said, _ = run_ingest("compact", out)
    assert code == 0 and said.startswith("3 parts of ") and "became 1 of" in said
    assert read(out).count_rows() == 3
    code, said, _ = run_ingest("compact", out, "--keep", "latest")
    assert code == 0 and "2 older snapshots became rejects." in said
    assert read(out).to_table(["body"])["body"].to_pylist() == ["three"]
    assert run_ingest("compact", out, "--quiet") == (0, "", "")


@pytest.mark.parametrize("command", ["compact", "refresh"])
def test_a_dataset_that_is_written_to_is_left_alone(run_ingest, out, command, monkeypatch):
    monkeypatch.setattr("ingest.refresh.rules_cleaner", standin.load_for_rules)
    with FileLock(out / ".lock"):
        assert run_ingest(command, out)[0] == 75
    assert read(out).count_rows() == 3


def test_wrong_usage_is_code_2(run_ingest, out):
    assert run_ingest("compact", out, "--keep", "some")[0] == 2
    assert run_ingest("refresh", out, "--jobs", "-1")[0] == 2


def test_run_takes_reread(run_ingest, out, tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.runner.load_rules", lambda *overlays: None)
    monkeypatch.setattr("ingest.runner.rules_cleaner", standin.load_for_rules)
    assert run_ingest("run", tmp_path / "in", "--out", out, "--jobs", 0, "--reread", "--quiet")[0] == 0
