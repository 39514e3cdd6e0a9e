"""Running extractors over pages: outcomes, errors, predictions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import quality
from benchmarks.corpus import CorpusError, read_dataset
from benchmarks.extractors import EXTRACTORS, Extractor, prediction_of
from benchmarks.scoring import Prediction
from ingest.records import RawPage, Reject


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
