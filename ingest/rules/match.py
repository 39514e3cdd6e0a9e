"""Patterns and selectors as the engine runs them: RE2 (linear time), many at once, and Lexbor CSS."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import re2
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

_SET_MEMORY = 128 << 20
"""Bytes a pattern set's automaton may use; RE2's own default is too small for the packs together."""

_OTHER_LETTER = r"(?![\x00-\x7f])\w"
_EDGE = r"(?<!\\)(?:\\\\)*\\b"
_BLIND_EDGE = re.compile(
    rf"{_EDGE}(?:\((?:\?:)?)*(?P<after>{_OTHER_LETTER})|(?P<before>{_OTHER_LETTER})\)*{_EDGE}"
)
"""`\\b` directly beside a letter that RE2 takes for none."""

_BLANK = LexborHTMLParser("<html></html>")


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


@lru_cache(maxsize=8192)
def compile_pattern(pattern: str) -> Any:
    """The compiled RE2 pattern, searched anywhere in the text. Raises `re2.error`."""
    return re2.compile(pattern, _options())


def check_pattern(pattern: str) -> str | None:
    """What is wrong with a pattern, as a sentence, or `None`."""
    try:
        re2.compile(pattern, _options())
    except re2.error as error:
        reason = error.args[0] if error.args else error
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return f"the pattern does not compile: {text} (RE2 syntax: no lookaround, no back-references)"
    if found := _BLIND_EDGE.search(pattern):
        letter = found["after"] or found["before"]
        return (
            f"`\\b` knows the letters A to Z only and finds no edge of a word at `{letter}`; leave it out, "
            "or write a space, `^` or `$`"
        )
    return None


def check_css(css: str) -> str | None:
    """What is wrong with a selector, as a sentence, or `None`."""
    try:
        _BLANK.css(css)
    except SelectolaxError:
        return f"the selector `{css}` does not compile (CSS as the Lexbor engine reads it)"
    return None


class PatternSet:
    """Many patterns, matched in one pass. Each belongs to a key; a text's keys come back sorted."""

    def __init__(self, patterns: Sequence[tuple[int, str]]) -> None:
        self._keys = [key for key, _ in patterns]
        self._set = None
        if patterns:
            options = _options()
            options.max_mem = _SET_MEMORY
            self._set = re2.Set.SearchSet(options)
            for _, pattern in patterns:
                self._set.Add(pattern)
            self._set.Compile()

    def match(self, text: str) -> list[int]:
        """The keys with a pattern that occurs in the text, ascending, each once."""
        if self._set is None:
            return []
        hits = self._set.Match(text)
        if not hits:
            return []
        return sorted({self._keys[hit] for hit in hits})
