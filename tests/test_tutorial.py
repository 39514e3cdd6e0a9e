"""The tutorial, followed to the letter in an empty folder: its files written, its commands run."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import typer

from ingest.cli.main import make_app

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"[Ss]ave\s+this\s+as\s+`([^`]+)`|this\s+as\s+`([^`]+)`")


def steps() -> list[tuple[str, str]]:
    """Files (their path and content) and commands (`$` and the line), in order."""
    text, found, end = TUTORIAL.read_text(encoding="utf-8"), [], 0
    for match in BLOCK.finditer(text):
        if match[1] == "sh":
            found += [("$", line) for line in match[2].splitlines()]
        elif names := FILE.findall(text[end : match.start()]):
            found.append((names[-1][0] or names[-1][1], match[2]))
        end = match.end()
    return found


@pytest.fixture
def ingest(monkeypatch, capsys):
    """Run `ingest ...`: gives the exit code and what is printed."""
    command = typer.main.get_command(make_app())

    def run(arguments: list[str]) -> tuple[int, str]:
        try:
            code = command.main(arguments, standalone_mode=False)
        except SystemExit as stop:
            code = stop.code
        return code or 0, capsys.readouterr().out

    return run


def run_step(line: str, ingest) -> str:
    words = shlex.split(line)
    if words[0] == "ingest":
        code, printed = ingest(words[1:])
        assert code == 0, f"{line}: {printed}"
        return printed
    if words[0] == "mkdir":
        Path(words[-1]).mkdir(parents="-p" in words)
    elif words[0] == "cp":
        shutil.copy(words[1], words[2])
    else:
        assert words[0] == "cat", f"the tutorial has a command the test does not know: {line}"
        return Path(words[1]).read_text(encoding="utf-8")
    return ""


def test_the_tutorial_does_what_it_says(ingest, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    said = {}
    for name, content in steps():
        if name == "$":
            said[content] = run_step(content, ingest)
        else:
            Path(name).write_text(content, encoding="utf-8")
    assert "gullport.example/" in said["ingest rules draft pages --out my-rules"]
    drafted = said["cat my-rules/gullport.example.yaml"]
    assert "'^Win two tickets for the" in drafted and r"card holders were here: \d+$" in drafted
    assert "no mistakes" in said["ingest rules lint my-rules"]
    explained = said["ingest clean pages/ferry.html --rules my-rules --explain"]
    assert "gullport.example/regatta-tickets" in explained
    assert "gullport.example/card-holders" in explained
    tested = said["ingest rules test --samples my-rules/samples --rules my-rules"]
    assert "3 samples, 0 with differences." in tested
    assert list(Path("dataset/records").glob("part-*.parquet"))
