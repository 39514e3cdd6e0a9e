"""A selector that would take the article takes nothing, and the record says so."""

from __future__ import annotations

import pytest

from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules.rulebook import read_rules

RULES = """
site: gazette.example
hosts: [gazette.example]
layouts:
  - id: 2024
    when: '.story'
    body: '.story'
    drop:
      - {{id: box, kind: {kind}, css: '{css}'}}
"""
SENTENCE = "The night ferry left the harbour at two in the morning with forty fishermen on board."


def clean(tmp_path, css, body, kind="promo"):
    (tmp_path / "gazette.example.yaml").write_text(RULES.format(css=css, kind=kind), encoding="utf-8")
    page = f"<html><body><h1>Night ferry</h1><div class=story>{body}</div></body></html>"
    raw = RawPage(data=page.encode(), source="a.html", url="https://gazette.example/a")
    record = clean_page(raw, read_rules([tmp_path]))
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize("rest", ["", "<h2>Two years of trial</h2>", "<p>Short.</p>"])
def test_a_drop_of_every_paragraph_is_stopped(tmp_path, rest):
    record = clean(tmp_path, "p.x", f"<p class=x>{SENTENCE}</p>" * 6 + rest)
    assert SENTENCE in record.body
    assert "guarded:gazette.example/box" in record.flags


def test_a_drop_of_most_of_a_long_article_is_stopped(tmp_path):
    record = clean(
        tmp_path, ".gated", f"<p>{SENTENCE}</p>" * 2 + f"<div class=gated>{f'<p>{SENTENCE}</p>' * 30}</div>"
    )
    assert record.body.count("night ferry") == 32
    assert record.flags == ("guarded:gazette.example/box",)


def test_a_box_is_dropped_and_so_are_long_comments(tmp_path):
    box = f"<div class=box><p>{SENTENCE}</p></div>"
    record = clean(tmp_path, ".box", f"<p>{SENTENCE}</p>" * 3 + box)
    assert [removal.rule for removal in record.removals] == ["gazette.example/box"]
    thread = f"<div class=thread>{f'<p>{SENTENCE}</p>' * 40}</div>"
    record = clean(tmp_path, ".thread", f"<p>{SENTENCE}</p>" * 3 + thread, kind="comments")
    assert record.body.count("night ferry") == 3
    assert record.flags == ()
