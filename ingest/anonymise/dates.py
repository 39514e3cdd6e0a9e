"""Dates moved by a number of days, each in the form it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

from ingest.describe.dates import EPOCH, FORMS, ISO_WITHIN, TIME, ZONE, month_comes_first
from ingest.describe.months import month_number
from ingest.describe.published import URL_SECTION

DAY = 86_400
EPOCH_YEARS = (631_152_000, 2_208_988_800)  # seconds: 1990 and 2040
MONTH_KEYS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "tr"),
    *("ru", "uk", "bg", "sr", "hr", "sl", "el", "he", "ar", "fa", "hi", "id", "vi", "lt", "lv", "et", "is"),
)
YEAR_MONTH = re.compile(r"(?<=/)((?:19|20)\d\d)(/|-)?(0[1-9]|1[0-2])(?=/)")


class Edit(NamedTuple):
    """Characters `start` up to `end` of a text are to become `text`."""

    start: int
    end: int
    text: str


class Shift:
    """Moves dates by `days`; the language decides between day and month first."""

    def __init__(self, days: int, language: str | None = None) -> None:
        self.days = days
        self.language = language
        self.published: date | None = None
        """The page's day of publication: a bare year and month in an address belongs to it."""

    def edits(self, text: str) -> list[Edit]:
        """The changes that move every date in a text, and the spans of times beside them, which stay."""
        edits = list(self._dates(text))
        for match in TIME.finditer(text) if edits else ():
            zone = ZONE.match(text, match.end() + (text[match.end() : match.end() + 1] == " "))
            start, end = match.start(), zone.end() if zone else match.end()
            if all(end <= edit.start or start >= edit.end for edit in edits):
                edits.append(Edit(start, end, text[start:end]))
        return sorted(edits)

    def text(self, text: str) -> str:
        """The text with its dates moved."""
        return apply_edits(text, self.edits(text))

    def number(self, text: str) -> str | None:
        """Seconds or milliseconds since 1970 moved; `None` for any other number."""
        if not EPOCH.fullmatch(text):
            return None
        whole, point, fraction = text.partition(".")
        unit = 1000 if len(whole) > 10 else 1
        if not EPOCH_YEARS[0] <= int(whole) // unit < EPOCH_YEARS[1]:
            return None
        return f"{int(whole) + self.days * DAY * unit}{point}{fraction}"

    def address(self, path: str) -> str:
        """An address with the dates in its path moved."""
        day = self.published
        moved = self.text(URL_SECTION.sub(self._in_section, path))
        if moved != path or day is None:
            return moved
        later = day + timedelta(days=self.days)
        return YEAR_MONTH.sub(
            lambda m: (
                f"{later.year}{m[2] or ''}{later.month:02}"
                if (int(m[1]), int(m[3])) == (day.year, day.month)
                else m[0]
            ),
            path,
        )

    def _in_section(self, match: re.Match[str]) -> str:
        """A day in folders, with the section's between the year and the month."""
        try:
            later = date(int(match[1]), int(match[2]), int(match[3])) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return match[0]
        parts = zip((1, 2, 3), (later.year, later.month, later.day), strict=True)
        start = match.start()
        edits = [
            Edit(match.start(i) - start, match.end(i) - start, str(number).zfill(len(match[i])))
            for i, number in parts
        ]
        return apply_edits(match[0], edits)

    def _dates(self, text: str) -> Iterator[Edit]:
        if not any(map(str.isdigit, text)):
            return
        taken: list[tuple[int, int]] = []
        for form in (ISO_WITHIN, *FORMS):
            for match in form.finditer(text):
                moved = self._moved(match)
                if moved is None or any(match.start() < b and match.end() > a for a, b in taken):
                    continue
                taken.append(match.span())
                end = match.end()
                yield Edit(match.start(), end, moved)

    def _moved(self, match: re.Match[str]) -> str | None:
        """The match with its year, month and day changed; `None` if it is no date."""
        part = {name: text for name, text in match.groupdict().items() if text}
        names = _parts(part, match, self.language)
        if names is None:
            return None
        year, month, day = (match.span(name) for name in names)
        written = [match.string[a:b] for a, b in (year, month, day)]
        full, era = _year(written[0])
        number = month_number(written[1], self.language) if names[1] == "name" else int(written[1])
        try:
            later = date(full, number or 0, int(written[2])) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return None
        shown = (
            _like_year(written[0], later.year + era),
            _like_month(written[1], number or 0, later.month, self.language),
            _like_number(written[2], later.day, always=names[1] != "name"),
        )
        edits = sorted(Edit(a, b, text) for (a, b), text in zip((year, month, day), shown, strict=True))
        return _between(match, edits)


def apply_edits(text: str, edits: list[Edit]) -> str:
    """The text with edits that do not overlap, in order, carried out."""
    pieces, end = [], 0
    for edit in edits:
        pieces += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join((*pieces, text[end:]))


def _between(match: re.Match[str], edits: list[Edit]) -> str:
    start = match.start()
    return apply_edits(match[0], [Edit(e.start - start, e.end - start, e.text) for e in edits])


def _parts(part: dict[str, str], match: re.Match[str], language: str | None) -> tuple[str, str, str] | None:
    """The names of the groups that hold year, month and day."""
    if "first" not in part:
        return ("year", "name" if "name" in part else "month", "day")
    month_first = part["join"] != "." and month_comes_first(language, None)
    order = ("year", "first", "second") if month_first else ("year", "second", "first")
    return order if int(part[order[1]]) <= 12 else (order[0], order[2], order[1])


def _year(written: str) -> tuple[int, int]:
    """The year and what its calendar is ahead."""
    year = int(written.lstrip("'’"))
    if year > 2500:
        return year - 543, 543
    return (year if year > 99 else year + (2000 if year < 70 else 1900)), 0


def _like_year(written: str, year: int) -> str:
    mark = written[: len(written) - len(written.lstrip("'’"))]
    digits = written[len(mark) :]
    return mark + (f"{year % 100:02}" if len(digits) == 2 else str(year))


def _like_number(written: str, number: int, *, always: bool = True) -> str:
    """The number with two digits where the written one had them, which before a month's name may be chance."""
    return f"{number:02}" if len(written) == 2 and (always or written[0] == "0") else str(number)


def _like_month(written: str, month: int, later: int, language: str | None) -> str:
    if written.isdigit():
        return _like_number(written, later)
    if month == later:
        return written
    bare = written.strip(".׳'’॰")
    for code in (language or "en", *LANGUAGES):
        names = _names(code[:2])
        for prefix in ("", bare[:1]) if bare[:1] in "בו" else ("",):
            if names and bare[len(prefix) :].lower() in names[month]:
                return prefix + _cased(bare[len(prefix) :], _counterpart(bare, names[month], names[later]))
    return written


def _counterpart(name: str, same: list[str], others: list[str]) -> str:
    """The other month's name that is as long among its own as this one: abbreviation, name, genitive."""
    rank = same.index(name.lower()) if name.lower() in same else len(same) - 1
    if rank == len(same) - 1 and len(same) > 1:
        return others[-1]
    return others[min(rank, len(others) - 1)]


@lru_cache(maxsize=64)
def _names(language: str) -> dict[int, list[str]]:
    """The names of the months by number, the shortest first; empty for an unknown language."""
    try:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
    except ImportError:
        return {}
    return {
        number: sorted(
            {n.lower() for n in info[key] if month_number(n, language) == number}, key=lambda n: (len(n), n)
        )
        or [key]
        for number, key in enumerate(MONTH_KEYS, 1)
    }


def _cased(like: str, name: str) -> str:
    if len(like) > 1 and like.isupper():
        return name.upper()
    return name[:1].upper() + name[1:] if like[:1].isupper() else name
