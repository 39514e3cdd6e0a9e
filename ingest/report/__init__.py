"""The report: one page that shows what a dataset holds, what was taken out of it, and by which rule.

    tally       one pass over the rows: counts, and choices of bounded size (`sampling`)
    runs        the summaries of the runs, and how the last one differs
    drift       what `ingest rules drift` finds
    charts      counts -> SVG, by Vega-Lite
    page        all of these -> one HTML document, with the views

Reads the dataset only, and loads nothing from anywhere. The same dataset gives the same page: no clock is asked.
"""

from __future__ import annotations

from ingest.drift import find_drift
from ingest.filesystem import Location, locate
from ingest.report.page import compose
from ingest.report.runs import read_runs
from ingest.report.tally import read_tally

__all__ = ["make_report"]


def make_report(out: Location) -> str:
    """The report of the dataset in the folder or at the URI `out`: a whole HTML document.

    Raises `StoreError` if there is no dataset, `UsageError` for a URI that cannot be used.
    """
    place = locate(out)
    tally = read_tally(place)
    runs, unreadable = read_runs(place)
    return compose(place.name, tally, runs, unreadable, find_drift(place))
