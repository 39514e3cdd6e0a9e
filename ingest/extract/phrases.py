"""The wording of lines that are not the article: `data/phrases.yaml`, compiled once into a few RE2 sets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

import msgspec
import re2

from ingest.records import Kind


class _Credit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    starts: tuple[str, ...]
    holds: tuple[str, ...]


class _Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    months: frozenset[str]
    words: frozenset[str]


class _Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    starts: dict[Kind, dict[str, tuple[str, ...]]]
    starts_long: dict[Kind, dict[str, tuple[str, ...]]]
    credit: _Credit
    tail: dict[str, tuple[str, ...]]
    contributors: tuple[str, ...]
    dates: _Dates


_PHRASES = msgspec.yaml.decode((files("ingest.data") / "phrases.yaml").read_bytes(), type=_Phrases)
_LEADING: Final = re.compile(r"[\W_]*")
_OPTIONS: Final = re2.Options()
_OPTIONS.case_sensitive = False


class _PatternSet:
    """Patterns matched in one pass, each with what it stands for."""

    def __init__(self, compiled: re2.Set, patterns: Iterable[tuple[str, Kind]]) -> None:
        self._set = compiled
        self._kinds: list[Kind] = []
        for pattern, kind in patterns:
            self._set.Add(pattern)
            self._kinds.append(kind)
        self._set.Compile()

    def find(self, text: str) -> Kind | None:
        found = self._set.Match(text)
        return self._kinds[min(found)] if found else None


def _by_kind(phrases: dict[Kind, dict[str, tuple[str, ...]]]) -> list[tuple[str, Kind]]:
    return [
        (pattern, kind)
        for kind, languages in phrases.items()
        for patterns in languages.values()
        for pattern in patterns
    ]


_STARTS = _PatternSet(re2.Set.MatchSet(_OPTIONS), _by_kind(_PHRASES.starts))
_LONG_STARTS = _PatternSet(re2.Set.MatchSet(_OPTIONS), _by_kind(_PHRASES.starts_long))
_CREDIT_STARTS = _PatternSet(
    re2.Set.MatchSet(_OPTIONS), [(pattern, "credit") for pattern in _PHRASES.credit.starts]
)
_TAIL = _PatternSet(
    re2.Set.MatchSet(_OPTIONS),
    [(pattern, "related") for patterns in _PHRASES.tail.values() for pattern in patterns],
)


_CONTRIBUTORS = _PatternSet(
    re2.Set.SearchSet(_OPTIONS), [(pattern, "byline") for pattern in _PHRASES.contributors]
)


def _from_first_letter(line: str) -> str:
    match = _LEADING.match(line)
    return line[match.end() :] if match else line


def kind_of_start(line: str) -> Kind | None:
    """What a line is that begins like furniture."""
    return _STARTS.find(_from_first_letter(line))


def kind_of_long_start(line: str) -> Kind | None:
    """What a line of any length is that begins like nothing but furniture."""
    return _LONG_STARTS.find(_from_first_letter(line))


def is_credit(line: str) -> bool:
    """Whether a line credits a picture."""
    folded = line.casefold()
    if any(sign in folded for sign in _PHRASES.credit.holds):
        return True
    return _CREDIT_STARTS.find(_from_first_letter(line)) is not None


def opens_tail(heading: str) -> bool:
    """Whether a heading opens a list of other stories, comments or the like."""
    return _TAIL.find(_from_first_letter(heading)) is not None


def names_contributors(line: str) -> bool:
    """Whether a line says who else worked on an article."""
    return _CONTRIBUTORS.find(_from_first_letter(line)) is not None


# ---------------------------------------------------------------- dates

_WORDS: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d+")
_IDEOGRAPHIC_DATE: Final = re.compile(r"\d{4} ?[年년]")


def is_date(line: str) -> bool:
    """Whether a short line is nothing but a date or a time, with or without words like *updated*."""
    digits = _DIGITS.findall(line)
    if not digits or len(digits) > 12:
        return False
    words = [word.casefold() for word in _WORDS.findall(line)]
    if not all(word in _PHRASES.dates.words or word in _PHRASES.dates.months for word in words):
        return False
    if any(word in _PHRASES.dates.months for word in words):
        return True
    return len(digits) > 1 and bool(words or len(digits) >= 3 or ":" in line)
