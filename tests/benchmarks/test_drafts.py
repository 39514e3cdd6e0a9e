"""What the comparison of drafts with the generic extractor calls better, same, worse and full."""

from __future__ import annotations

import pytest

from benchmarks.drafts import SAME, Trial, body_score, pairs_of, print_report, verdict
from benchmarks.metrics import Confusion
from benchmarks.scoring import PageScore, score_body


def score(body: str = "", title: bool | None = None, authors: float | None = None) -> PageScore:
    truth = "one two three four five six seven eight"
    return PageScore(
        empty=False,
        body=score_body(truth, (), body) if body else None,
        title=None if title is None else (title, title),
        authors=authors,
    )


def trial(generic: PageScore, draft: PageScore, page: str = "a.html") -> Trial:
    return Trial("quay.example", page, 2, generic, draft, "rules")


ALL, HALF = "one two three four five six seven eight", "one two three four five other words here"


@pytest.mark.parametrize(
    ("generic", "draft", "expected"),
    [
        (score(HALF), score(ALL), "better"),
        (score(ALL), score(HALF), "WORSE"),
        (score(HALF), score(HALF), "same"),
        (score(ALL, title=True), score(ALL, title=True), "full"),
        (score(ALL, title=False), score(ALL, title=True), "better"),
        (score(HALF, title=True), score(ALL, title=False), "WORSE"),  # what a field loses no body makes good
        (score(authors=0.5), score(authors=0.5 + SAME / 2), "same"),
    ],
)
def test_the_verdict_on_a_site(generic, draft, expected):
    assert verdict([trial(generic, draft)]) == expected


def test_pages_of_a_site_are_taken_together():
    won, lost = trial(score(HALF), score(ALL)), trial(score(ALL), score(HALF))
    assert verdict([won, lost]) == "same"
    assert verdict([won, won, lost]) == "better"


def test_parts_that_the_truth_does_not_know_have_no_score():
    known = trial(score(ALL), score(ALL))
    assert pairs_of([known], "body") == [(1.0, 1.0)]
    assert pairs_of([known], "deck") == pairs_of([known], "day") == []


def test_the_body_is_judged_by_what_is_known_of_it():
    assert body_score(PageScore(empty=False, start=True)) == 1.0
    assert (
        body_score(PageScore(empty=False, snippets=Confusion(found=1, unwanted=1, missed=0, avoided=2)))
        == 0.75
    )
    assert body_score(PageScore(empty=False)) is None


def test_the_report_counts_the_sites(capsys):
    print_report([trial(score(HALF, title=True), score(ALL, title=True))], details=True)
    printed = capsys.readouterr().out
    assert "1 sites: 1 better, 0 same (0 of them full" in printed
    assert "body a.html: 0." in printed and "-> 1.0000 (rules)" in printed
