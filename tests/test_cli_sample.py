"""`ingest rules sample`."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from ingest.cli.sample import register
from ingest.errors import UsageError

RULES = """\
site: example.org
name: Harbour Courier
hosts: [example.org]
language: en
layouts:
  - {id: page, when: article .story-text, body: article .story-text, title: h1}
strip:
  - {id: bell, kind: furniture, line: '^Ring the bell'}
"""
PAGE = """\
<html lang="en"><head><title>Fishermen mend nets</title>
<link rel="canonical" href="https://example.org/news/fishermen-mend-nets"></head><body><article>
<h1>Fishermen mend nets</h1><div class="story-text">
<p>The crew of the Brave Gannet spent all of Monday on the quay, mending what the storms had left of the nets.</p>
<p>Nobody expected the nets to hold, and on Tuesday they were taken out for the first time since the winter.</p>
<p>Ring the bell, dear passer-by</p></div></article></body></html>
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Run the command in a folder with a page and rules: gives the result of the run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INGEST_RULES", raising=False)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "example.org.yaml").write_text(RULES)
    (tmp_path / "nets.html").write_text(PAGE)
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)

    def call(*arguments: object):
        return CliRunner().invoke(app, ["sample", *map(str, arguments), "--rules", "rules"])

    return call


def test_a_sample_is_written_for_its_site(command, tmp_path):
    result = command("nets.html", "--name", "nets")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "samples" / "example.org" / "nets"
    assert "written: samples/example.org/nets" in result.output
    assert sorted(path.name for path in folder.iterdir()) == ["expected.yaml", "page.html"]
    page = (folder / "page.html").read_text()
    assert "Gannet" not in page and "Ring the bell, " in page and "passer" not in page
    assert "example.org/bell" in (folder / "expected.yaml").read_text()


def test_names_and_seeds_can_be_chosen(command, tmp_path):
    assert command("nets.html", "--out", "mine", "--site", "reported.org", "--seed", "3").exit_code == 0
    (folder,) = (tmp_path / "mine" / "reported.org").iterdir()
    first = (folder / "page.html").read_bytes()
    assert command("nets.html", "--out", "mine", "--site", "reported.org", "--seed", "4").exit_code == 0
    assert (folder / "page.html").read_bytes() != first


def test_an_address_can_be_given(command, tmp_path):
    command("nets.html", "--name", "nets", "--url", "https://example.org/storm/nets")
    expected = (tmp_path / "samples" / "example.org" / "nets" / "expected.yaml").read_text()
    assert "url: https://example.org/" in expected and "storm" not in expected


@pytest.mark.parametrize("option", ["--site", "--name"])
@pytest.mark.parametrize("value", ["../x", "a/b", "..", ""])
def test_names_are_no_paths(command, option, value):
    result = command("nets.html", option, value)
    assert isinstance(result.exception, UsageError) and "not a path" in str(result.exception)


def test_what_is_no_page(command, tmp_path):
    (tmp_path / "empty.html").write_bytes(b"")
    assert isinstance(command("empty.html").exception, UsageError)
    assert isinstance(command("missing.html").exception, UsageError)
