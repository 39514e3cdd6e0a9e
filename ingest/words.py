"""Counting words the way the dataset does, comparing wordings, and leaving out what nobody sees of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONG = 2_000  # characters, which are brought in order in no time
_PILE = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0730-\u074a\u07eb-\u07f3"
    "\u0816-\u082d\u08d3-\u08ff\u0e38-\u0e3a\u0e48-\u0e4b\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u302a-\u302f"
    "\u3099\u309a\ua8e0-\ua8f1\ufe20-\ufe2f]{31}"
)
"""More marks in a row than Unicode's stream-safe text format knows."""


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
    try:
        shape = _in_latin(text).encode("latin-1").translate(_LATIN_SHAPES)
    except UnicodeEncodeError:
        shape = text.translate(_SHAPES).encode()
    words = 0
    if b"i" in shape:
        words = shape.count(b"i")
        shape = shape.replace(b"i", b" ")
    # a word begins behind a gap, or behind a mark that no word stands before
    words += shape.count(b" w") + shape.count(b" pw") + shape.count(b"ppw")
    return words + shape.startswith((b"w", b"pw"))


def _in_latin(text: str) -> str:
    """The text, the commonest of the marks outside Latin-1 replaced by some of the same shape."""
    if not text.isascii():
        for char, same in _TYPOGRAPHY:
            if char in text:
                text = text.replace(char, same)
    return text


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
_LATIN_GAPS = bytes(code for code in range(256) if not chr(code).isalnum())


def letters(text: str) -> str:
    """The letters and digits of a text, case folded: what two writings of the same have in common.

    >>> letters("The  U.S. \u2013 Part 2") == letters("the us part 2")
    True
    """
    folded = text.casefold()
    try:
        return _in_latin(folded).encode("latin-1").translate(None, _LATIN_GAPS).decode("latin-1")
    except UnicodeEncodeError:
        return _NOT_LETTERS.sub("", folded)


_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
"""Soft hyphens, zero-width spaces and joiners of words. The joiners of Persian and Indic letters, and the marks of
writing direction, are part of the text and stay."""


def without_invisible(text: str) -> str:
    """The text without soft hyphens and zero-width characters."""
    if not text.isascii():
        for char in _INVISIBLE:
            if char in text:
                text = text.replace(char, "")
    return text


def clean_text(text: str) -> str:
    """The text in NFC without invisible characters."""
    return text if text.isascii() else to_nfc(without_invisible(text))


def to_nfc(text: str) -> str:
    """The text in NFC. One with more marks on a letter than any script has stays as it is: to bring them in order takes
    the square of their number."""
    if len(text) > _LONG and _PILE.search(text):
        return text
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
