from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import standin
from rich.console import Console

from ingest.chunk import Job, commit, stage_rows
from ingest.cli.options import printable, rule_folders
from ingest.cli.progress import show_progress
from ingest.errors import Mistake, RuleError, UsageError
from ingest.records import RawPage, Reject
from ingest.store import open_output, read


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in {"a.txt": "one", "b.txt": "guard two", "c.txt": "", "d.txt": "bug"}.items():
        (folder / name).write_text(text)
    return folder


# ingest run


def test_a_run_says_what_it_did(command, pages, tmp_path):
    code, said, complaints = command("run", pages, "--out", tmp_path / "out", "--jobs", 1)
    assert (code, complaints) == (0, "")
    counts = dict(line.rsplit("│", 1) for line in said.splitlines() if "│" in line)
    counts = {name.strip(): number.strip() for name, number in counts.items()}
    expected = {"read": "4", "records": "2", "rejects": "2", "empty": "1", "crashed": "1"}
    assert expected.items() <= counts.items()
    assert {"share": "2", "guard": "1", "removed texts": "2"}.items() <= counts.items()
    assert {"skipped (have a row already)", "pages/s"} <= counts.keys()
    assert read(tmp_path / "out").count_rows() == 2


def test_a_folder_without_a_page_says_what_lies_there_and_what_to_do(command, tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name in ("story.aspx", "sub/other.aspx", "sub/story"):
        (tmp_path / "in" / name).write_text("one")
    code, said, complaints = command("run", tmp_path / "in", "--out", tmp_path / "out", "--jobs", 0)
    lines = [line.split() for line in said.replace("\u2502", "").splitlines()]
    assert ["not", "pages", "by", "name", "or", "type", "3"] in lines
    assert lines[-2:] == [["folder", ".aspx", "2"], ["folder", "without", "suffix", "1"]]
    assert code == 0 and "no page to read" in complaints and "ingest run - --out" in complaints
    files = map(str, [tmp_path / "in" / "story.aspx", tmp_path / "in" / "sub" / "story"])
    _, said, complaints = command("run", *files, "--out", tmp_path / "out", "--jobs", 0)
    assert "not pages" not in said and complaints == ""


def test_a_second_run_skips_everything(command, pages, tmp_path):
    for _ in range(2):
        code, said, _ = command("run", pages, "--out", tmp_path / "out", "--jobs", 1)
    assert code == 0
    assert next(line.split() for line in said.splitlines() if "skipped" in line)[-1] == "4"


def test_quiet_says_nothing(command, pages, tmp_path):
    assert command("run", pages, "--out", tmp_path / "out", "--jobs", 0, "--quiet") == (0, "", "")


def test_too_many_rejects_are_code_3(command, pages, tmp_path):
    code, said, complaints = command(
        "run", pages, "--out", tmp_path / "a", "--jobs", 0, "--max-reject-rate", 0.4
    )
    assert code == 3 and "read" in said and "50.0%" in complaints
    assert command("run", pages, "--out", tmp_path / "b", "--jobs", 0, "--max-reject-rate", 0.5)[0] == 0


def test_wrong_usage_is_code_2_and_a_sentence(command, pages, tmp_path, monkeypatch):
    out = tmp_path / "out"
    (tmp_path / "m.csv").write_text("path,urll\na.txt,x\n")
    cases = {
        ("run", pages / "no", "--out", out): "There is no file or folder",
        ("run", pages, "--out", out, "--rules", tmp_path / "no"): "There is no folder of rules",
        ("run", pages, "--out", out, "--manifest", tmp_path / "m.csv"): "m.csv:2: unknown column 'urll'",
        ("run", pages): "--out",
        ("run", pages, "--out", out, "--jobs", "-1"): "jobs",
        ("run", pages, "--out", out, "--max-reject-rate", "5"): "max-reject-rate",
    }
    for arguments, sentence in cases.items():
        code, _, complaints = command(*arguments)
        assert code == 2 and sentence in complaints, complaints
        assert not out.exists()


def test_bad_rules_are_code_2_with_every_mistake(command, pages, tmp_path, monkeypatch):
    def refuse(*overlays):
        raise RuleError([Mistake("a.yaml", 1, 2, "bad [key]"), Mistake("b.yaml", 3, 4, "worse")])

    monkeypatch.setattr("ingest.runner.load_rules", refuse)
    code, _, complaints = command("run", pages, "--out", tmp_path / "out")
    assert (code, complaints) == (2, "a.yaml:1:2: bad [key]\nb.yaml:3:4: worse\n")


def test_a_failure_is_code_1_and_a_sentence(command, pages, tmp_path):
    (tmp_path / "out").write_text("in the way")
    code, said, complaints = command("run", pages, "--out", tmp_path / "out")
    assert (code, said) == (1, "") and complaints.startswith("Cannot write to")


def test_an_interruption_says_how_to_go_on(command, pages, tmp_path, monkeypatch):
    def interrupt(*arguments, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.runner.run", interrupt)
    code, _, complaints = command("run", pages, "--out", tmp_path / "out")
    assert code == 130 and "the same command goes on" in complaints


def test_help_documents_the_exit_codes(command):
    for name, codes in {"run": ("0", "1", "2", "3", "130"), "show": ("0", "1", "2")}.items():
        code, said, _ = command(name, "--help")
        assert code == 0
        assert all(f"{number} " in said.partition("Exit codes:")[2] for number in codes)


def test_rule_folders_of_the_environment_lie_under_those_of_the_option(tmp_path, monkeypatch):
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setenv("INGEST_RULES", f"{folders[0]}:{folders[1]}:")
    assert rule_folders([folders[2]]) == folders
    monkeypatch.setenv("INGEST_RULES", str(tmp_path / "no"))
    with pytest.raises(UsageError, match="no folder of rules"):
        rule_folders(None)


def test_a_terminal_gets_a_bar_and_a_file_gets_lines(monkeypatch):
    terminal = StringIO()
    console = Console(file=terminal, force_terminal=True, width=100)
    with show_progress(console, lambda: 10) as advance:
        advance(4)
    assert "pages" in terminal.getvalue()
    lines = StringIO()
    monkeypatch.setattr("ingest.cli.progress.SECONDS_BETWEEN_LINES", 0)
    with show_progress(Console(file=lines, highlight=False), lambda: 10) as advance:
        advance(4), advance(5)
    assert [line.split(",")[0] for line in lines.getvalue().splitlines()] == ["4 pages", "9 pages"]


# ingest show


@pytest.fixture
def dataset(tmp_path) -> Path:
    out = tmp_path / "out"
    open_output(out)
    job = Job(out=out, run_id="run", ingested_at=standin.MOMENT, load_cleaner=standin.load_cleaner)
    records = [
        standin.make_record(
            RawPage(
                data=f"text {number}".encode(),
                source=f"/in/{number}.html",
                fetched_at=datetime(2024, 1, number, tzinfo=UTC) if number < 9 else None,
            ),
            site="one.example" if number % 2 else "two.example",
            title="[bold]\x1b[31m title" if number == 8 else f"title {number}",
        )
        for number in range(1, 10)
    ]
    reject = Reject(page_id="0", source="/in/0.html", site="one.example", reason="empty", detail="no text")
    commit(stage_rows(records, [reject], job))
    return out


def test_show_lists_the_newest_first_and_counts_all(command, dataset):
    code, said, _ = command("show", dataset, "--limit", 3)
    assert code == 0
    rows = [line.split("│") for line in said.splitlines() if "2024-" in line]
    assert [row[0].strip() for row in rows] == ["2024-01-08", "2024-01-07", "2024-01-06"]
    assert [row[-1].strip() for row in rows] == ["8.html", "7.html", "6.html"]
    assert "[bold] [31m title" in said and "\x1b[31m" not in said
    assert said.endswith("articles 9, sites 2, rejects 1 (1 empty)\n")


def test_show_can_keep_to_one_site(command, dataset):
    _, said, _ = command("show", dataset, "--site", "two.example")
    assert "one.example" not in said
    assert said.endswith("articles 4, sites 1, rejects 0\n")


def test_show_of_an_article_without_a_date_comes_last(command, dataset):
    _, said, _ = command("show", dataset)
    assert [line for line in said.splitlines() if "│" in line][-1].split()[-1] == "9.html"


def test_show_of_no_dataset_is_code_1(command, tmp_path):
    code, said, complaints = command("show", tmp_path)
    assert (code, said) == (1, "") and "There is no dataset in" in complaints


def test_control_sequences_do_not_reach_the_terminal():
    assert printable("a\x1b[2Jb\nc\u202ed שלום") == "a [2Jb c d שלום"
