"""Which rows are compared: each site's newest pages, and its own pages before them.

A window is made of whole runs, because all rows of a run share one `ingested_at`. The past is cut into bins of
whole runs, each about as large as the window must be, so that it is known how much a site swings by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from ingest.errors import UsageError
from ingest.filesystem import Place
from ingest.store import read, read_rejects

NOW = -1
"""The bin of the window; those of the past count from 0, the newest."""

BATCH_ROWS = 1024

Times = dict[int, int]
"""Number of pages by `ingested_at`, in microseconds since 1970; 0 for rows from outside a run."""


class Group(NamedTuple):
    """The pages that are compared with each other: HTML and text pages of a site are different things."""

    site: str
    media: str


class Window(NamedTuple):
    """Which bin each moment's rows belong to, and the pages on either side (records and rejects)."""

    bins: Mapping[int, int]
    pages_before: int
    pages_now: int

    @property
    def first_now(self) -> int:
        return min(moment for moment, number in self.bins.items() if number == NOW)


def read_windows(
    out: Place, *, since: str | None, site: str | None, min_pages: int, past: int
) -> tuple[dict[Group, Window], dict[Group, Window]]:
    """The windows of all sites with enough pages to compare, and of those with too few.

    The window is a site's last run, or as many of its last runs as hold `min_pages`; with `since` it is everything
    from that run or date on. The past is the runs before, the newest first, until there are `past` pages. Enough is
    `min_pages` before and half of that now.
    Raises `UsageError` for a `since` that is neither a run of the dataset nor a date.
    """
    times: defaultdict[Group, Counter[int]] = defaultdict(Counter)
    runs: dict[str, int] = {}
    for dataset in (read(out), read_rejects(out)):
        for batch in _batches(dataset, ["run_id"], site=site):
            groups, moments = _groups(batch), _moments(batch)
            for group, moment in zip(groups, moments, strict=True):
                if group:
                    times[group][moment] += 1
            runs.update(zip(batch.column("run_id").to_pylist(), moments, strict=True))
    start = None if since is None else _parse_since(since, runs)
    enough: dict[Group, Window] = {}
    too_few: dict[Group, Window] = {}
    for group in sorted(times):
        window = cut_window(times[group], start, min_pages, past)
        if window.pages_now:
            fits = window.pages_before >= min_pages and 2 * window.pages_now >= min_pages
            (enough if fits else too_few)[group] = window
    return enough, too_few


def cut_window(times: Mapping[int, int], start: int | None, min_pages: int, past: int) -> Window:
    """The window of one site: `start` is its first moment; without it the window is about the last `min_pages`."""
    newest_first = sorted(times, reverse=True)
    size = _count_now(newest_first, times, start, min_pages)
    bins = dict.fromkeys(newest_first[:size], NOW)
    number = in_bin = pages_before = 0
    for moment in newest_first[size:]:
        if pages_before >= past:
            break
        if in_bin >= min_pages:
            number, in_bin = number + 1, 0
        bins[moment] = number
        in_bin += times[moment]
        pages_before += times[moment]
    if in_bin < min_pages and number:  # the oldest bin is too small to say anything
        bins = {moment: min(b, number - 1) for moment, b in bins.items()}
    return Window(bins, pages_before, sum(times[moment] for moment in newest_first[:size]))


def _count_now(newest_first: list[int], times: Mapping[int, int], start: int | None, min_pages: int) -> int:
    """How many of the runs are the window.

    A window that is nearly large enough does not take in a large run before it: most of it would be the past.
    """
    if start is not None:
        return sum(moment >= start for moment in newest_first)
    pages = 0
    for count, moment in enumerate(newest_first):
        if pages >= (min_pages if times[moment] <= min_pages else min_pages / 2):
            return count
        pages += times[moment]
    return len(newest_first)


def read_rows(
    dataset: ds.Dataset, columns: list[str], windows: Mapping[Group, Window]
) -> Iterator[tuple[list[tuple[Group, int]], pa.RecordBatch]]:
    """Batches of the rows that belong to the windows, with each row's group and bin."""
    if not windows:
        return
    moments = [moment for window in windows.values() for moment in window.bins]
    for batch in _batches(dataset, columns, first=min(moments)):
        rows, places = [], []
        for index, (group, moment) in enumerate(zip(_groups(batch), _moments(batch), strict=True)):
            window = windows.get(group) if group else None
            if group and window and (number := window.bins.get(moment)) is not None:
                rows.append(index)
                places.append((group, number))
        if rows:
            yield places, batch.take(pa.array(rows))


def microseconds(column: pa.Array) -> list[int | None]:
    """A column of times as numbers: making Python's own of them would cost more than all else."""
    return pc.cast(column, pa.int64()).to_pylist()  # type: ignore[no-any-return]


def _batches(
    dataset: ds.Dataset, columns: list[str], *, site: str | None = None, first: int = 0
) -> Iterator[pa.RecordBatch]:
    """Small batches, few at once: a batch of bodies is large."""
    only: Any = None
    if site is not None:
        only = pc.field("site") == site
    if first:
        only = pc.field("ingested_at") >= pa.scalar(first, pa.timestamp("us", tz="UTC"))
    names = list(dict.fromkeys(["site", "media_type", "ingested_at", *columns]))
    yield from dataset.to_batches(
        columns=names, filter=only, batch_size=BATCH_ROWS, batch_readahead=2, fragment_readahead=2
    )


def _groups(batch: pa.RecordBatch) -> list[Group | None]:
    """Each row's group; none for pages that belong to no known site: they have no past of their own."""
    sites, media = batch.column("site").to_pylist(), batch.column("media_type").to_pylist()
    return [
        Group(site, "text" if kind and kind.startswith(("text/plain", "text/markdown")) else "html")
        if site
        else None
        for site, kind in zip(sites, media, strict=True)
    ]


def _moments(batch: pa.RecordBatch) -> list[int]:
    return [moment or 0 for moment in microseconds(batch.column("ingested_at"))]


def _parse_since(since: str, runs: Mapping[str, int]) -> int:
    if since in runs:
        return runs[since]
    try:
        day = datetime.fromisoformat(since)
    except ValueError:
        raise UsageError(
            f"{since!r} is neither a run of this dataset nor a date such as 2024-05-01. "
            "The runs are the names of the files in its folder 'runs'."
        ) from None
    moment = day if day.tzinfo else day.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1_000_000)
