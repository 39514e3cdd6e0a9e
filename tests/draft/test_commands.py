"""`ingest rules draft` and `ingest rules new` from the command line."""

from __future__ import annotations

import json
import re

import pytest
import typer
from made_sites import class_site, microdata_site, text_site
from typer.testing import CliRunner

from ingest.cli import draft, new
from ingest.cli.new import SKELETON
from ingest.errors import UsageError
from ingest.rules import load_rules
from ingest.rules.loader import load_file
from ingest.rules.model import SiteFile
from ingest.samples import compare, find_samples


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Run a command in an empty folder: gives the result; errors meant for the caller are raised."""
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    draft.register(app)
    new.register(app)
    runner = CliRunner(env={"COLUMNS": "200"})

    def run(*arguments: str):
        result = runner.invoke(app, arguments)
        if isinstance(result.exception, UsageError):
            raise result.exception
        return result

    return run


def save(pages, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for page in pages:
        name = page.source.rsplit("/", 1)[-1]
        (folder / name).write_bytes(page.data)


def test_each_site_gets_a_file_that_loads(command, tmp_path):
    save(microdata_site(3), tmp_path / "pages" / "a")
    save(class_site(3), tmp_path / "pages" / "b")
    result = command("draft", "pages")
    assert result.exit_code == 0, result.output
    rulebook = load_rules(tmp_path / "rules-draft")
    assert {"hafenblatt.example", "tarncourier.example"} <= rulebook.sites.keys()
    assert "can win two tickets" in result.output
    assert "words kept: " in result.output


def test_a_file_that_is_there_is_kept(command, tmp_path):
    save(class_site(3), tmp_path / "pages")
    target = tmp_path / "rules-draft" / "tarncourier.example.yaml"
    target.parent.mkdir()
    target.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        command("draft", "pages")
    assert target.read_text() == "mine"
    assert command("draft", "pages", "--force").exit_code == 0
    assert "site: tarncourier.example" in target.read_text()


def test_text_pages_need_a_site(command, tmp_path):
    save(text_site(3), tmp_path / "pages")
    with pytest.raises(UsageError, match="--site"):
        command("draft", "pages")
    assert command("draft", "pages", "--site", "www.Norrland.example").exit_code == 0
    assert (tmp_path / "rules-draft" / "norrland.example.yaml").exists()


@pytest.mark.parametrize("site", ["../evil", "norrland", "a b.example", ""])
def test_a_site_is_a_host(command, tmp_path, site):
    save(text_site(1), tmp_path / "pages")
    with pytest.raises(UsageError, match="not a host"):
        command("draft", "pages", "--site", site)


def test_few_pages_are_said_to_be_few(command, tmp_path):
    save(class_site(1), tmp_path / "pages")
    assert "Fewer than 3 pages" in command("draft", "pages").output


def test_scores_against_truth(command, tmp_path):
    save(class_site(3), tmp_path / "pages")
    (tmp_path / "truth.jsonl").write_text(json.dumps({"id": "1", "body": "A body of five words"}) + "\n")
    assert "F1 on 1 pages: " in command("draft", "pages", "--truth", "truth.jsonl").output
    (tmp_path / "truth.jsonl").write_text("{")
    with pytest.raises(UsageError, match="JSON object"):
        command("draft", "pages", "--force", "--truth", "truth.jsonl")


def test_no_article_is_code_1(command, tmp_path):
    page = b'<link rel="canonical" href="https://empty.example/x"><p></p>'
    (tmp_path / "page.html").write_bytes(page)
    assert command("draft", "page.html").exit_code == 1
    assert not (tmp_path / "rules-draft").exists()


def test_new_writes_a_file_that_loads(command, tmp_path):
    assert command("new", "example.org").exit_code == 0
    assert "example.org" in load_rules(tmp_path / "my-rules").sites
    line = (tmp_path / "my-rules" / "example.org.yaml").read_text().splitlines()[0]
    assert (tmp_path / "my-rules" / line.partition("$schema=")[2]).exists()
    with pytest.raises(UsageError, match="already"):
        command("new", "example.org")
    with pytest.raises(UsageError, match="not a host"):
        command("new", "not a host")


def test_the_skeleton_without_its_marks_is_a_full_file():
    lines = SKELETON.format(site="example.org", folder="my-rules").splitlines()[2:]
    text = "\n".join(line.removeprefix("# ") for line in lines)
    loaded = load_file("example.org.yaml", text, SiteFile)
    assert not loaded.mistakes
    assert len(loaded.value.strip) == 3 and loaded.value.layouts and loaded.value.recognise


def test_samples_come_with_the_draft(command, tmp_path):
    save(class_site(4), tmp_path / "pages")
    result = command("draft", "pages")
    folder = tmp_path / "rules-draft" / "samples"
    samples = list(find_samples(folder, "tarncourier.example"))
    assert len(samples) == 2 and result.output.count("written: rules-draft/samples/") == 2
    rulebook = load_rules(tmp_path / "rules-draft")
    assert [compare(sample, rulebook) for sample in samples] == [[], []]
    taken = {removal.split()[0] for sample in samples for removal in sample.expect["removals"]}
    assert any(rule.startswith("tarncourier.example/") for rule in taken)
    titles = [re.search(r"<title>(.*?) - ", path.read_text())[1] for path in (tmp_path / "pages").iterdir()]
    assert not any(title in path.read_text() for path in folder.rglob("page.html") for title in titles)


def test_samples_can_be_left_out(command, tmp_path):
    save(class_site(3), tmp_path / "pages")
    command("draft", "pages", "--samples", "0")
    assert not (tmp_path / "rules-draft" / "samples").exists()
