"""Lines of a body that look like furniture somebody forgot: loose wording, and keys under which lines recur.

Nothing is taken out by it; it says where to look. The wording is data (`data/suspicious.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from ingest.records import Kind
from ingest.rules.match import PatternSet

MAX_WORDS = 40
"""Longer lines are an article's."""

_KEY_WORDS, _KEY_CHARS = 8, 80
_DIGITS = re.compile(r"\d+")


def lines_of(body: str) -> Iterator[str]:
    """The body's lines that hold words; separators and bare numbers recur anywhere."""
    return (line for line in body.split("\n") if any(map(str.isalpha, line)))


def line_key(line: str) -> str:
    """What lines of one wording have in common: the first words, without regard to case and numbers.

    >>> line_key("Join 1,200 others who read us - today!") == line_key("join 900 others who read us - today!")
    False
    >>> line_key("Only 12 days left") == line_key("ONLY 9 days left")
    True
    """
    return _DIGITS.sub("0", " ".join(line.split(None, _KEY_WORDS)[:_KEY_WORDS])[:_KEY_CHARS].casefold())


def suspect(line: str) -> Kind | None:
    """What the line may be besides the article's text, going by loose wording; mostly right for lines that recur.

    >>> suspect("Subscribe to our newsletter"), suspect("The mayor opened the bridge.")
    ('newsletter', None)
    """
    if line.count(" ") >= MAX_WORDS or len(line) > 12 * MAX_WORDS:
        return None
    kinds, patterns = _wording()
    hits = patterns.match(line)
    return kinds[hits[0]] if hits else None


@cache
def _wording() -> tuple[list[Kind], PatternSet]:
    data = (files("ingest.data") / "suspicious.yaml").read_bytes()
    by_kind = msgspec.yaml.decode(data, type=dict[Kind, dict[str, list[str]]])
    patterns = [
        (number, f"(?i){pattern}")
        for number, by_language in enumerate(by_kind.values())
        for several in by_language.values()
        for pattern in several
    ]
    return list(by_kind), PatternSet(patterns)
