"""What the quality command prints: tables of scores, and the difference of one page."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from benchmarks.corpus import Truth
from benchmarks.metrics import squeeze
from benchmarks.scoring import PageScore, Prediction, Summary, page_quality

if TYPE_CHECKING:
    from benchmarks.quality import Outcome

BODY_COLUMNS = {
    "shingle.precision": "sh.P",
    "shingle.recall": "sh.R",
    "shingle.f1": "sh.F1",
    "shingle.f1_error": "±",
    "shingle.accuracy": "sh.acc",
    "lsum.precision": "ls.P",
    "lsum.recall": "ls.R",
    "lsum.f1": "ls.F1",
    "ulsum.f1": "uls.F1",
    "snippets.precision": "sn.P",
    "snippets.recall": "sn.R",
    "snippets.f1": "sn.F1",
    "snippets.accuracy": "sn.acc",
    "start.found": "start",
}
FIELD_COLUMNS = {
    "title.exact": "title",
    "title.anycase": "title~",
    "authors.f1": "authors",
    "published.day": "day",
    "published.near": "day±1",
    "published.given": "given",
    "description.exact": "deck",
}
"""Measure -> heading, in the order of the columns: a table of the body, and one of the fields."""

RUN_COLUMNS = {"pages": "pages", "empty": "empty", "ms.mean": "ms", "ms.max": "max ms"}


def print_summaries(console: Console, title: str, summaries: Mapping[str, Summary]) -> None:
    """One row a summary, one column a measure that any of them has."""
    known = {key for summary in summaries.values() for key in summary}
    body = {key: heading for key, heading in BODY_COLUMNS.items() if key in known}
    fields = {key: heading for key, heading in FIELD_COLUMNS.items() if key in known}
    if body:
        _print_columns(console, title, body | RUN_COLUMNS, summaries)
    if fields:
        _print_columns(console, f"{title}: fields", fields if body else fields | RUN_COLUMNS, summaries)


def _print_columns(
    console: Console, title: str, columns: Mapping[str, str], summaries: Mapping[str, Summary]
) -> None:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    table.add_column("", no_wrap=True)
    for heading in columns.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for name, summary in summaries.items():
        table.add_row(name, *(_number(key, summary.get(key)) for key in columns))
    console.print(table)


def _number(key: str, value: float | None) -> str:
    """Three decimals for a score, a dash for none: an extractor without titles has no title score."""
    if key in ("pages", "empty"):
        return f"{value:.0f}"
    if key.startswith("ms."):
        return f"{value:.1f}"
    return f"{value:.3f}" if value else "–"


def print_errors(console: Console, extractor: str, outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.error:
            console.print(f"[red]{extractor} raised on {outcome.page.truth.id}:[/] {escape(outcome.error)}")


def print_worst(console: Console, extractor: str, outcomes: Sequence[Outcome], count: int) -> None:
    """The pages with the lowest quality, each with its scores: where to look next with --show."""
    ordered = sorted(outcomes, key=lambda outcome: (page_quality(outcome.score), outcome.page.truth.id))
    table = Table("page", "host", "quality", "scores", title=f"worst: {extractor}", title_justify="left")
    for outcome in ordered[:count]:
        truth, quality = outcome.page.truth, page_quality(outcome.score)
        table.add_row(truth.id, truth.host, f"{quality:.3f}", _page_scores(outcome.score))
    console.print(table)


def _page_scores(score: PageScore) -> str:
    """The scores of one page in words, wrong fields only by name."""
    words = []
    if score.body:
        overlap = score.body.shingle
        words.append(
            f"P {overlap.precision or 0:.3f} R {overlap.recall or 0:.3f} LSum {score.body.lsum.f1:.3f}"
        )
    if score.snippets:
        words.append(f"{score.snippets.missed} missed, {score.snippets.unwanted} unwanted")
    wrong = [field for field in FIELDS if not is_right(score, field)]
    if wrong:
        words.append("wrong: " + ", ".join(wrong))
    return "; ".join(words)


# --- fields

FIELDS = ("title", "authors", "published", "description")


def is_right(score: PageScore, field: str) -> bool:
    """Whether the field is what the truth says; also true where it says nothing."""
    value = getattr(score, field)
    first = value[0] if isinstance(value, tuple) else value
    return first is None or first == 1


def _written(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def _true_value(truth: Truth, field: str) -> str:
    value = (truth.description or truth.dek) if field == "description" else getattr(truth, field)
    return _written(value)


def print_misses(console: Console, extractor: str, outcomes: Iterable[Outcome], field: str) -> None:
    table = Table("page", "truth", field, title=f"{field} missed: {extractor}", title_justify="left")
    for outcome in outcomes:
        if not is_right(outcome.score, field):
            truth, said = _true_value(outcome.page.truth, field), _written(getattr(outcome.prediction, field))
            table.add_row(outcome.page.truth.id, escape(truth), escape(said))
    console.print(table)


# --- one page


def print_difference(console: Console, extractor: str, outcome: Outcome) -> None:
    """Fields side by side, then the body's lines: red is missing, green is too much, yellow may be missing."""
    truth, predicted = outcome.page.truth, outcome.prediction
    console.rule(f"{outcome.page.dataset} / {truth.id} / {extractor}")
    console.print(f"{escape(truth.url or '')}\n{_page_scores(outcome.score)}")
    console.print(_field_table(truth, predicted, outcome.score))
    if truth.body is not None:
        for line in difference(truth.body, predicted.body, truth.body_optional):
            console.print(line, soft_wrap=True)
        return
    for snippet in truth.with_snippets or ((truth.body_start,) if truth.body_start else ()):
        _print_snippet(console, predicted.body, snippet, wanted=True)
    for snippet in truth.without_snippets:
        _print_snippet(console, predicted.body, snippet, wanted=False)
    console.print(Text(predicted.body), soft_wrap=True)


def _field_table(truth: Truth, predicted: Prediction, score: PageScore) -> Table:
    table = Table("", "truth", "prediction")
    for field in FIELDS:
        style = "" if is_right(score, field) else "red"
        said = _written(getattr(predicted, field))
        table.add_row(field, escape(_true_value(truth, field)), Text(said, style=style))
    return table


def _print_snippet(console: Console, body: str, snippet: str, *, wanted: bool) -> None:
    there = squeeze(snippet) in squeeze(body)
    verdict = "found" if there else "not found"
    console.print(Text(f"{verdict}: {snippet}", style="" if there == wanted else "red"), soft_wrap=True)


def difference(true: str, predicted: str, optional: Collection[int] = ()) -> Iterator[Text]:
    """The lines of both texts in order; a changed line is shown once, with its changed words coloured.

    `optional` are the paragraphs of the truth that may be missing: those are marked with `?`.
    """
    a, b = _lines(true), _lines(predicted)
    paragraphs = true.split("\n\n")
    may_go = {line for index in optional for line in _lines(paragraphs[index])}
    for change, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if change == "equal":
            yield from (Text("  " + line, style="dim") for line in a[a0:a1])
        elif change == "replace" and a1 - a0 == b1 - b0:
            yield from (_changed_line(x, y) for x, y in zip(a[a0:a1], b[b0:b1], strict=True))
        else:
            for line in a[a0:a1]:
                yield Text("? " + line, style="yellow") if line in may_go else Text("- " + line, style="red")
            yield from (Text("+ " + line, style="green") for line in b[b0:b1])


def _lines(text: str) -> list[str]:
    return [line for raw in text.split("\n") if (line := squeeze(raw))]


def _changed_line(true: str, predicted: str) -> Text:
    a, b = true.split(), predicted.split()
    line = Text("~ ")
    for change, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if change == "equal":
            line.append(" ".join(a[a0:a1]) + " ", style="dim")
            continue
        line.append(" ".join([*a[a0:a1], ""]), style="red strike")
        line.append(" ".join([*b[b0:b1], ""]), style="green")
    return line
