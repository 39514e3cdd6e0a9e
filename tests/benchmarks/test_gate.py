"""Floors: what fails, what is lifted, what is left alone."""

from __future__ import annotations

from benchmarks.gate import check, raised

SCORES = {"ingest": {"meadow": {"pages": 3.0, "errors": 0.0, "shingle.f1": 0.95, "title.exact": 0.5}}}


def floors(**measures: float) -> dict[str, dict[str, dict[str, float]]]:
    return {"ingest": {"meadow": {"pages": 3, **measures}}}


def failed(given: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    return [item.measure for item in check(SCORES, given) if not item.passed]


def test_a_score_under_its_floor_fails() -> None:
    assert failed(floors(**{"shingle.f1": 0.951, "title.exact": 0.5})) == ["shingle.f1"]


def test_a_measure_that_vanished_fails() -> None:
    assert failed(floors(**{"snippets.f1": 0.1})) == ["snippets.f1"]


def test_floors_of_other_pages_do_not_hold() -> None:
    assert failed({"ingest": {"meadow": {"pages": 4, "shingle.f1": 0.99}}}) == []


def test_a_page_that_raised_fails() -> None:
    broken = {"ingest": {"meadow": SCORES["ingest"]["meadow"] | {"errors": 1.0}}}
    assert [item.passed for item in check(broken, {})] == [False]


def test_raising_lifts_and_never_lowers() -> None:
    lifted = raised(floors(**{"shingle.f1": 0.9, "title.exact": 0.6}), SCORES)
    assert lifted == floors(**{"shingle.f1": 0.948, "title.exact": 0.6})


def test_raised_floors_hold() -> None:
    assert failed(raised({}, SCORES)) == []
