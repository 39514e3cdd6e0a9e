"""Counting words the way the dataset does, and comparing wordings."""

from __future__ import annotations

import re
from collections.abc import Iterable


class _Shapes(dict[int, str]):
    """What each character is to a word: w inside one, p inside one between two w, i one by itself, else a gap."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            shape = "i"
        elif char.isalnum():
            shape = "w"
        else:
            shape = "p" if char in "'’.," else " "
        self[code] = shape
        return shape


_SHAPES = _Shapes()
_LATIN_SHAPES = "".join(_SHAPES[code] for code in range(256)).encode()
_TYPOGRAPHY = (("’", "'"), ("“", " "), ("”", " "), ("„", " "), ("‘", " "), ("–", " "), ("—", " "), ("…", " "))
"""Characters outside Latin-1 that are in most texts, and characters of the same shape that are in it."""


def count_words(text: str) -> int:
    """Words by Unicode's word boundaries, near enough: runs of letters and digits with the apostrophes, points
    and commas inside them; each ideograph and kana on its own. Punctuation alone is no word.

    >>> count_words("The U.S. can't pay $3.5 billion - yet"), count_words("東京で")
    (7, 3)
    """
    # a few passes of C over the shapes of the characters: every text of every page is counted
    if not text.isascii():
        for char, same in _TYPOGRAPHY:
            if char in text:
                text = text.replace(char, same)
    try:
        shape = text.encode("latin-1").translate(_LATIN_SHAPES)
    except UnicodeEncodeError:
        shape = text.translate(_SHAPES).encode()
    words = shape.count(b"i")
    if words:
        shape = shape.replace(b"i", b" ")
    words += (b" " + shape.replace(b"p", b" ")).count(b" w")
    if b"p" in shape:
        inner = shape.replace(b"wp", b"W")
        words -= inner.count(b"W") - inner.count(b"W ") - inner.count(b"Wp") - inner.endswith(b"W")
    return words


def count_all_words(texts: Iterable[str]) -> int:
    """The words of many texts together."""
    plain, others = [], 0
    for text in texts:
        if text.isascii():
            plain.append(text)
        else:
            others += count_words(text)
    return others + count_words("\n".join(plain))


_NOT_LETTERS = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The letters and digits of a text, case folded: what two writings of the same have in common.

    >>> letters("The  U.S. \u2013 Part 2") == letters("the us part 2")
    True
    """
    return _NOT_LETTERS.sub("", text.casefold())
