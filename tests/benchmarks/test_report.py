"""What is printed of a page and of a dataset."""

from __future__ import annotations

import io

from rich.console import Console

from benchmarks.report import difference, is_right, print_summaries
from benchmarks.scoring import PageScore


def shown(true: str, predicted: str, optional: tuple[int, ...] = ()) -> list[str]:
    return [line.plain.rstrip() for line in difference(true, predicted, optional)]


def test_lines_missing_and_too_many() -> None:
    assert shown("a\n\nb\n\nc", "a\nc\nd") == ["  a", "- b", "  c", "+ d"]


def test_an_optional_line_may_be_missing() -> None:
    assert shown("a\n\nb\n\nc", "a\nc", (1,)) == ["  a", "? b", "  c"]


def test_a_changed_line_is_shown_once() -> None:
    assert shown("the old mill", "the new mill") == ["~ the old new mill"]


def test_white_space_is_no_difference() -> None:
    assert shown("the  old\tmill", "the old mill") == ["  the old mill"]


def test_a_field_the_truth_does_not_know_is_right() -> None:
    assert is_right(PageScore(empty=False), "title")
    assert not is_right(PageScore(empty=False, title=(False, True)), "title")


def test_body_and_fields_are_two_tables() -> None:
    console = Console(file=io.StringIO(), width=120)
    summary = {
        "pages": 2.0,
        "empty": 0.0,
        "shingle.f1": 0.5,
        "title.exact": 0.0,
        "ms.mean": 1.25,
        "ms.max": 2.0,
    }
    print_summaries(console, "meadow", {"ingest": summary})
    text = console.file.getvalue()
    assert "sh.F1" in text
    assert "meadow: fields" in text
    assert "0.500" in text
    assert "–" in text
