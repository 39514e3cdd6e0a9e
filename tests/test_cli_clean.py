"""`ingest clean`: one page, printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>Bridge opens early</title></head><body>
<article><h1>Bridge opens early</h1>
<p>The mayor opened the new bridge on Monday at noon, three weeks before anybody had expected it.</p>
<p>Share this article</p>
<p>The old bridge, which had stood for ninety years, is to be taken down stone by stone in spring.</p>
</article></body></html>"""


@pytest.fixture
def command(monkeypatch, run_ingest):
    """Run the command line: gives the exit code, what it says, and what it complains about."""
    monkeypatch.delenv("INGEST_RULES", raising=False)
    return partial(run_ingest, "clean")


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    return path


def test_readable_text(command, page):
    code, out, err = command(page)
    assert (code, err) == (0, "")
    assert out.startswith("Bridge opens early\n\nThe mayor opened")
    assert out.endswith("in spring.\n")
    assert "Share" not in out


def test_from_standard_input(command):
    code, out, _ = command("-", "--media-type", "text/html", stdin=PAGE.encode())
    assert code == 0 and "The mayor opened" in out


def test_json_is_the_whole_record(command, page):
    code, out, _ = command(page, "--json", "--url", "https://www.example.org/bridge")
    record = json.loads(out)
    assert code == 0
    assert (record["title"], record["site"]) == ("Bridge opens early", "example.org")
    assert record["removals"] and record["blocks"][0]["kind"] == "paragraph"


def test_markdown(command, page):
    assert command(page, "--markdown")[1].startswith("# Bridge opens early\n\nThe mayor")


def test_markdown_with_links(command, page):
    page.write_text(PAGE.replace("the new bridge", 'the <a href="/bridge">new bridge</a>'))
    address = ("--url", "https://example.org/a")
    assert (
        "the [new bridge](https://example.org/bridge) on"
        in command(page, "--markdown", "--links", *address)[1]
    )
    assert "the new bridge on" in command(page, "--markdown", *address)[1]


def test_kinds_of_blocks_can_be_chosen(command, page):
    page.write_text(
        PAGE.replace("</article>", "<table><tr><td>Length</td><td>90 m</td></tr></table></article>")
    )
    assert "Length | 90 m" in command(page)[1]
    assert "Length" not in command(page, "--exclude", "cell")[1]
    code, _, err = command(page, "--include", "paragraph")
    assert code == 2 and "not among the kinds" in err


def test_trace_is_json(command, page):
    code, out, _ = command(page, "--trace")
    assert code == 0
    assert {"site", "layouts", "fields", "blocks"} <= json.loads(out).keys()


def test_explain_shows_every_block_with_verdict_and_rule(command, page):
    code, out, _ = command(page, "--explain")
    assert code == 0
    line = next(line for line in out.splitlines() if "Share this article" in line)
    assert "share" in line and "/" in line
    assert any("keep" in line and "The mayor" in line for line in out.splitlines())
    assert "words kept" in out and "outside the article's scope" in out


def test_only_one_form(command, page):
    code, _, err = command(page, "--json", "--markdown")
    assert code == 2 and "Choose one of" in err


def test_a_page_that_is_no_article(command, tmp_path):
    empty = tmp_path / "empty.html"
    empty.write_text("")
    code, out, err = command(empty)
    assert (code, out) == (3, "") and err.startswith("No article: empty.")
    code, out, _ = command(empty, "--json")
    assert code == 3 and json.loads(out)["reason"] == "empty"
    assert command(empty, "--explain")[0] == 3


def test_a_file_that_is_not_there(command, tmp_path):
    code, _, err = command(tmp_path / "nothing.html")
    assert code == 2 and "There is no file or folder" in err


def test_rules_on_top_and_bad_ones(command, page, tmp_path, monkeypatch):
    folder = tmp_path / "rules"
    folder.mkdir()
    rule = "site: example.org\nhosts: [example.org]\nstrip:\n  - {id: old, kind: promo, line: '^The old bridge'}\n"
    (folder / "example.org.yaml").write_text(rule)
    _, out, _ = command(page, "--url", "https://example.org/a", "--rules", folder)
    assert "The old bridge" not in out
    monkeypatch.setenv("INGEST_RULES", str(folder))
    _, out, _ = command(page, "--url", "https://example.org/a")
    assert "The old bridge" not in out
    (folder / "example.org.yaml").write_text(rule + "nmae: x\n")
    code, out, err = command(page)
    assert (code, out) == (2, "")
    assert "example.org.yaml:5:1: unknown key `nmae`; did you mean `name`?" in err


def test_control_characters_do_not_reach_the_terminal(command, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace("Monday", "Mon\x1b[31mday\x07"))
    for form in ((), ("--markdown",), ("--explain",)):
        out = command(page, *form)[1]
        assert "\x1b[31m" not in out and "\x07" not in out


@pytest.mark.parametrize("terminal", [False, True])
def test_a_locale_without_the_letters_costs_none(page, terminal):
    """Legacy locales in files and pipes, and on a terminal."""
    page.write_text(PAGE.replace("mayor", "бургомистр…"))
    bare = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "ingest", "clean", page]
    if terminal:
        command = [sys.executable, "-c", "import pty, sys; pty.spawn(sys.argv[1:])", *command]
    for options in ([], ["--explain"]):
        said = subprocess.run([*command, *options], env=bare, capture_output=True, check=True).stdout
        assert (rb"\u0431\u0443" if terminal else "бургомистр…".encode()) in said


def test_no_space_for_what_is_printed_is_said(page):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "ingest", "clean", page, "--explain"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and "Cannot write what was asked for: no space" in done.stderr
    assert "Traceback" not in done.stderr
