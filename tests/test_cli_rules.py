"""`ingest rules`: list, show, lint, test, schema."""

from __future__ import annotations

import json
from functools import partial

import pytest

RULES = """\
site: example.org
name: Example News
hosts: [example.org, example.net]
language: en
use: [share]
strip:
  - {id: plea, kind: plea, line: '^Dear reader'}
"""
PACK = (
    "pack: share\nabout: Share buttons for tests.\nstrip:\n  - {id: button, kind: share, line: '^Share$'}\n"
)
PAGE = """Bridge opens early

May 1, 2024 10:00

Dear reader, give.

The mayor opened the new bridge on Monday at noon, three weeks before anybody had expected it.

The old bridge, which had stood for ninety years, is to be taken down stone by stone in spring.

Share
"""


@pytest.fixture
def command(monkeypatch, run_ingest):
    """Run the command line: gives the exit code, what it says, and what it complains about."""
    monkeypatch.delenv("INGEST_RULES", raising=False)
    return partial(run_ingest, "rules")


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    (folder / "common").mkdir(parents=True)
    (folder / "example.org.yaml").write_text(RULES)
    (folder / "common" / "share.yaml").write_text(PACK)
    return folder


@pytest.fixture
def samples(tmp_path):
    sample = tmp_path / "samples" / "example.org" / "bridge"
    sample.mkdir(parents=True)
    (sample / "page.txt").write_text(PAGE)
    (sample / "expected.yaml").write_text("about: A page for tests.\nurl: https://example.org/bridge\n")
    return tmp_path / "samples"


def test_list(command, rules):
    code, out, _ = command("list", "--rules", rules)
    assert code == 0
    assert any("example.org" in line and "Example News" in line for line in out.splitlines())
    assert any("common/share" in line and "Share buttons for tests." in line for line in out.splitlines())
    assert "jpost.com" in out


@pytest.mark.parametrize("name", ["example.org", "www.example.org", "example.net"])
def test_show_a_site_by_its_name_or_a_host(command, rules, name):
    code, out, _ = command("show", name, "--rules", rules)
    assert code == 0 and out.endswith(RULES) and "# digest" in out and "example.org.yaml" in out


def test_show_a_pack(command, rules):
    assert command("show", "common/share", "--rules", rules)[1].endswith(PACK)


def test_show_what_is_not_there(command, rules):
    code, _, err = command("show", "nowhere.com", "--rules", rules)
    assert code == 2 and "There are no rules for 'nowhere.com'" in err


def test_lint_good_rules(command, rules):
    code, out, _ = command("lint", rules)
    assert code == 0 and out.endswith("no mistakes.\n")


def test_lint_says_all_mistakes_of_all_files_at_once(command, rules):
    (rules / "example.org.yaml").write_text(RULES.replace("name:", "nmae:").replace("^Dear reader", "("))
    (rules / "common" / "share.yaml").write_text(PACK.replace("kind: share", "kind: shaer"))
    code, out, err = command("lint", rules)
    assert (code, out) == (2, "")
    assert [line.partition(": ")[0].removeprefix(f"{rules}/") for line in err.splitlines()] == [
        "common/share.yaml:4:24",
        "example.org.yaml:2:1",
        "example.org.yaml:7:34",
    ]
    assert "did you mean `share`?" in err and "did you mean `name`?" in err


def test_lint_a_folder_that_is_not_there(command, tmp_path):
    assert command("lint", tmp_path / "nowhere")[0] == 2


def test_samples_are_written_shown_and_compared(command, rules, samples):
    where = ("--samples", samples, "--rules", rules)
    code, out, _ = command("test", *where)
    assert code == 1 and "+ Bridge opens early" in out and "1 samples, 1 with differences." in out

    assert command("test", *where, "--update", "--yes")[0] == 0
    expected = (samples / "example.org" / "bridge" / "expected.yaml").read_text()
    assert "example.org/plea (plea): Dear reader, give." in expected
    assert "url: https://example.org/bridge" in expected and "about: A page for tests." in expected

    code, out, _ = command("test", *where)
    assert code == 0 and out == "1 samples, 0 with differences.\n"

    (rules / "example.org.yaml").write_text(RULES.replace("^Dear reader", "^Dear nobody"))
    code, out, _ = command("test", "example.org", *where)
    assert code == 1
    assert "- example.org/plea (plea): Dear reader, give." in out


def test_update_asks_first(command, rules, samples, monkeypatch):
    monkeypatch.setattr("typer.confirm", lambda question: False)
    path = samples / "example.org" / "bridge" / "expected.yaml"
    before = path.read_text()
    assert command("test", "--samples", samples, "--rules", rules, "--update")[0] == 1
    assert path.read_text() == before


def test_samples_that_are_not_there(command, samples, tmp_path):
    assert command("test", "--samples", tmp_path / "nowhere")[0] == 2
    code, _, err = command("test", "other.org", "--samples", samples)
    assert code == 2 and "There are no samples of other.org" in err


@pytest.mark.parametrize(("arguments", "key"), [((), "SiteFile"), (("--pack",), "PackFile")])
def test_schema(command, arguments, key):
    code, out, _ = command("schema", *arguments)
    schema = json.loads(out)
    assert code == 0 and schema["$schema"].startswith("https://json-schema.org/")
    assert key in schema["$defs"]
    assert schema["$defs"][key]["additionalProperties"] is False
