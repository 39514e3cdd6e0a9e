"""Scores of a page, and of a dataset as the flat mapping that tables, JSON and floors share.

truth + prediction ─ score_page ─> PageScore ─ summarise ─> {"shingle.f1": 0.98, "title.exact": 0.93, ...}
"""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from benchmarks import metrics
from benchmarks.corpus import Truth
from benchmarks.metrics import Agreement, Confusion, DayMatch, Overlap, mean


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """What an extractor says of a page. `published` is an ISO date or date-time."""

    body: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    description: str | None = None


class BodyScore(msgspec.Struct, frozen=True):
    shingle: Overlap
    exact: bool
    lsum: Agreement
    ulsum: Agreement


class PageScore(msgspec.Struct, frozen=True, kw_only=True):
    """One page's scores; None where the truth says nothing."""

    empty: bool
    body: BodyScore | None = None
    snippets: Confusion | None = None
    start: bool | None = None
    title: tuple[bool, bool] | None = None
    authors: float | None = None
    published: DayMatch | None = None
    description: bool | None = None


T = TypeVar("T")
S = TypeVar("S")

Summary = dict[str, float]
"""Measure -> score of a dataset. Names are `<part>.<measure>`; `<part>.pages` is how many pages count."""


# --- one page


def score_body(truth: str, optional: Sequence[int], predicted: str) -> BodyScore:
    """The best score over the variants of the body, each measure for itself."""
    variants = metrics.body_variants(truth, optional)
    texts = ["\n\n".join(variant) for variant in variants]
    overlaps = [metrics.compare_shingles(text, predicted) for text in texts]
    lsum = best_lsum(texts, predicted, metrics.ASCII_TOKEN)
    ascii_only = truth.isascii() and predicted.isascii()
    return BodyScore(
        shingle=max(overlaps, key=lambda overlap: overlap.jaccard),
        exact=any(metrics.same_words(text, predicted) for text in texts),
        lsum=lsum,
        ulsum=lsum if ascii_only else best_lsum(texts, predicted, metrics.UNICODE_TOKEN),
    )


def best_lsum(texts: Iterable[str], predicted: str, token: re.Pattern[str]) -> Agreement:
    lsum = metrics.LSum(metrics.token_lines(predicted, token))
    return max((lsum.score(metrics.token_lines(text, token)) for text in texts), key=lambda score: score.f1)


def score_page(truth: Truth, said: Prediction) -> PageScore:
    names = (truth.site_name, truth.publisher)
    return PageScore(
        empty=not said.body,
        body=_known(truth.body, lambda body: score_body(body, truth.body_optional, said.body)),
        snippets=_known(
            truth.with_snippets,
            lambda wanted: metrics.find_snippets(said.body, wanted, truth.without_snippets),
        ),
        start=_known(truth.body_start, lambda start: metrics.contains(said.body, start)),
        title=_known(truth.title, lambda title: metrics.same_title(title, said.title, truth.host, names)),
        authors=_known(
            truth.authors,
            lambda authors: metrics.compare_sets(metrics.names_of(authors), metrics.names_of(said.authors)),
        ),
        published=_known(truth.published, lambda day: metrics.compare_days(day, said.published)),
        description=_known(
            truth.description or truth.dek,
            lambda deck: metrics.unify(deck) == metrics.unify(said.description),
        ),
    )


def _known(true: T | None, score: Callable[[T], S]) -> S | None:
    """The score against a truth; None where there is none."""
    return None if true is None else score(true)


def page_quality(score: PageScore) -> float:
    """One number from 0 to 1 to sort pages by: the body's where it is known, else the mean of the rest."""
    if score.body:
        return score.body.shingle.jaccard
    if score.snippets and any(score.snippets):
        return score.snippets.accuracy
    title = score.title[0] if score.title else None
    day = score.published.exact if score.published else None
    known = (score.start, title, score.authors, day, score.description)
    return mean([float(value) for value in known if value is not None])


# --- a dataset


def summarise(scores: Sequence[PageScore]) -> Summary:
    """The measures of the parts that the truth of these pages knows."""
    parts: dict[str, Callable[[list[Any]], Summary]] = {
        "body": _body_measures,
        "snippets": _snippet_measures,
        "start": lambda rows: {"start.found": mean(rows)},
        "title": lambda rows: dict(zip(("title.exact", "title.anycase"), _columns(rows), strict=True)),
        "authors": lambda rows: {"authors.f1": mean(rows)},
        "published": lambda rows: dict(
            zip(("published.day", "published.near", "published.given"), _columns(rows), strict=True)
        ),
        "description": lambda rows: {"description.exact": mean(rows)},
    }
    summary: Summary = {"pages": len(scores), "empty": sum(score.empty for score in scores)}
    for part, measure in parts.items():
        if rows := [row for score in scores if (row := getattr(score, part)) is not None]:
            summary |= {f"{part}.pages": len(rows)} | measure(rows)
    return summary


def _columns(rows: Iterable[Sequence[float]]) -> list[float]:
    return [mean(column) for column in zip(*rows, strict=True)]


def _body_measures(rows: list[BodyScore]) -> Summary:
    overlaps = [row.shingle for row in rows]
    summary = dict(
        zip(("shingle.precision", "shingle.recall", "shingle.f1"), shingle_score(overlaps), strict=True)
    )
    summary["shingle.f1_error"] = bootstrap_error(overlaps)
    summary["shingle.accuracy"] = mean([row.exact for row in rows])
    for name in ("lsum", "ulsum"):
        means = _columns(getattr(row, name) for row in rows)
        summary |= dict(zip((f"{name}.precision", f"{name}.recall", f"{name}.f1"), means, strict=True))
    return summary


def shingle_score(overlaps: Sequence[Overlap]) -> Agreement:
    """Mean precision over pages with a prediction, mean recall over pages with a truth, F1 of the two."""
    precision = mean([value for overlap in overlaps if (value := overlap.precision) is not None])
    recall = mean([value for overlap in overlaps if (value := overlap.recall) is not None])
    return Agreement(precision, recall, metrics.harmonic(precision, recall))


def bootstrap_error(overlaps: Sequence[Overlap], rounds: int = 300) -> float:
    """Standard error of the shingle F1: how far another draw of such pages may lie from it."""
    if len(overlaps) < 2:
        return 0.0
    draw = random.Random(0)  # the same pages give the same error
    return statistics.stdev(shingle_score(draw.choices(overlaps, k=len(overlaps))).f1 for _ in range(rounds))


def _snippet_measures(rows: list[Confusion]) -> Summary:
    total = Confusion(*map(sum, zip(*rows, strict=True)))
    return {
        "snippets.precision": total.precision,
        "snippets.recall": total.recall,
        "snippets.f1": total.f1,
        "snippets.accuracy": total.accuracy,
    }
