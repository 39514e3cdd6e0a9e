"""docs/sites.md says of the sites what their rule files and samples say; its scores are not looked at."""

from __future__ import annotations

from benchmarks.sites import COLUMNS, DOCUMENT, MEASURED, Measured, count_samples, document, row
from ingest.rules import load_rules


def cells(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [line.strip("|").split("|") for line in lines]


def test_the_document_is_in_step_with_rules_and_samples():
    rulebook, samples = load_rules(), count_samples()
    written = [[cell.strip() for cell in line] for line in cells(DOCUMENT.read_text(encoding="utf-8"))]
    expected = [list(row(site, samples[name])) for name, site in rulebook.sites.items()]
    assert written[0] == list(COLUMNS)
    stale = [want for want, line in zip(expected, written[2:], strict=True) if line[:-MEASURED] != want]
    assert stale == [], "write it anew: python -m benchmarks.sites"


def test_scores_stand_where_there_are_some():
    rulebook, samples = load_rules(), count_samples()
    site = next(iter(rulebook.sites))
    text = document(rulebook, samples, {site: Measured("some-news", 3, "F1", 0.9, 0.95)})
    lines = cells(text)
    assert lines[2][-MEASURED:] == [" some-news, 3 ", " F1 0.900 → 0.950 "]
    assert lines[3][-MEASURED:] == ["  ", "  "]
    assert {len(line) for line in lines} == {len(COLUMNS)}
