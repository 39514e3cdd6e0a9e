"""Drift: whether the newest pages of each site still look like its earlier ones, told from the dataset alone.

    windows     which rows: the newest pages, and the site's own past in bins
    tally       one pass over the columns: how often each thing holds, how many words
    lines       two passes over the bodies: lines that came to recur
    judge       changes too large and too unlikely to be the site's usual swing
    findings    what is reported

Reads the dataset only; memory grows with the number of sites and rules, not of pages.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.drift.findings import Compared, Drift, Finding, TooFew
from ingest.drift.judge import figures, judge
from ingest.drift.lines import find_new_lines
from ingest.drift.tally import Comparison, read_comparisons
from ingest.drift.windows import Window, read_windows
from ingest.filesystem import Location, locate

__all__ = ["MIN_PAGES", "PAST_PAGES", "Compared", "Drift", "Finding", "TooFew", "find_drift"]

MIN_PAGES = 20
"""The fewest earlier pages of a site to compare with; half as many new ones are enough, if there are no more."""

PAST_PAGES = 500
"""How far the past goes back, in pages of the site: what changed long ago is what is usual now."""


def find_drift(
    out: Location,
    *,
    since: str | None = None,
    site: str | None = None,
    min_pages: int = MIN_PAGES,
    past: int = PAST_PAGES,
) -> Drift:
    """The changes between each site's newest pages and its own past.

    The newest pages are those of the site's last run, or of as many last runs as hold `min_pages`; with `since` (a
    `run_id` or an ISO date) all pages from then on. Pages of no known site are not compared.
    Raises `UsageError` for a `since` that is neither, `StoreError` for a folder without a dataset.
    """
    folder = locate(out)
    windows, too_few = read_windows(folder, since=since, site=site, min_pages=min_pages, past=past)
    comparisons = read_comparisons(folder, windows)
    return Drift(
        findings=judge(comparisons, find_new_lines(folder, windows)),
        compared=tuple(_compared(comparison, windows[comparison.group]) for comparison in comparisons),
        too_few=tuple(
            TooFew(site=g.site, media=g.media, pages_before=w.pages_before, pages_now=w.pages_now)
            for g, w in too_few.items()
        ),
    )


def _compared(comparison: Comparison, window: Window) -> Compared:
    digests_before, digests_now = comparison.past.digests, comparison.now.digests
    return Compared(
        site=comparison.group.site,
        media=comparison.group.media,
        pages_before=window.pages_before,
        pages_now=window.pages_now,
        window_from=datetime.fromtimestamp(window.first_now / 1_000_000, UTC) if window.first_now else None,
        rules_changed=bool(digests_now) and digests_now.isdisjoint(digests_before),
        figures=figures(comparison),
    )
