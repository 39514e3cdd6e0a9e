"""Other words of the same shape: same script, length and case; the same word gets the same one everywhere.

Words of an alphabet become syllables, ideographs and kana other ones character by character, so that a part of a
text is replaced as it is within the whole. Digits become other digits. Everything hangs on a seed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from hashlib import blake2b

from ingest.describe.byline import MONTHS
from ingest.describe.language import COMMON_WORDS
from ingest.describe.names import AGENCIES, COLLECTIVE, NOBODY, PARTICLES, ROLES, TOPICS, WEEKDAYS

TOKEN = re.compile(r"[^\W\d_]+|\d+")
"""A word or a number, in the pieces that are replaced one by one."""

MAX_FUNCTION_WORD = 3
FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(word for word in line.split() if len(word) <= MAX_FUNCTION_WORD)
    for language, line in {
        **COMMON_WORDS,
        "ru": "и в не на с по к из за от до о у же бы что как это так для при или",
        "uk": "і в не на з по до за від що як це та у й або для при",
        "bg": "и в не на с по за от до се да е са ще",
        "el": "και το να του η της με που την από για ο οι τα σε",
        "he": "של את על לא כי זה עם גם או אם",
        "ar": "في من على إلى عن أن أو لا ما",
        "fa": "و در به از که را با این",
        "hu": "a az és hogy nem is egy ez de",
        "cs": "a v na se že je o z do s k i pro po",
        "ro": "și de la în cu pe un o nu că din",
        "fi": "ja on ei se oli jos kun",
    }.items()
}
"""The commonest little words by language: what a text's language is told by, and nobody's property."""

# consonants and vowels, alternated; scripts without written vowels have letters only
_SYLLABLES: dict[str, tuple[str, str]] = {
    "latin": ("bdfgklmnprstv", "aeiou"),
    "cyrillic": ("бвгдзклмнпрст", "аеиоу"),
    "greek": ("βγδκλμνπρστφ", "αειου"),
    "hebrew": ("בגדזחטכלמנספצקרשת", "אבדהוילמרש"),
    "arabic": ("بتجحدرزسشصطعفقكلمن", "اوي"),
}
_CHARACTERS: dict[str, str] = {
    "han": "山川林田石水火木金土花草馬牛羊鳥魚竹米豆茶酒衣車船橋門窓紙筆星雲雨雪風空海池島村町道坂谷原野森岩砂波光色音声糸絹綿布箱皿鍋灯",
    "hiragana": "あいうえおかきくけこさしすせそたちつてとなにぬねのまみむめもらりるれろ",
    "katakana": "アイウエオカキクケコサシスセソタチツテトナニヌネノマミムメモラリルレロ",
    "hangul": "가나다라마바사아자차카타파하고노도로모보소오조초구누두루무부수우주추기니디리미비시이지",
}
_RANGES = sorted(
    [
        (0x0041, "latin"),
        (0x0250, ""),
        (0x0370, "greek"),
        (0x0400, "cyrillic"),
        (0x0530, ""),
        (0x0590, "hebrew"),
        (0x0600, "arabic"),
        (0x0700, ""),
        (0x1E00, "latin"),
        (0x1F00, "greek"),
        (0x2000, ""),
        (0x3040, "hiragana"),
        (0x30A0, "katakana"),
        (0x3100, ""),
        (0x3400, "han"),
        (0xA000, ""),
        (0xAC00, "hangul"),
        (0xD7B0, ""),
        (0xF900, "han"),
        (0xFB00, ""),
        (0x20000, "han"),
        (0x40000, ""),
    ]
)
_STARTS = [start for start, _ in _RANGES]
_MEANINGFUL = frozenset().union(
    MONTHS, AGENCIES, COLLECTIVE, NOBODY, PARTICLES, ROLES, TOPICS, WEEKDAYS, *FUNCTION_WORDS.values()
)
"""Words that the program reads something into; none of them is ever put in another's place."""


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """The script of a letter, or `""` for one without a table of its own."""
    place = bisect_right(_STARTS, ord(char)) - 1
    return _RANGES[place][1] if place >= 0 else ""


class Substitutes:
    """The replacements of one sample. Words in `stay` (casefolded) are left alone."""

    def __init__(self, seed: int, stay: frozenset[str] = frozenset()) -> None:
        self._key = f"sample {seed}".encode()
        self.stay = stay
        self._known: dict[str, str] = {}

    def token(self, token: str) -> str:
        """The replacement of a word or number, as long as it is."""
        found = self._known.get(token)
        if found is None:
            found = self._known[token] = self.digits(token) if token.isdigit() else self._word(token)
        return found

    def text(self, text: str) -> str:
        """The text with every word and number in it replaced, whatever it is."""
        return TOKEN.sub(lambda match: self.token(match[0]), text)

    def stays(self, token: str) -> bool:
        """Whether a word stays where it is because it says nothing: one letter, or a little word."""
        return token.casefold() in self.stay or (len(token) == 1 and not token.isupper() and token.isascii())

    def digits(self, number: str) -> str:
        """Other digits, as many; years stay years and small sizes keep their first digit's place."""
        if len(number) == 4 and number[:2] in ("19", "20"):
            return number
        noise = self._noise(number)
        digits = [str(1 + noise[i % 32] % 9) if d != "0" else "0" for i, d in enumerate(number)]
        return "".join(digits)

    def _word(self, word: str) -> str:
        folded = word.casefold()
        script = script_of(word[0])
        for attempt in range(50):
            noise = self._noise(f"{folded} {attempt}" if attempt else folded)
            letters = [self._letter(char, place, script, noise) for place, char in enumerate(word)]
            found = "".join(letters)
            if found.casefold() != folded and found.casefold() not in _MEANINGFUL:
                break
        return found

    def _letter(self, char: str, place: int, script: str, noise: bytes) -> str:
        own = script_of(char)
        if own in _CHARACTERS:
            return self._other(char, _CHARACTERS[own])
        if own != script or own not in _SYLLABLES:
            return self._other(char, _neighbours(char))
        table = _SYLLABLES[own][(place + noise[31]) % 2]
        letter = table[noise[place % 31] % len(table)]
        return letter.upper() if char.isupper() else letter

    def _other(self, char: str, table: str) -> str:
        """Another character of the table, the same for the same character."""
        place = self._noise(char)[0] % len(table)
        return table[place] if table[place] != char else table[(place + 1) % len(table)]

    def _noise(self, text: str) -> bytes:
        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=32).digest()


@lru_cache(maxsize=4096)
def _neighbours(char: str) -> str:
    """The letters of a character's part of Unicode and of its case."""
    first = ord(char) & ~0x7F
    near = (chr(code) for code in range(first, first + 128))
    found = "".join(c for c in near if c.isalpha() and c.isupper() == char.isupper())
    return found or char
