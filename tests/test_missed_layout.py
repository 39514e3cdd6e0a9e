"""A layout whose body holds no text leaves the page to the generic extractor, as if there were no layout."""

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
    when: '{body}'
    body: '{body}'
"""
POST = (
    "<li><h3>Pier {0}</h3><div>The night ferry left pier {0} in the morning with forty fishermen.</div></li>"
)
PAGE = """<html><head><title>Night ferry</title></head><body><h1>Night ferry</h1><div class=story>{hollow}
<p>The night ferry runs again, and this is what happened at every pier from morning to evening.</p>
<ul>{posts}</ul></div><footer><p>The harbour authority publishes this page.</p></footer></body></html>"""


@pytest.mark.parametrize(
    ("body", "hollow"),
    [
        ('[itemprop="text"]', '<meta itemprop="text" content="The night ferry runs again.">'),
        (".text", "<div class=text></div>"),
        (".text", "<template><div class=text>The night ferry</div></template>"),
    ],
)
def test_a_body_without_text(tmp_path, body, hollow):
    (tmp_path / "gazette.example.yaml").write_text(RULES.format(body=body), encoding="utf-8")
    page = PAGE.format(hollow=hollow, posts="".join(map(POST.format, range(1, 13))))
    raw = RawPage(data=page.encode(), source="a.html", url="https://gazette.example/a")
    missed, bare = clean_page(raw, read_rules([tmp_path])), clean_page(raw, read_rules([]))
    assert isinstance(missed, Record) and isinstance(bare, Record)
    assert missed.body == bare.body
    assert missed.body.count("fishermen") == 12
    assert "layout_missed" in missed.flags
