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
_WORDS = r"[^()]{0,300}"
_BLIND_EDGE = re.compile(
    rf"{_EDGE}(?:\((?:\?:)?)*(?P<after>{_OTHER_LETTER})"
    rf"|{_EDGE}\((?:\?:)?{_WORDS}\|(?P<after_other>{_OTHER_LETTER}){_WORDS}\)"
    rf"|(?P<before>{_OTHER_LETTER})(?:\)*|\|{_WORDS}\)){_EDGE}"
)
"""`\\b` directly beside a letter that RE2 takes for none."""

_LONG_REPEAT = 8
_REPEAT_OR_OTHER = re.compile(
    r"\\Q.*?(?:\\E|$)"  # literal text
    r"|\\[pPx](?:\{[^}]*\}|[A-Z])|\\."
    r"|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]"  # a class of characters
    r"|\{(?P<low>\d+)(?:,(?P<high>\d*))?\}",
    re.DOTALL,
)
"""A repeat such as `{0,80}`, or what can hold signs that look like one."""

_UNICODE_CLASS = re.compile(r"\\[pP]")
_SIGN_SIZE, _CLASS_SIZE = 12, 1500
_MAX_REPEATS = 1000
_SAFE_SIZE = 300_000
"""Instructions: a sign takes up to 12 and a class such as `\\p{L}` up to 1,450; a program may have some 350,000, and
repeats within repeats are 1,000 at most.
"""

_BLANK = LexborHTMLParser("<html></html>")


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


@lru_cache(maxsize=8192)
def compile_pattern(pattern: str) -> Any:
    """The compiled RE2 pattern, searched anywhere in the text. Raises `re2.error`."""
    return re2.compile(pattern, _options())


def loosen(pattern: str) -> str:
    """The pattern with `*` for every long repeat. It finds all that the pattern finds, and more.

    RE2 writes a repeat out: `.{0,160}` are 1,444 instructions, `.*` are a dozen, and the states go with them.

    >>> loosen("^read .{0,160} in the {5} app$")
    '^read .* in the {5} app$'
    """
    return _REPEAT_OR_OTHER.sub(lambda found: "*" if _repeats(found) > _LONG_REPEAT else found[0], pattern)


def _repeats(found: re.Match[str]) -> int:
    return int(found["high"] or found["low"]) if found["low"] else 0


def check_pattern(pattern: str) -> str | None:
    """What is wrong with a pattern, as a sentence, or `None`."""
    try:
        if not _surely_compiles(pattern):
            re2.compile(pattern, _options())
    except re2.error as error:
        reason = error.args[0] if error.args else error
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return f"the pattern does not compile: {text} (RE2 syntax: no lookaround, no back-references)"
    if found := _BLIND_EDGE.search(pattern):
        letter = found["after"] or found["after_other"] or found["before"]
        return (
            f"`\\b` knows the letters A to Z only and finds no edge of a word at `{letter}`; leave it out, "
            "or write a space, `^` or `$`"
        )
    return None


def _surely_compiles(pattern: str) -> bool:
    """Whether the pattern is well-formed and small, found without compiling it, which takes eight times as long."""
    try:
        re2.Set.SearchSet(_options()).Add(pattern)
    except re2.error:
        return False
    return _estimate_size(pattern) < _SAFE_SIZE


def _estimate_size(pattern: str) -> int:
    """A bound of the pattern's instructions: of its signs, those repeated, and all of it for each repeat of a group."""
    size, groups = _SIGN_SIZE * len(pattern), 1
    before, its_size = 0, 0
    for found in _REPEAT_OR_OTHER.finditer(pattern):
        repeats = _repeats(found)
        if not repeats:
            before, its_size = found.end(), _SIGN_SIZE * len(found[0])
            its_size += _CLASS_SIZE * len(_UNICODE_CLASS.findall(found[0]))
            size += its_size
        elif pattern[found.start() - 1] == ")":
            groups *= repeats
        else:
            size += repeats * (its_size if before == found.start() else _SIGN_SIZE)
    return size * min(groups, _MAX_REPEATS)


def check_css(css: str) -> str | None:
    """What is wrong with a selector, as a sentence, or `None`."""
    try:
        _BLANK.css(css)
    except SelectolaxError:
        return f"the selector `{css}` does not compile (CSS as the Lexbor engine reads it)"
    return None


class PatternSet:
    """Many patterns, matched in one pass. Each belongs to a key; a text's keys come back sorted.

    The pass is a sieve of loosened patterns; what it finds for one with long repeats, the pattern itself confirms.
    """

    def __init__(self, patterns: Sequence[tuple[int, str]]) -> None:
        self._keys = [key for key, _ in patterns]
        self._exact: dict[int, str] = {}
        self._set = None
        if patterns:
            options = _options()
            options.max_mem = _SET_MEMORY
            self._set = re2.Set.SearchSet(options)
            for number, (_, pattern) in enumerate(patterns):
                loose = loosen(pattern)
                self._set.Add(loose)
                if loose != pattern:
                    self._exact[number] = pattern
            self._set.Compile()

    def match(self, text: str) -> list[int]:
        """The keys with a pattern that occurs in the text, ascending, each once."""
        if self._set is None:
            return []
        hits = self._set.Match(text)
        if not hits:
            return []
        return sorted({self._keys[hit] for hit in hits if self._confirm(hit, text)})

    def _confirm(self, hit: int, text: str) -> bool:
        exact = self._exact.get(hit)
        return exact is None or compile_pattern(exact).search(text) is not None
