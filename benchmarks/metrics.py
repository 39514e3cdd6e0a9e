"""The measures: how near is a predicted text, title, author list or date to the true one?

Plain functions of strings and numbers; `benchmarks.scoring` applies them to pages and datasets.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import combinations
from typing import NamedTuple

WORD = re.compile(r"\w+")


def mean(values: Collection[float]) -> float:
    """The arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def harmonic(precision: float, recall: float) -> float:
    """The F1 of a precision and a recall."""
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


# --- 4-token shingles, as scrapinghub's article-extraction-benchmark counts them


class Overlap(NamedTuple):
    """How much two bags share (`both`), and what only the prediction or only the truth has."""

    both: int
    predicted_only: int
    true_only: int

    @property
    def jaccard(self) -> float:
        return self.both / sum(self) if any(self) else 0.0

    @property
    def precision(self) -> float | None:
        """None for an empty prediction: such a page has no say in the mean precision."""
        predicted = self.both + self.predicted_only
        return self.both / predicted if predicted else None

    @property
    def recall(self) -> float | None:
        true = self.both + self.true_only
        return self.both / true if true else None


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """Every run of `size` words with its count; a shorter text is one shingle, an empty one none."""
    words = WORD.findall(text)
    if len(words) < size:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[k:] for k in range(size)), strict=False))


def compare_shingles(true: str, predicted: str) -> Overlap:
    a, b = shingles(true), shingles(predicted)
    both = (a & b).total()
    return Overlap(both, b.total() - both, a.total() - both)


def same_words(true: str, predicted: str) -> bool:
    return WORD.findall(true) == WORD.findall(predicted)


# --- ROUGE-LSum, as rouge-score computes it with one line per paragraph

Line = tuple[str, ...]

ASCII_TOKEN = re.compile(r"[a-z0-9]+")
"""rouge-score's own tokens: a text in another script has none."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
UNICODE_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
"""Words of every script; each CJK character is one."""


class Agreement(NamedTuple):
    precision: float
    recall: float
    f1: float


def token_lines(text: str, token: re.Pattern[str]) -> list[Line]:
    """The lower-cased tokens of each line that has any."""
    return [tuple(found) for line in text.split("\n") if (found := token.findall(line.lower()))]


def common_positions(places: dict[str, int], width: int, other: Line) -> int:
    """Bit set of the positions of one longest common subsequence, in a line given by its tokens' `places`.

    Of several equally long ones it is the one that rouge-score's backtracking finds, because the union
    over lines depends on it. `grown[j]` has bit i set where the common length with `other[:j]` grows
    from i to i+1 tokens (bit-parallel rows after Hyyrö): backtracking then needs to stop only at such
    bits and at equal tokens, so each step goes one token of `other` back.
    """
    full = (1 << width) - 1
    level, grown = full, [0]
    matches = [places.get(token, 0) for token in other]
    for match in matches:
        hit = level & match
        level = ((level + hit) | (level - hit)) & full
        grown.append(full ^ level)
    found, below = 0, full
    for j in range(len(other), 0, -1):
        if not grown[j] & below:
            break
        top = 1 << (((grown[j] | matches[j - 1]) & below).bit_length() - 1)
        if top & matches[j - 1]:
            found |= top
            below = top - 1
        else:
            below = 2 * top - 1
    return found


class LSum:
    """ROUGE-LSum against one predicted text; made once, asked for each variant of the truth."""

    def __init__(self, predicted: Iterable[Line]) -> None:
        self._lines = list(predicted)
        self._sets = [frozenset(line) for line in self._lines]
        self._counts = Counter(token for line in self._lines for token in line)
        self._covered: dict[Line, Line] = {line: line for line in self._lines}

    def covered(self, line: Line) -> Line:
        """The tokens of a true line that lie in its common subsequence with any predicted line."""
        if line not in self._covered:
            self._covered[line] = self._cover(line)
        return self._covered[line]

    def _cover(self, line: Line) -> Line:
        places: dict[str, int] = {}
        for i, token in enumerate(line):
            places[token] = places.get(token, 0) | 1 << i
        found = 0
        for other, tokens in zip(self._lines, self._sets, strict=True):
            if not tokens.isdisjoint(places):
                found |= common_positions(places, len(line), other)
        return tuple(token for i, token in enumerate(line) if found >> i & 1)

    def score(self, true: Sequence[Line]) -> Agreement:
        size, predicted = sum(map(len, true)), self._counts.total()
        if not size or not predicted:
            return Agreement(0.0, 0.0, 0.0)
        covered = Counter(token for line in true for token in self.covered(line))
        hits = (covered & self._counts).total()
        precision, recall = hits / predicted, hits / size
        return Agreement(precision, recall, harmonic(precision, recall))


def body_variants(body: str, optional: Collection[int], at_most: int = 4) -> list[list[str]]:
    """The paragraphs of a body with each choice of its optional paragraphs left out, the full body first.

    More than `at_most` optional ones are left out all or none. A variant without any paragraph is no
    variant, so a wholly optional body is still itself.
    """
    paragraphs = body.split("\n\n")
    sizes = range(len(optional) + 1) if len(optional) <= at_most else (0, len(optional))
    choices = (set(left) for size in sizes for left in combinations(optional, size))
    variants = ([p for i, p in enumerate(paragraphs) if i not in left] for left in choices)
    return [variant for variant in variants if variant]


# --- snippets, as trafilatura's evaluation counts them


class Confusion(NamedTuple):
    """Wanted strings found and missed, unwanted ones found and avoided."""

    found: int
    unwanted: int
    missed: int
    avoided: int

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.unwanted) if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed) if self.found else 0.0

    @property
    def f1(self) -> float:
        wrong = self.unwanted + self.missed
        return 2 * self.found / (2 * self.found + wrong) if self.found else 0.0

    @property
    def accuracy(self) -> float:
        return (self.found + self.avoided) / sum(self) if any(self) else 0.0


def squeeze(text: str) -> str:
    """Each run of white space as one blank, none at the ends."""
    return " ".join(text.split())


def contains(text: str, part: str) -> bool:
    return squeeze(part) in squeeze(text)


def find_snippets(text: str, wanted: Collection[str], unwanted: Collection[str]) -> Confusion:
    text = squeeze(text)
    found = sum(squeeze(part) in text for part in wanted)
    leaked = sum(squeeze(part) in text for part in unwanted)
    return Confusion(found, leaked, len(wanted) - found, len(unwanted) - leaked)


# --- fields

_UNIFIED = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b`\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015", "-")
    | dict.fromkeys("\u00ad\u200b\ufeff", "")
)
_SEPARATOR = re.compile(r"\s+(?:\||-|::?|\u00b7|\u2022)\s+")


def unify(text: str | None) -> str:
    """NFKC with one kind of quotes and dashes and single blanks: what two spellings of a field share."""
    return squeeze(unicodedata.normalize("NFKC", text or "").translate(_UNIFIED))


def letters(text: str | None) -> str:
    """Only the letters and digits, case folded: what a site's name and its host share."""
    return "".join(filter(str.isalnum, unify(text).casefold()))


def is_site_name(text: str, host: str, names: Collection[str]) -> bool:
    """Whether `text` names the site: one of its names, its host, or a beginning or extension of either.

    All arguments as `letters` gives them. Short strings must match as a whole.
    """
    if not text:
        return False
    if (
        text in names
        or (len(text) > 2 and host.startswith(text))
        or (len(host) > 4 and text.startswith(host))
    ):
        return True
    long_names = [name for name in names if len(name) > 4]
    return any(text.startswith(n) or (len(text) > 4 and n.startswith(text)) for n in long_names)


def strip_site(title: str, host: str | None, names: Iterable[str | None]) -> str:
    """The title without its ending " | Site", " - Site", " :: Site" ..."""
    title, host = unify(title), letters(host)
    known = {letters(name) for name in names} - {""}
    for separator in _SEPARATOR.finditer(title):
        if is_site_name(letters(title[separator.end() :]), host, known):
            return title[: separator.start()]
    return title


def same_title(
    true: str, predicted: str | None, host: str | None, names: Sequence[str | None]
) -> tuple[bool, bool]:
    """Whether the titles are the same, as written and in any case, apart from a site's name at the end."""
    a, b = unify(true), unify(predicted)
    if a != b:
        a, b = strip_site(a, host, names), strip_site(b, host, names)
    return a == b, a.casefold() == b.casefold()


def names_of(authors: Iterable[str]) -> set[str]:
    """The names as they are compared; one string may hold several between semicolons."""
    parts = (part for author in authors for part in author.split(";"))
    return {name for part in parts if (name := unify(part).casefold())}


def compare_sets(true: Collection[str], predicted: Collection[str]) -> float:
    """F1 of two sets; two empty ones are the same."""
    size = len(true) + len(predicted)
    return 2 * len(set(true) & set(predicted)) / size if size else 1.0


class DayMatch(NamedTuple):
    exact: bool
    near: bool
    given: bool


def _day_as_written(value: str) -> str | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", value)
    return found[0] if found else None


def _day_in_utc(value: str) -> date | None:
    """None where the value has no time zone."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(UTC).date() if moment.tzinfo else None


def _days_apart(a: str, b: str) -> int | None:
    try:
        return abs((date.fromisoformat(a) - date.fromisoformat(b)).days)
    except ValueError:
        return None


def compare_days(true: str, predicted: str | None) -> DayMatch:
    """Whether two ISO dates or date-times name the same day, neighbouring days, or the second names none.

    The same day is the same day as written or, where both carry an offset, the same day in UTC.
    """
    true, predicted = true.strip(), (predicted or "").strip()
    a, b = _day_as_written(true), _day_as_written(predicted)
    if b is None:
        return DayMatch(False, False, False)
    if a is None:
        return DayMatch(False, False, True)
    utc = _day_in_utc(true)
    apart = _days_apart(a, b)
    exact = a == b or (utc is not None and utc == _day_in_utc(predicted))
    return DayMatch(exact, apart is not None and apart <= 1, True)
