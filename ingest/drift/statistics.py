"""The two tests behind every alarm, exact enough for tens of pages and quick enough for thousands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import ceil, erfc, exp, lgamma, sqrt

Histogram = Counter[int]
"""How many pages have each number of words."""


def chance_of_fewer(hits_before: int, before: int, hits_now: int, now: int) -> float:
    """How likely `hits_now` or fewer of `now` pages are hits, if both windows are draws from the same pages.

    Fisher's exact test, one-sided.

    >>> chance_of_fewer(60, 60, 0, 20) < 1e-15, chance_of_fewer(30, 60, 10, 20) > 0.5
    (True, True)
    """
    hits, pages = hits_before + hits_now, before + now
    least = max(0, hits - before)
    if hits_now >= min(hits, now):
        return 1.0
    term = exp(
        _log_choose(hits, hits_now) + _log_choose(pages - hits, now - hits_now) - _log_choose(pages, now)
    )
    chance = term
    for drawn in range(hits_now, least, -1):
        term *= drawn * (pages - hits - now + drawn) / ((hits - drawn + 1) * (now - drawn + 1))
        chance += term
        if term < 1e-9 * chance:
            break
    return min(1.0, chance)


def chance_of_more(hits_before: int, before: int, hits_now: int, now: int) -> float:
    """The same for `hits_now` or more.

    >>> round(chance_of_more(0, 60, 3, 20), 4)
    0.0139
    """
    return chance_of_fewer(before - hits_before, before, now - hits_now, now)


def chance_of_longer(before: Histogram, now: Histogram) -> float:
    """How likely numbers as large as those of `now` are, if both histograms are draws from the same pages.

    The rank test of Mann and Whitney, one-sided, with ties, by the normal approximation.

    >>> chance_of_longer(Counter({100: 60}), Counter({300: 20})) < 1e-9
    True
    """
    n_before, n_now = before.total(), now.total()
    pages = n_before + n_now
    wins = ties = 0.0
    below = 0
    for value in sorted(before | now):
        b, n = before[value], now[value]
        wins += n * (below + b / 2)
        below += b
        ties += (b + n) ** 3 - (b + n)
    if pages < 2:
        return 1.0
    variance = n_before * n_now / 12 * (pages + 1 - ties / (pages * (pages - 1)))
    if variance <= 0:
        return 1.0
    z = (wins - n_before * n_now / 2 - 0.5) / sqrt(variance)
    return erfc(z / sqrt(2)) / 2


def median(histogram: Histogram) -> int:
    """The middle value; 0 for none.

    >>> median(Counter({10: 1, 30: 1, 700: 1}))
    30
    """
    return quantile(histogram, 0.5)


def quantile(histogram: Histogram, share: float) -> int:
    """The value that this share of the pages does not exceed; 0 for no pages."""
    left = max(1, ceil(share * histogram.total()))
    for value in sorted(histogram):
        left -= histogram[value]
        if left <= 0:
            return value
    return 0


def share_beyond(before: Histogram, now: Histogram, margin: int) -> float:
    """How much of `now` lies farther from most of `before` than that spreads itself, and than the margin.

    >>> share_beyond(Counter({10: 50, 12: 50}), Counter({11: 1, 60: 3}), margin=30)
    0.75
    """
    low, high = quantile(before, 0.05), quantile(before, 0.95)
    room = max(margin, high - low)
    beyond = sum(pages for value, pages in now.items() if not low - room <= value <= high + room)
    return beyond / now.total() if now else 0.0


def bucket(words: int) -> int:
    """The number to two digits, so that a histogram stays small.

    >>> bucket(87), bucket(1234)
    (87, 1200)
    """
    unit = 1
    while words >= 100 * unit:
        unit *= 10
    return words // unit * unit


def is_below_most(value: float, others: Iterable[float], share: float = 0.9) -> bool:
    """Whether the value is below at least this share of the others. True when there are none."""
    rest = list(others)
    return sum(value < other for other in rest) >= share * len(rest)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
