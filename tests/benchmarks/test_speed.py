"""The arithmetic of times; the times themselves are nobody's test."""

from __future__ import annotations

import pytest

from benchmarks.speed import Stopwatch, quantile


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 5), (0.95, 10), (0.99, 10), (1.0, 10)])
def test_quantile(share: float, expected: float) -> None:
    assert quantile([float(value) for value in (3, 1, 2, 5, 4, 7, 6, 9, 8, 10)], share) == expected


def test_the_least_time_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0, 5_000_000, 10_000_000, 12_000_000, 20_000_000, 24_000_000])
    monkeypatch.setattr("benchmarks.speed.time.thread_time_ns", lambda: next(ticks))
    watch = Stopwatch()
    assert [watch.time("mill", str.upper, word) for word in ("a", "b", "c")] == ["A", "B", "C"]
    assert watch.least == {"mill": 2.0}
