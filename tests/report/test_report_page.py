"""The report: complete, the same for the same dataset, loading and running nothing, readable by everybody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hostile_rows import MOMENT, VALUES, inspect, record, reject, write_rows
from typer.testing import CliRunner

import ingest
from ingest.cli.main import make_app
from ingest.errors import StoreError
from ingest.report import make_report, tally
from ingest.report import page as page_module
from ingest.report.page import FLAGS
from ingest.report.runs import compare, read_runs
from ingest.views import anchor

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page(newsroom: Path) -> str:
    return make_report(newsroom)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("hostile") / "<script>alert(1)</script>"
    rows = [record(number, value) for number, value in enumerate(VALUES)]
    refused = [reject(number, value) for number, value in enumerate(VALUES)]
    write_rows(out, rows, refused)
    summary = {
        "run_id": "a",
        "version": VALUES[0],
        "out": "",
        "status": "done",
        "started": MOMENT.isoformat(),
    }
    summary |= {
        "seconds": 1,
        "read": 9,
        "skipped": 0,
        "records": 9,
        "rejects": {},
        "removals": {},
        "flags": {},
    }
    (out / "runs" / "a.json").write_text(json.dumps(summary))
    (out / "runs" / "<b>.json").write_text("{")
    return make_report(out)


def words_of(page: str) -> str:
    return " ".join(" ".join(inspect(page).text).split())


# -- what is shown


def test_it_counts_what_is_there(page, newsroom):
    text = words_of(page)
    records, rejects = ingest.read(newsroom).count_rows(), ingest.read_rejects(newsroom).count_rows()
    assert (records, rejects) == (288, 4)
    assert "288 articles from 3 sites" in text
    assert "99 % of 292 pages became articles; 4 were refused, each with a reason." in text
    assert "Last run 2024-01-01 09:00 UTC" in text


def test_the_last_run_stands_beside_those_before(newsroom):
    runs, broken = read_runs(newsroom)
    assert [run.run_id for run in runs] == ["run-0", "run-1", "run-2", "run-3"] and not broken
    changes = {change.name: change for change in compare(runs)}
    assert changes["duration"].now == 6.5 and changes["duration"].before == 4.5
    assert round(changes["duration"].ratio, 3) == 0.444
    assert compare(runs[:1])[0].before is None


def test_a_site_that_changed_is_named(page):
    text = words_of(page)
    assert "1 site has changed since earlier runs" in text
    assert "layout_missed" in text


def test_each_site_has_a_line_by_run(page):
    assert page.count("median words by run, from") == 3


def test_every_rule_shows_what_it_took_between_its_neighbours(page, newsroom):
    removals = [
        removal
        for row in ingest.read(newsroom).to_table(columns=["removals"]).to_pylist()
        for removal in row["removals"]
    ]
    for rule in {removal["rule"] for removal in removals}:
        entry = page.split(f'id="{anchor("rule", rule)}"')[1].split("</details>")[0]
        number = sum(removal["rule"] == rule for removal in removals)
        assert f"{number} times" in page.split(f'id="{anchor("rule", rule)}"')[0].rsplit("<summary>", 1)[1]
        assert entry.count('<li class="example"') >= 1
    plea = page.split(f'id="{anchor("rule", "paper0.example/plea")}"')[1].split("</details>")[0]
    assert "Dear readers of paper0.example, our desk lives from your gifts alone." in plea
    assert 'class="neighbour kept"' in plea and "paper0.example/story/" in plea


def test_of_a_rules_texts_the_rarest_come_first(tmp_path):
    rows = []
    for number in range(40):
        row = record(number, "plain")
        text = "Sign up now" if number != 7 else "The mayor said that nobody had asked her"
        row["removals"] = [{"rule": "a.org/x", "kind": "plea", "block": 9, "text": text, "start": 0}]
        rows.append(row)
    write_rows(tmp_path, rows, [])
    entry = make_report(tmp_path).split(f'id="{anchor("rule", "a.org/x")}"')[1].split("</details>")[0]
    assert "2 of 2 different texts shown" in entry
    assert entry.index("The mayor said") < entry.index("Sign up now")
    assert "39 times" in entry


def test_texts_that_differ_in_numbers_only_are_one(tmp_path):
    rows = []
    for number in range(30):
        row = record(number, "plain")
        removal = {
            "rule": "a.org/x",
            "kind": "furniture",
            "block": 9,
            "text": f"{number} minute read",
            "start": 0,
        }
        rows.append(row | {"removals": [removal]})
    write_rows(tmp_path, rows, [])
    assert "1 of 1 different text shown" in words_of(make_report(tmp_path))


def test_an_article_stands_beside_its_page(page, newsroom):
    views = page.split('<section id="pages"')[1]
    number = views.count('<div class="article-view">')
    assert 32 <= number <= 48
    assert f"{number} of 288 shown" in views
    assert "Where each field came from" in views


def test_flags_lead_to_their_pages(page):
    flags = page.split('<section id="guard"')[1].split("</section>")[0]
    assert "layout_missed" in flags and 'href="#page-' in flags


def test_flags_are_explained_as_in_the_documentation():
    table = (
        (ROOT / "docs" / "dataset.md")
        .read_text(encoding="utf-8")
        .split("**Flags**")[1]
        .split("**Origins**")[0]
    )
    assert set(FLAGS) >= {
        name.partition(":")[0] for name in re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    }


def test_what_is_left_out_is_said(newsroom, monkeypatch):
    monkeypatch.setattr(page_module, "SITES", 2)
    monkeypatch.setattr(page_module, "RULES", 3)
    monkeypatch.setattr(page_module, "RUNS", 1)
    text = words_of(make_report(newsroom))
    assert "2 of 3 sites shown." in text
    assert "1 of 4 runs shown." in text
    assert re.search(r"3 of \d+ rules, those that took most words, are shown\.", text)


def test_late_sites_of_many_are_counted_together(newsroom, monkeypatch):
    monkeypatch.setattr(tally, "MAX_SITES", 1)
    counted = tally.read_tally(newsroom)
    assert set(counted.sites) == {"paper0.example", tally.OTHERS}
    assert sum(site.records for site in counted.sites.values()) == 288
    assert "from more than 2 sites" in words_of(make_report(newsroom))


def test_only_the_newest_runs_are_kept_of_each_site(newsroom, monkeypatch):
    monkeypatch.setattr(tally, "RUNS", 2)
    counted = tally.read_tally(newsroom)
    newest = sorted(counted.moments)
    assert len(newest) == 2
    assert all(sorted(site.runs) in (newest, []) for site in counted.sites.values())


def test_an_empty_dataset_has_a_report(tmp_path):
    write_rows(tmp_path, [], [])
    found = inspect(make_report(tmp_path))
    assert found.faults == []
    assert "There are no pages in this dataset." in " ".join(found.text)


def test_a_dataset_of_rejects_only_has_a_report(tmp_path):
    write_rows(tmp_path, [], [reject(1, "plain")])
    assert "0 % of 1 pages became articles; 1 was refused" in words_of(make_report(tmp_path))


def test_a_page_that_is_far_too_long_does_not_make_the_report_large(tmp_path):
    rows = []
    for number in range(50):
        blocks = [
            {"kind": "paragraph", "text": "word " * 250, "level": 0, "place": place} for place in range(160)
        ]
        rows.append(record(number, "plain") | {"site": f"{number}.example", "blocks": blocks})
    write_rows(tmp_path, rows, [])
    page = make_report(tmp_path)
    assert len(page) < 16_000_000
    assert "more blocks are not shown" in page


# -- the same again


def test_the_same_dataset_gives_the_same_bytes_by_path_and_by_uri(page, newsroom):
    assert make_report(newsroom.as_uri()) == page


@pytest.mark.parametrize("seed", ["1", "2"])
def test_chance_has_no_part_in_it(page, newsroom, tmp_path, seed):
    """Sets of texts have another order in each process."""
    target = tmp_path / "report.html"
    command = [sys.executable, "-m", "ingest", "report", str(newsroom), "-o", str(target)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True)
    assert target.read_text(encoding="utf-8") == page


# -- nothing is loaded, nothing runs


def test_hostile_values_are_only_text(hostile):
    found = inspect(hostile)
    assert found.faults == []
    assert len(found.styles) == 2 and len(found.scripts) == 1
    assert "document.title" not in "".join(found.scripts + found.styles)
    shown = "".join(found.text)
    for value in VALUES[:15]:
        assert value[:100] in shown
    assert "{{ 7 * 7 }}" in shown


def test_no_control_character_and_no_change_of_direction_is_left(hostile):
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", hostile)
    assert "a␀b␇c␛[31md␡e" in hostile


def test_nothing_is_fetched(hostile, page):
    for document in (hostile, page):
        assert not re.search(
            r"""<(?:img|iframe|object|embed|link|base|form|video|audio|source)\b""", document
        )
        assert not re.search(r"@import|url\(", "".join(inspect(document).styles))


def test_the_policy_allows_the_documents_own_style_and_script_and_nothing_else(hostile, page):
    for document in (hostile, page):
        found = inspect(document)
        rules = dict(part.split(" ", 1) for part in found.policy.split("; "))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        for name, texts in (("style-src", found.styles), ("script-src", found.scripts)):
            digests = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts]
            assert rules[name].split() == digests
        assert set(rules) == {"default-src", "style-src", "script-src", "base-uri", "form-action"}


# -- for everybody


def test_ids_are_unique_and_links_inside_lead_somewhere(hostile, page):
    for document in (hostile, page):
        found = inspect(document)
        assert len(found.ids) == len(set(found.ids))
        inside = {link[1:] for link in found.links if link.startswith("#")}
        assert inside and inside <= set(found.ids)


def test_headings_leave_no_level_out(hostile, page):
    for document in (hostile, page):
        levels = inspect(document).headings
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_head_a_scope(page):
    assert page.count("<table") == page.count("<caption>") > 10
    assert not re.search(
        r"<th(?! scope| aria-|ead)[ >]",
        page.replace('<th class="', '<th-bad class="').replace("<th-bad", "<th"),
    )


def test_every_chart_is_told_in_words_and_has_its_table(page):
    charts = re.findall(r"<svg[^>]*>", page)
    assert charts and all('role="img"' in svg and re.search(r'aria-label="[^"]{8,}"', svg) for svg in charts)
    sections = re.findall(r"<section id=\"\w+\".*?</section>", page, re.DOTALL)
    assert all("<table" in part for part in sections if "<svg" in part)


def test_landmarks_language_and_viewport_are_there(page):
    assert all(page.count(f"<{name}") >= 1 for name in ("header", "nav", "main", "footer"))
    assert '<html lang="en">' in page and 'name="viewport"' in page and 'class="skip"' in page


# -- the command


def test_the_command_writes_the_file(newsroom, tmp_path, page):
    target = tmp_path / "look.html"
    result = CliRunner().invoke(make_app(), ["report", str(newsroom), "-o", str(target)])
    assert result.exit_code == 0
    assert target.read_text(encoding="utf-8") == page
    assert str(target) in result.output.replace("\n", "")


def test_the_command_says_what_is_wrong(tmp_path, newsroom):
    result = CliRunner().invoke(make_app(), ["report", str(tmp_path / "none")])
    assert isinstance(result.exception, StoreError)
    result = CliRunner().invoke(make_app(), ["report", str(newsroom), "-o", str(tmp_path / "no" / "x.html")])
    assert isinstance(result.exception, StoreError) and "-o" in str(result.exception)
