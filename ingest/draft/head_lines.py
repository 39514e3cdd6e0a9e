"""The shapes of date lines and bylines in text pages: the `describe` of a draft."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ingest.draft.evidence import Page

MIN_PAGES = 2
MAX_CHARS = 120
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\s+|.", re.DOTALL)
_META = frozenset("\\.+*?()|[]{}^$")
_BY = re.compile(r"^(\S{1,12}:?) \S")


class HeadFinding(NamedTuple):
    """A field of text pages, its pattern, the pages it is seen on, and an example."""

    field: Literal["published", "authors"]
    pattern: str
    pages: int
    example: str


def find_head_lines(pages: Sequence[Page]) -> list[HeadFinding]:
    """Where dates and bylines of text pages stand: lines of one shape on two pages and more."""
    dates: dict[str, dict[int, str]] = defaultdict(dict)
    bylines: dict[str, dict[int, str]] = defaultdict(dict)
    for number, page in enumerate(pages):
        for piece in page.pieces:
            if piece.label is None or len(piece.text) > MAX_CHARS or not piece.text.isprintable():
                continue
            if piece.label.rule == "text/date":
                dates[date_shape(piece.text)].setdefault(number, piece.text)
            elif piece.label.rule == "text/byline" and (match := _BY.match(piece.text)):
                word = "".join(f"\\{char}" if char in _META else char for char in match[1])
                bylines[f"^{word} (?P<value>\\p{{Lu}}[^.!?]{{2,90}})$"].setdefault(number, piece.text)
    found: list[HeadFinding] = []
    shapes: tuple[tuple[Literal["published", "authors"], dict[str, dict[int, str]]], ...]
    shapes = (("published", dates), ("authors", bylines))
    for field, by_shape in shapes:
        shape = min(by_shape, key=lambda s: (-len(by_shape[s]), s), default=None)
        if shape is not None and len(by_shape[shape]) >= MIN_PAGES:
            on = by_shape[shape]
            found.append(HeadFinding(field, shape, len(on), on[min(on)]))
    return found


def date_shape(text: str) -> str:
    r"""The pattern of a date line: its numbers by their length, its words as words, a label as it stands.

    >>> date_shape("Published: May 3, 2024 10:05")
    '^Published: (?P<value>\\p{L}+ \\d{1,2}, \\d{4} \\d{1,2}:\\d{2})$'
    """
    label, rest = "", text
    if match := re.match(r"^[^\d:]{3,40}:\s+(?=\S)", text):
        label, rest = match[0], text[match.end() :]
    shape = "".join(f"\\{char}" if char in _META else char for char in label)
    value, minutes = "", False
    for token in _TOKEN.findall(rest):
        if token.isdigit():
            exactly_two = minutes and len(token) == 2
            value += r"\d{4}" if len(token) == 4 else r"\d{2}" if exactly_two else r"\d{1,2}"
        elif token.isalpha():
            value += r"\p{L}+"
        else:
            value += " " if token.isspace() else f"\\{token}" if token in _META else token
        minutes = token == ":"
    return f"^{shape}(?P<value>{value})$"
