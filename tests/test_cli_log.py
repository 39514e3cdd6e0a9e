from __future__ import annotations

import json

import pytest

from ingest.cli.log import JsonLog
from ingest.errors import StoreError


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    texts = {"a": "one secret", "b": "bug secret", "c": "die secret", "d": "guarded secret", "e": ""}
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def lines_of(complaints: str) -> list[dict]:
    return [json.loads(line) for line in complaints.splitlines()]


def test_a_run_tells_what_happens_one_object_a_line(command, pages, tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.cli.progress.SECONDS_BETWEEN_LINES", 0)
    code, said, complaints = command(
        "run", pages, "--out", tmp_path / "out", "--jobs", 1, "--log-format", "json"
    )
    lines = lines_of(complaints)
    assert (code, said) == (0, "")
    assert all({"time", "level", "event"} <= line.keys() for line in lines)
    by_event: dict[str, list[dict]] = {}
    for line in lines:
        by_event.setdefault(line["event"], []).append(line)
    assert by_event.keys() == {
        *("run_started", "progress", "worker_died", "page_failed", "text_kept", "run_ended")
    }
    assert lines[0]["event"] == "run_started" and lines[-1]["event"] == "run_ended"
    assert {line["end"] for line in by_event["worker_died"]} == {"SIGKILL"}
    assert {(line["source"], line["reason"]) for line in by_event["page_failed"]} == {
        (str(pages / "b.txt"), "crashed"),
        (str(pages / "c.txt"), "crashed"),
    }
    assert by_event["text_kept"][0]["rules"] == ["test/all"]
    assert sum(line["pages"] for line in by_event["progress"][-1:]) == 5
    ended = lines[-1]
    assert (ended["status"], ended["records"], ended["rejects"]) == ("done", 2, {"crashed": 2, "empty": 1})
    assert "sites" not in ended and ended["run_id"] == lines[0]["run_id"]
    assert "secret" not in complaints


def test_errors_are_lines_too(command, pages, tmp_path):
    (tmp_path / "blocked").write_text("in the way")
    code, said, complaints = command("run", pages, "--out", tmp_path / "blocked", "--log-format", "json")
    (line,) = lines_of(complaints)
    assert (code, said) == (1, "")
    assert (line["level"], line["event"], line["exit_code"]) == ("error", "failed", 1)
    assert line["message"].startswith("Cannot write to")
    code, _, complaints = command(
        "run", pages, "--out", tmp_path / "out", "--rules", tmp_path / "no", "--log-format", "json"
    )
    assert code == 2 and lines_of(complaints)[-1]["exit_code"] == 2


def test_quiet_leaves_errors_only(command, pages, tmp_path):
    arguments = ("run", pages, "--jobs", 1, "--quiet", "--log-format", "json", "--out")
    assert command(*arguments, tmp_path / "a") == (0, "", "")
    code, _, complaints = command(*arguments, tmp_path / "b", "--max-reject-rate", 0.1)
    (line,) = lines_of(complaints)
    assert (code, line["event"], line["level"], line["too_many_rejects"]) == (3, "run_ended", "error", True)


def test_an_interruption_is_a_line(command, pages, tmp_path, monkeypatch):
    def interrupt(result):
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.runner.commit", interrupt)
    code, _, complaints = command(
        "run", pages, "--out", tmp_path / "out", "--jobs", 1, "--log-format", "json"
    )
    assert code == 130
    assert [line["event"] for line in lines_of(complaints)][-2:] == ["run_ended", "interrupted"]
    assert lines_of(complaints)[-2]["status"] == "interrupted"


def test_a_sentence_of_several_lines_stays_on_one(capsys):
    JsonLog(quiet=True).fail(StoreError("one\ntwo"))
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "one\ntwo"
