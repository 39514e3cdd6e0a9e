"""The measures: cases made by hand, and agreement with a reference scorer where one is at hand."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import metrics
from benchmarks.corpus import Truth
from benchmarks.metrics import Agreement, Confusion, DayMatch, Overlap
from benchmarks.scoring import Prediction, score_body, score_page, summarise

# --- shingles


def test_shingles_are_runs_of_four_words() -> None:
    assert metrics.shingles("one two, three four five") == {
        ("one", "two", "three", "four"): 1,
        ("two", "three", "four", "five"): 1,
    }


def test_a_short_text_is_one_shingle_and_no_text_is_none() -> None:
    assert metrics.shingles("only this") == {("only", "this"): 1}
    assert metrics.shingles(" – ") == {}


def test_shingle_overlap_counts_repeats() -> None:
    assert metrics.compare_shingles("a b c d", "a b c d a b c d") == Overlap(1, 4, 0)
    assert metrics.compare_shingles("a b c d e", "b c d e f g") == Overlap(1, 2, 1)


def test_an_empty_side_has_no_precision_or_recall() -> None:
    assert metrics.compare_shingles("a b c d", "").precision is None
    assert metrics.compare_shingles("", "a b c d").recall is None
    assert metrics.compare_shingles("", "").jaccard == 0.0


def test_empty_predictions_lower_recall_only() -> None:
    truth = Truth(id="x", body="a b c d e")
    summary = summarise([score_page(truth, Prediction(body=body)) for body in ("a b c d e", "")])
    assert summary["shingle.precision"] == 1.0
    assert summary["shingle.recall"] == 0.5
    assert summary["empty"] == 1


# --- ROUGE-LSum


def lsum(true: str, predicted: str, token: metrics.re.Pattern[str] = metrics.ASCII_TOKEN) -> Agreement:
    return metrics.LSum(metrics.token_lines(predicted, token)).score(metrics.token_lines(true, token))


def test_lsum_of_the_same_text_is_one() -> None:
    assert lsum("The old mill\nstands still.", "the OLD mill\nstands still") == (1.0, 1.0, 1.0)


def test_lsum_is_the_union_over_predicted_lines() -> None:
    # the example of the ROUGE paper: w1 w2 w3 w4 w5 against w1 w2 w6 w7 w8 and w1 w3 w8 w9 w5
    agreement = lsum("w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5")
    assert agreement.recall == pytest.approx(4 / 5)
    assert agreement.precision == pytest.approx(4 / 10)


def test_lsum_respects_order_within_a_line() -> None:
    assert lsum("a b c", "c b a").recall == pytest.approx(1 / 3)


def test_a_predicted_word_counts_once() -> None:
    assert lsum("a b\na b", "a b") == pytest.approx((1.0, 0.5, 2 / 3))


def test_only_unicode_tokens_see_other_scripts() -> None:
    assert lsum("שלום עולם", "שלום עולם") == (0.0, 0.0, 0.0)
    assert lsum("שלום עולם", "שלום", metrics.UNICODE_TOKEN) == pytest.approx((1.0, 0.5, 2 / 3))
    assert metrics.token_lines("東京ab_c", metrics.UNICODE_TOKEN) == [("東", "京", "ab", "c")]


def backtracked(line: tuple[str, ...], other: tuple[str, ...]) -> int:
    """The plain table of lengths, followed back as rouge-score does."""
    table = [[0] * (len(other) + 1) for _ in range(len(line) + 1)]
    for i, a in enumerate(line, 1):
        for j, b in enumerate(other, 1):
            table[i][j] = table[i - 1][j - 1] + 1 if a == b else max(table[i - 1][j], table[i][j - 1])
    i, j, found = len(line), len(other), 0
    while i and j:
        if line[i - 1] == other[j - 1]:
            i, j, found = i - 1, j - 1, found | 1 << (i - 1)
        elif table[i][j - 1] > table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return found


WORDS = st.lists(st.sampled_from("abcde"), max_size=30).map(tuple)


@given(WORDS, WORDS)
def test_common_positions_are_those_of_the_table(line: tuple[str, ...], other: tuple[str, ...]) -> None:
    places: dict[str, int] = {}
    for i, token in enumerate(line):
        places[token] = places.get(token, 0) | 1 << i
    assert metrics.common_positions(places, len(line), other) == backtracked(line, other)


# --- variants of a body


def test_optional_paragraphs_may_be_left_out() -> None:
    assert metrics.body_variants("a\n\nb\n\nc", (0, 2)) == [["a", "b", "c"], ["b", "c"], ["a", "b"], ["b"]]


def test_many_optional_paragraphs_go_all_or_none() -> None:
    body = "\n\n".join("abcdefg")
    assert metrics.body_variants(body, range(1, 7)) == [list("abcdefg"), ["a"]]


def test_a_wholly_optional_body_is_still_a_body() -> None:
    assert metrics.body_variants("a", (0,)) == [["a"]]


def test_the_best_variant_counts_for_each_measure() -> None:
    score = score_body("Summary line here.\n\nThe story itself begins.", (0,), "The story itself begins.")
    assert score.exact
    assert score.shingle == Overlap(1, 0, 0)
    assert score.lsum.f1 == 1.0


# --- snippets


def test_snippets_ignore_line_breaks() -> None:
    found = metrics.find_snippets("one\ntwo  three", ["one two", "four"], ["two three", "five"])
    assert found == Confusion(found=1, unwanted=1, missed=1, avoided=1)
    assert (found.precision, found.recall, found.f1, found.accuracy) == (0.5, 0.5, 0.5, 0.5)


def test_no_snippets_score_nothing() -> None:
    assert Confusion(0, 0, 0, 0).f1 == Confusion(0, 0, 0, 0).accuracy == 0.0


# --- fields

TITLES = [
    ("Mill reopens", "Mill reopens", True),
    ("“Mill” – reopens", '"Mill" - reopens', True),
    ("Mill reopens", "Mill reopens | Vale Herald", True),
    ("Mill reopens", "Mill reopens - valeherald.example", True),
    ("Mill reopens - at last", "Mill reopens", False),
    ("Mill reopens", None, False),
]


@pytest.mark.parametrize(("true", "predicted", "same"), TITLES)
def test_title(true: str, predicted: str | None, same: bool) -> None:
    exact, any_case = metrics.same_title(true, predicted, "valeherald.example", ("Vale Herald", None))
    assert exact is any_case is same


def test_title_in_another_case_is_not_exact() -> None:
    assert metrics.same_title("Mill Reopens", "mill reopens", None, ()) == (False, True)


AUTHORS = [
    (("Ann Lee",), ("ann lee",), 1.0),
    (("Ann Lee", "Bo Roe"), ("Bo Roe; Ann Lee",), 1.0),
    (("Ann Lee", "Bo Roe"), ("Ann Lee",), 2 / 3),
    ((), (), 1.0),
    ((), ("Ann Lee",), 0.0),
]


@pytest.mark.parametrize(("true", "predicted", "f1"), AUTHORS)
def test_authors(true: tuple[str, ...], predicted: tuple[str, ...], f1: float) -> None:
    assert metrics.compare_sets(metrics.names_of(true), metrics.names_of(predicted)) == pytest.approx(f1)


DAYS = [
    ("2020-01-02", "2020-01-02T23:30:00+00:00", DayMatch(True, True, True)),
    ("2020-01-02T00:30:00+02:00", "2020-01-01T22:30:00+00:00", DayMatch(True, True, True)),
    ("2020-01-02T00:30:00", "2020-01-01T22:30:00+00:00", DayMatch(False, True, True)),
    ("2020-01-02", "2020-01-04", DayMatch(False, False, True)),
    ("2020-01-02", None, DayMatch(False, False, False)),
    ("2020-01-02", "last week", DayMatch(False, False, False)),
    ("2020-01-02", "2020-99-99", DayMatch(False, False, True)),
]


@pytest.mark.parametrize(("true", "predicted", "match"), DAYS)
def test_days(true: str, predicted: str | None, match: DayMatch) -> None:
    assert metrics.compare_days(true, predicted) == match


def test_what_the_truth_does_not_know_is_not_scored() -> None:
    score = score_page(Truth(id="x"), Prediction(title="A", authors=("B",), published="2020-01-01"))
    assert score.title is score.authors is score.published is score.description is score.body is None
    assert summarise([score]) == {"pages": 1, "empty": 1}


# --- the reference scorer


def read_reference() -> ModuleType | None:
    beside = Path(__file__).resolve().parents[3] / "shared/tools/score.py"
    path = Path(os.environ.get("INGEST_REFERENCE_SCORER", beside))
    spec = importlib.util.spec_from_file_location("reference_scorer", path) if path.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE = read_reference()
MEASURES = {
    "shingle.precision": "body.shingle.precision",
    "shingle.recall": "body.shingle.recall",
    "shingle.f1": "body.shingle.f1",
    "shingle.f1_error": "body.shingle.f1_se",
    "shingle.accuracy": "body.shingle.accuracy",
    "lsum.precision": "body.lsum.precision",
    "lsum.recall": "body.lsum.recall",
    "lsum.f1": "body.lsum.f1",
    "ulsum.f1": "body.ulsum.f1",
    "snippets.precision": "snippets.precision",
    "snippets.recall": "snippets.recall",
    "snippets.f1": "snippets.f1",
    "snippets.accuracy": "snippets.accuracy",
    "title.exact": "title.exact",
    "title.anycase": "title.exact_nocase",
    "authors.f1": "authors.set_f1",
    "published.day": "published.day_exact",
    "published.near": "published.within_one_day",
    "published.given": "published.coverage",
    "description.exact": "description.exact",
}

WORD = st.sampled_from([*"abcd", "mill", "Mill", "“reopens”", "–", "1902", "שלום", "東京", "d'été", "_x_"])
LINE = st.lists(WORD, max_size=12).map(" ".join)
BODY = st.lists(LINE, max_size=6).map("\n\n".join)
TITLE = st.lists(
    st.sampled_from(["Mill", "mill", "opens", "|", "-", "::", "Vale Herald", "vale"]), max_size=6
)
NAMES = st.lists(st.sampled_from(["Ann Lee", "ann  lee", "Bo Roe; Cy Dow", ""]), max_size=3)
DAY = st.sampled_from(
    ["2020-01-01", "2020-01-02T00:30:00+02:00", "2020-01-01T22:30:00Z", "2020-01-02T00:30", "x"]
)
PAGE = st.fixed_dictionaries(
    {
        "body": BODY,
        "body_optional": st.sets(st.integers(0, 5), max_size=6).map(sorted),
        "with_snippets": st.lists(LINE, max_size=3),
        "without_snippets": st.lists(LINE, max_size=3),
        "title": TITLE.map(" ".join),
        "authors": NAMES,
        "published": DAY.filter(lambda day: day != "x"),
        "description": LINE.filter(bool),
        "host": st.sampled_from(["vale.example", "valeherald.example", ""]),
        "site_name": st.sampled_from(["Vale Herald", ""]),
    }
)
SAID = st.fixed_dictionaries(
    {"body": BODY, "title": TITLE.map(" ".join), "authors": NAMES, "published": DAY, "description": LINE}
)


def dig(nested: dict, path: str) -> float:
    for key in path.split("."):
        nested = nested[key]
    return nested


@pytest.mark.skipif(REFERENCE is None, reason="no reference scorer: set INGEST_REFERENCE_SCORER")
@settings(max_examples=100)
@given(st.lists(st.tuples(PAGE, SAID), min_size=1, max_size=4))
def test_agrees_with_the_reference_scorer(pages: list[tuple[dict, dict]]) -> None:
    rows = [({"id": str(i)} | page, {"id": str(i)} | said) for i, (page, said) in enumerate(pages)]
    expected, _ = REFERENCE.score_dataset([page for page, _ in rows], {said["id"]: said for _, said in rows})
    scores = []
    for page, said in rows:
        truth = Truth(**page)
        prediction = Prediction(**{key: value for key, value in said.items() if key != "id"})
        scores.append(score_page(truth, prediction))
    summary = summarise(scores)
    for measure, path in MEASURES.items():
        assert summary[measure] == pytest.approx(dig(expected, path), abs=1e-9), measure
