"""The wording of lines that are not the article: `data/phrases.yaml`, compiled once into a few RE2 sets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from itertools import chain
from typing import Final

import msgspec
import re2

from ingest.describe.months import NAMES
from ingest.records import Kind


class _Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    months: frozenset[str]
    words: frozenset[str]


class _Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    starts: dict[Kind, dict[str, tuple[str, ...]]]
    starts_long: dict[Kind, dict[str, tuple[str, ...]]]
    credits: tuple[str, ...]
    tail: dict[str, tuple[str, ...]]
    contributors: tuple[str, ...]
    endings: dict[Kind, dict[str, tuple[str, ...]]]
    dates: _Dates
    answers: dict[str, tuple[str, ...]]
    ago: dict[str, tuple[str, ...]]
    says: dict[str, tuple[str, ...]]
    filler: frozenset[str]


_PHRASES = msgspec.yaml.decode((files("ingest.data") / "phrases.yaml").read_bytes(), type=_Phrases)
_LEADING: Final = re.compile(r"[\W_]*")
_OPTIONS: Final = re2.Options()
_OPTIONS.case_sensitive = False


_OPENING_QUOTES: Final = frozenset('"“”„‟«»‘‚‹「『')
_LONGEST_START: Final = 200  # characters of a line that are looked at


class _PatternSet:
    """Patterns matched in one pass; the answer is the number of the first that matches, or `None`."""

    def __init__(self, compiled: re2.Set, patterns: Iterable[str]) -> None:
        self._set = compiled
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def first(self, text: str) -> int | None:
        found = self._set.Match(text)
        return min(found) if found else None


def _flat(phrases: dict[Kind, dict[str, tuple[str, ...]]]) -> list[tuple[str, Kind]]:
    return [
        (pattern, kind)
        for kind, languages in phrases.items()
        for patterns in languages.values()
        for pattern in patterns
    ]


_LONG: Final = _flat(_PHRASES.starts_long)
_ALL: Final = [*_LONG, *_flat(_PHRASES.starts)]
_STARTS: Final = _PatternSet(re2.Set.MatchSet(_OPTIONS), [pattern for pattern, _ in _ALL])
_HEADINGS: Final = [pattern for patterns in _PHRASES.tail.values() for pattern in patterns]
_TAIL: Final = _PatternSet(re2.Set.MatchSet(_OPTIONS), _HEADINGS)
_TAIL_ONLY: Final = _PatternSet(
    re2.Set.MatchSet(_OPTIONS), [rf"(?:{pattern})[\s\d[:punct:]：»›→]*$" for pattern in _HEADINGS]
)
_LAST: Final = _flat(_PHRASES.endings)
_ENDINGS: Final = _PatternSet(re2.Set.SearchSet(_OPTIONS), [pattern for pattern, _ in _LAST])
_CONTRIBUTORS: Final = _PatternSet(re2.Set.SearchSet(_OPTIONS), _PHRASES.contributors)


def _any_of(languages: dict[str, tuple[str, ...]]) -> str:
    return "|".join(chain.from_iterable(languages.values()))


_LONGEST_ANSWER: Final = 30
_ANSWER: Final = re.compile(rf"\W*(?:{_any_of(_PHRASES.answers)})(?:\s\d+)?", re.IGNORECASE)
_AGO: Final = re.compile(
    rf"(?<!\w)(?:{_any_of(_PHRASES.ago).replace('N', chr(92) + 'd{1,3}')})(?!\w)", re.IGNORECASE
)
_SAYS: Final = re.compile(rf"\S (?:{_any_of(_PHRASES.says)}) ?:$", re.IGNORECASE)


def _from_first_letter(line: str) -> str:
    if line[0].isalnum():
        return line
    match = _LEADING.match(line)
    return line[match.end() :] if match else line


def kind_of_start(line: str, *, long: bool) -> Kind | None:
    """What a line is that begins like furniture; of a `long` line only the most exact beginnings are believed.

    What begins with a quotation mark is said by somebody.
    """
    if line[0] in _OPENING_QUOTES:
        return None
    found = _STARTS.first(_from_first_letter(line)[:_LONGEST_START])
    return None if found is None or (long and found >= len(_LONG)) else _ALL[found][1]


def is_credit(line: str) -> bool:
    """Whether a line holds the sign of a picture's credit."""
    folded = line.casefold()
    return any(sign in folded for sign in _PHRASES.credits)


def opens_tail(heading: str) -> bool:
    """Whether a heading opens a list of other stories, comments or the like."""
    return _TAIL.first(_from_first_letter(heading)) is not None


def opens_only_tail(heading: str) -> bool:
    """Whether all of a heading says that other stories, comments or the like follow, not its beginning alone."""
    return _TAIL_ONLY.first(_from_first_letter(heading)) is not None


def kind_of_ending(line: str) -> Kind | None:
    """What one of the last lines under an article is, when it is not the article's."""
    found = _ENDINGS.first(_from_first_letter(line))
    return None if found is None else _LAST[found][1]


def names_contributors(line: str) -> bool:
    """Whether a line says who else worked on an article."""
    return _CONTRIBUTORS.first(_from_first_letter(line)) is not None


def is_answer(line: str) -> bool:
    """Whether a line is nothing but the offer to answer a comment."""
    return len(line) <= _LONGEST_ANSWER and _ANSWER.fullmatch(line) is not None


def tells_age(line: str) -> bool:
    """Whether a line says how long ago something was."""
    return _DIGITS.search(line) is not None and _AGO.search(line) is not None  # few lines have a digit


def announces_comment(line: str) -> bool:
    """Whether a line says that what follows is somebody's: "Anna says:"."""
    return _SAYS.search(line) is not None


_FEWEST_FILLERS: Final = 6  # words
_FILLER_SHARE: Final = 0.9


def is_filler(text: str) -> bool:
    """Whether a text is a filler ("lorem ipsum")."""
    first = text.split(None, 1)[0].casefold()
    if first.rstrip(",.") not in _PHRASES.filler:
        return False
    words = [word.strip(",.;:?!") for word in text.casefold().split()]
    known = sum(word in _PHRASES.filler for word in words)
    return len(words) >= _FEWEST_FILLERS and known >= _FILLER_SHARE * len(words)


# ---------------------------------------------------------------- dates

_SHORT_NAME: Final = (
    4  # letters; shorter Latin ones are words of other languages, too, and have a list of their own
)
_MONTHS: Final = _PHRASES.dates.months | {
    name
    for names in NAMES.values()
    for name in names.split()
    if len(name) >= _SHORT_NAME or not name.isascii()
}
_WORDS: Final = re.compile(r"[^\W\d_]+")
_YEAR: Final = re.compile(r"[12]\d{3}|[12]\d{7}|25\d\d")
_GROWN_TOGETHER: Final = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_DIGITS: Final = re.compile(r"\d+")
DATE_LABEL: Final = re.compile(
    r"^\W*(?:(?:first |last |originally )?(?:published|updated|posted|modified|created)|date|erstellt|stand"
    r"|aktualisiert|veröffentlicht|publi[ée]e?|mis à jour|publicado|actualizado|pubblicato|aggiornato|gepubliceerd"
    r"|bijgewerkt|publicerad|uppdaterad|publisert|oppdatert|opublikowano|פורסם|עודכן|نشر|最終更新日|更新日|公開日|掲載日)\b",
    re.IGNORECASE,
)
"""How lines begin that say when a page was published."""
_MOMENT: Final = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|\d{1,2}[:.]\d\d)(?!\d)")
_STAMP: Final = re.compile(
    r"(?:19|20)\d\d\D{1,4}(?:\d{1,2}\D{1,3}){0,2}\D{0,9}\d{1,2}[:.]\d\d\W*(?:[aApP]\.?[mM]\.?|[uU]hr|h|[A-Z]{2,4}\S{0,4})?\W*$"
)


def is_date(line: str) -> bool:
    """Whether a short line is nothing but a date or a time, with or without words like *updated*."""
    digits = _DIGITS.findall(line)
    if not digits or len(digits) > 12:
        return False
    words = [word.casefold() for word in _WORDS.findall(_GROWN_TOGETHER.sub(" ", line))]
    if not all(word in _PHRASES.dates.words or word in _MONTHS for word in words):
        return False
    if any(word in _MONTHS for word in words):
        return True
    if any(len(number) > 2 and not _YEAR.fullmatch(number) for number in digits):
        return False  # a telephone's number
    return len(digits) > 1 and bool(words or ":" in line or (len(digits) >= 3 and "," not in line))


_DAY_FIRST: Final = re.compile(
    r"^(?:[^\W\d]{2,12}\.?,? )?\d{1,2}(?:[./-]\s?\d{1,2}[./-]\s?|\.? [^\W\d]{3,10}\.? )(?:19|20)\d\d\b"
    r"(?P<rest>.{0,60})$"
)
_PARTS: Final = re.compile(r"^\W*$|[|/·•–—]| - |\b(?:by|von|por|par|di|av|af)\b")


def tells_date(line: str) -> bool:
    """Whether a line above the text says when the page was published: by its first word, by a day and a section or
    author parted from it, by day and time at its end.
    """
    if DATE_LABEL.match(line) and _MOMENT.search(line):
        return True
    day = _DAY_FIRST.match(line)
    return _STAMP.search(line) is not None or (day is not None and _PARTS.search(day["rest"]) is not None)
