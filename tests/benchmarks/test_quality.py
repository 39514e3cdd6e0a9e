"""Running extractors over pages: outcomes, errors, predictions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from benchmarks import quality
from benchmarks.corpus import CorpusError, read_dataset
from benchmarks.extractors import EXTRACTORS, Extractor, prediction_of
from benchmarks.scoring import Prediction
from ingest.records import RawPage, Record, Reject


@pytest.fixture(autouse=True)
def stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    """`stub` knows the title, `broken` raises, `absent` is not installed."""

    def broken(page: RawPage) -> Prediction:
        raise ValueError(page.source)

    def absent() -> None:
        raise ImportError("No module named 'absent'")

    monkeypatch.setitem(EXTRACTORS, "stub", Extractor(lambda: lambda page: Prediction(title="Mill reopens")))
    monkeypatch.setitem(EXTRACTORS, "broken", Extractor(lambda: broken))
    monkeypatch.setitem(EXTRACTORS, "absent", Extractor(absent))
    quality.load.cache_clear()


def test_an_outcome_has_prediction_and_score(corpus: Path) -> None:
    (outcome,) = quality.measure_all("stub", read_dataset(corpus, "meadow"))
    assert outcome.prediction.title == "Mill reopens"
    assert outcome.score.title == (True, True)
    assert outcome.error is None


def test_a_page_that_raises_is_an_empty_prediction(corpus: Path) -> None:
    outcomes = quality.measure_all("broken", read_dataset(corpus, "meadow"))
    assert (outcomes[0].error or "").startswith("ValueError: p1.html.gz (test_quality.py:")
    summary = quality.summarise_outcomes(outcomes)
    assert (summary["errors"], summary["empty"], summary["title.exact"]) == (1, 1, 0)


def test_a_peer_that_is_not_installed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.installed(["stub", "absent", "stub"]) == ["stub"]
    assert "absent left out: No module named 'absent'" in capsys.readouterr().out


def test_an_unknown_extractor_is_a_sentence() -> None:
    with pytest.raises(CorpusError, match="No extractor nonsense"):
        quality.installed(["nonsense"])


def test_predictions_are_rows_with_an_id(corpus: Path, tmp_path: Path) -> None:
    outcomes = quality.measure_all("stub", read_dataset(corpus, "meadow"))
    quality.write_predictions(tmp_path / "out", "stub", "meadow", outcomes)
    row = json.loads((tmp_path / "out/stub/meadow.jsonl").read_text())
    assert row == {
        "id": "p1",
        "body": "",
        "title": "Mill reopens",
        "authors": [],
        "published": None,
        "description": None,
    }


def test_a_reject_is_an_empty_prediction() -> None:
    assert prediction_of(Reject(page_id="0", source="p", reason="empty", detail="no bytes")) == Prediction()


@pytest.mark.parametrize(
    ("moment", "day", "expected"),
    [
        (datetime(2024, 3, 5, 9, tzinfo=UTC), date(2024, 3, 5), "2024-03-05T09:00:00+00:00"),
        (datetime(2024, 3, 5, 22, 30, tzinfo=UTC), date(2024, 3, 6), "2024-03-06T00:30:00+02:00"),
        (datetime(2024, 3, 6, 6, 35, tzinfo=UTC), date(2024, 3, 5), "2024-03-05T23:35:00-07:00"),
        (datetime(2024, 3, 5, tzinfo=UTC), date(2024, 3, 5), "2024-03-05T00:00:00+00:00"),
        (None, None, None),
    ],
)
def test_a_prediction_has_the_moment_and_the_day(
    moment: datetime | None, day: date | None, expected: str | None
) -> None:
    record = Record(
        page_id="0",
        source="p",
        source_digest="1",
        media_type="text/html",
        published=moment,
        published_day=day,
        body="text",
        method="generic",
        rules_digest="2",
        version="3",
    )
    assert prediction_of(record).published == expected
