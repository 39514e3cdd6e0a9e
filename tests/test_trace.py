"""The explanation of a page: what was chosen, and why the rest was not."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules.rulebook import read_rules
from ingest.trace import trace_page

RULES = r"""
site: gazette.example
hosts: [gazette.example]
layouts:
  - id: 2024
    when: '.story-2024'
    body: '.story-2024'
  - id: 2020
    when: '.story'
    body: '.story'
    title: 'h1'
    drop:
      - {id: box, kind: newsletter, css: '.box'}
  - id: words
    when: {media: text}
strip:
  - {id: visit, kind: promo, line: '^Visit the Gazette shop\b.*$'}
"""

PAGE = """<html><head><title>Ferry runs at night - Gazette</title>
<link rel="canonical" href="https://gazette.example/ferry">
<meta property="og:title" content="Ferry runs at night"></head>
<body><h1>Ferry runs at night</h1><div class="story">
<p>The night ferry left the harbour at two in the morning with forty fishermen on board.</p>
<p>Visit the Gazette shop for prints of this photograph and many more.</p>
<div class="box">Our letters come every week, and they are free.</div>
<p>The council had argued for three years about the timetable before it agreed to pay.</p>
</div></body></html>"""


def rulebook(folder: Path):
    (folder / "gazette.example.yaml").write_text(RULES, encoding="utf-8")
    return read_rules([folder])


def test_every_choice_has_its_reason(tmp_path):
    trace = trace_page(RawPage(data=PAGE.encode(), source="ferry.html"), rulebook(tmp_path))
    assert (trace.site, trace.site_by) == ("gazette.example", "the page's own address")
    assert [(check.layout, check.chosen) for check in trace.layouts] == [
        ("2024", False),
        ("2020", True),
        ("words", False),
    ]
    assert ".story-2024" in trace.layouts[0].why
    assert {hits.use: hits.nodes for hits in trace.selectors} == {
        "body": 1,
        "title": 1,
        "gazette.example/box": 1,
    }


def test_every_block_has_its_verdict_with_rule_and_pattern(tmp_path):
    trace = trace_page(RawPage(data=PAGE.encode(), source="ferry.html"), rulebook(tmp_path))
    assert [verdict.rule for verdict in trace.blocks] == [
        None,
        "gazette.example/visit",
        "gazette.example/box",
        None,
    ]
    assert trace.blocks[1].pattern == r"^Visit the Gazette shop\b.*$"


def test_every_field_has_its_candidates_and_the_winner(tmp_path):
    title = trace_page(RawPage(data=PAGE.encode(), source="ferry.html"), rulebook(tmp_path)).fields["title"]
    assert (title.value, title.origin) == ("Ferry runs at night", "layout")
    assert {(c.origin, c.name) for c in title.candidates} >= {
        ("layout", "title"),
        ("meta", "og:title"),
        ("page", "<h1>"),
    }


def test_the_explanation_is_that_of_the_record(tmp_path):
    raw, rules = RawPage(data=PAGE.encode(), source="ferry.html"), rulebook(tmp_path)
    record, trace = clean_page(raw, rules), trace_page(raw, rules)
    assert isinstance(record, Record)
    assert [removal.rule for removal in record.removals] == [v.rule for v in trace.blocks if v.rule]
    assert json.loads(msgspec.json.encode(trace))["rules_digest"] == record.rules_digest


def test_text_pages_and_refused_pages_are_explained(tmp_path):
    rules = rulebook(tmp_path)
    text = "Night ferry\n\nThe night ferry left the harbour at two in the morning with forty men on board.\n"
    trace = trace_page(RawPage(data=text.encode(), source="a.txt", url="https://gazette.example/a"), rules)
    assert [(c.layout, c.chosen) for c in trace.layouts] == [
        ("2024", False),
        ("2020", False),
        ("words", True),
    ]
    assert trace_page(RawPage(data=b"", source="b.html"), rules).refusal.startswith("empty: ")
