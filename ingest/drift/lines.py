"""Lines that came to recur in a site's bodies: a plea with new wording, a box that no rule knows yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.drift.findings import Finding
from ingest.drift.judge import Suspicion
from ingest.drift.statistics import chance_of_more
from ingest.drift.windows import NOW, Group, Window, read_rows
from ingest.filesystem import Place
from ingest.store import read
from ingest.suspicion import line_key, lines_of, suspect

MIN_PAGES = 3
"""In fewer bodies a line does not recur."""

RARE = 0.05
"""A line in more of the earlier bodies is no news."""

COMMON = 0.25
"""In fewer bodies a line is the article's: reports on one event share their background."""

WORDED_CHANCE = 0.02
"""What suffices when the wording, too, speaks against the line."""

SAMPLE = 200
"""Bodies of a window that are read for lines; a larger one says no more."""

MAX_LINES = 5
SHORT = 100


class _Lines(NamedTuple):
    """The recurring lines of one window: pages by key, and how each is written."""

    pages: int
    counts: dict[str, int]
    written: dict[str, str]


def find_new_lines(out: Place, windows: Mapping[Group, Window]) -> list[Suspicion]:
    """The lines that recur in the windows, each with its chance to be no news. Reads bodies, twice."""
    recurring = _read_recurring(out, windows)
    before = _count_before(out, windows, recurring)
    suspicions = []
    for group, lines in recurring.items():
        pages, counts = before[group]
        ranked = sorted(lines.counts, key=lambda key: (-lines.counts[key], key))
        new = [key for key in ranked if counts[key] <= RARE * pages]
        suspicions += [_suspicion(group, lines, key, counts[key], pages) for key in new[:MAX_LINES]]
    return suspicions


def _suspicion(group: Group, lines: _Lines, key: str, before: int, pages: int) -> Suspicion:
    now, line = lines.counts[key], lines.written[key]
    chance = chance_of_more(before, pages, now, lines.pages)
    kind = suspect(line)
    if kind and chance < WORDED_CHANCE:
        chance = 0.0
    elif now < COMMON * lines.pages:
        chance = 1.0
    wording = f"; wording of {kind}" if kind else ""
    finding = Finding(
        site=group.site,
        media=group.media,
        what="new_lines",
        name=key,
        before=before / pages if pages else 0.0,
        now=now / lines.pages,
        unit="share",
        says=f"in {now} of {lines.pages} bodies, before in {before} of {pages}{wording}",
        examples=(line[:SHORT],),
    )
    return Suspicion(chance, finding)


def _read_recurring(out: Place, windows: Mapping[Group, Window]) -> dict[Group, _Lines]:
    newest = {
        group: Window({moment: b for moment, b in w.bins.items() if b == NOW}, 0, w.pages_now)
        for group, w in windows.items()
    }
    pages: Counter[Group] = Counter()
    counts: defaultdict[Group, Counter[str]] = defaultdict(Counter)
    written: defaultdict[Group, dict[str, str]] = defaultdict(dict)
    for group, body in _bodies(out, newest):
        if pages[group] == SAMPLE:
            continue
        pages[group] += 1
        for key, line in {line_key(line): line for line in lines_of(body)}.items():
            counts[group][key] += 1
            if counts[group][key] == MIN_PAGES:
                written[group][key] = line
    return {
        group: _Lines(pages[group], {key: counts[group][key] for key in written[group]}, written[group])
        for group in pages
    }


def _count_before(
    out: Place, windows: Mapping[Group, Window], recurring: Mapping[Group, _Lines]
) -> dict[Group, tuple[int, Counter[str]]]:
    """The earlier pages of each group, and in how many of them the recurring lines stood."""
    earlier = {
        group: Window({moment: b for moment, b in w.bins.items() if b != NOW}, w.pages_before, 0)
        for group, w in windows.items()
        if group in recurring and recurring[group].counts
    }
    pages: Counter[Group] = Counter()
    counts: defaultdict[Group, Counter[str]] = defaultdict(Counter)
    for group, body in _bodies(out, earlier):
        pages[group] += 1
        wanted = recurring[group].counts
        counts[group].update({key for line in lines_of(body) if (key := line_key(line)) in wanted})
    return {group: (pages[group], counts[group]) for group in recurring}


def _bodies(out: Place, windows: Mapping[Group, Window]) -> Iterator[tuple[Group, str]]:
    for places, batch in read_rows(read(out), ["body"], windows):
        for (group, _), body in zip(places, batch.column("body").to_pylist(), strict=True):
            yield group, body
