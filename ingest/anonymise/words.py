"""Other words of the same shape: same script, length and case; the same word gets the same one everywhere.

Words of an alphabet become syllables, ideographs and kana other ones character by character, so that a part of a
text is replaced as it is within the whole. Digits become other digits. Everything hangs on a seed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from hashlib import blake2b

from ingest.anonymise.pieces import PIECES
from ingest.describe.byline import MONTHS
from ingest.describe.language import COMMON_WORDS
from ingest.describe.names import AGENCIES, COLLECTIVE, NOBODY, PARTICLES, ROLES, TOPICS, WEEKDAYS

TOKEN = re.compile(r"[^\W\d_]+|\d+")
"""A word or a number, in the pieces that are replaced one by one."""


def words(text: str) -> frozenset[str]:
    """The words of a text as a set: how lists of them are written here."""
    return frozenset(text.split())


FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: words(line) | PARTICLES
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
FUNCTION_WORDS |= {"nb": FUNCTION_WORDS["no"], "nn": FUNCTION_WORDS["no"]}
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
    "han": "山川林田石水火木金土花草馬牛羊鳥魚竹米豆茶酒衣車船橋門窓紙筆星雲"
    "雨雪風空海池島村町道坂谷原野森岩砂波光色音声糸絹綿布箱皿鍋灯",
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


ENDINGS: dict[str, tuple[str, ...]] = {
    language: tuple(sorted(line.split(), key=lambda ending: (-len(ending), ending)))
    for language, line in {
        "en": "ing tion sion ment ness ight ought ould ious able ally ful less ence ance ther ed er es ly th ch ck ey",
        "de": "ungen ung keit heit schaft lich isch chen enden ende ten ter gen ern eln en er es em st cht sch",
        "fr": "tion ment aient ance ence ique eux euse eur aux ère ée és ent ait ons ez er re es que",
        "es": "ción ciones mente idad ando iendo ado ada ados adas ido ero era aron os as es ar er ir an en",
        "it": "zione zioni mente ità ando endo ato ata ati ate ello are ere ire ono che one gli",
        "pt": "ção ções mente dade ando endo ado ada ados ões ção inho eira eiro ar er ir os as em ou",
        "nl": "ingen ing heid lijk schap elijk tje ende eren aar oor eel ij en er de sch",
        "sv": "ningen ning heten het ligt lig arna erna ande ade are ar er or en et",
        "da": "ningen ning heden hed ligt lig erne ende ede ere er en et",
        "no": "ningen ning heten het ligt lig ene ende ede ere er en et",
        "pl": "owanie ości ość nych nego nej ach ami owy owa enia cie dzie rze ski ska y ą ę",
        "tr": "ları leri lar ler ında inde dan den mak mek yor dı di nın nin ı",
        "id": "kan nya ngan ang an ung",
        "ru": "ение ого его ому ами ать ить ных ский ская ость ов ев ый ая ое ли ла",
    }.items()
}
ENDINGS |= {"nb": ENDINGS["no"], "nn": ENDINGS["no"]}
"""How words end in a language: nobody's property, and what the language of replaced words is told by."""
MIN_STEM = 3


class Substitutes:
    """The replacements of one sample, with the little words and endings of a language left alone.

    As long as there are enough of them, no two words of a page become the same.
    """

    def __init__(self, seed: int, language: str = "") -> None:
        self._key = f"sample {seed}".encode()
        self.stay = FUNCTION_WORDS.get(language, PARTICLES)
        self._endings = ENDINGS.get(language, ())
        self._pieces = PIECES.get(language, ())
        self._known: dict[str, str] = {}
        self._taken: dict[str, str] = {}

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
        ending = next((e for e in self._endings if folded.endswith(e) and len(word) - len(e) >= MIN_STEM), "")
        stem = word[: len(word) - len(ending)]
        for attempt in range(50):
            noise = self._noise(f"{folded} {attempt}" if attempt else folded)
            found = self._spliced(stem, script, noise) or self._spelled(stem, script, noise)
            found += word[len(stem) :]
            other = found.casefold()
            if (
                other != folded
                and other not in _MEANINGFUL
                and self._taken.setdefault(other, folded) == folded
            ):
                break
        return found

    def _spliced(self, stem: str, script: str, noise: bytes) -> str:
        """The beginning of one of the language's pieces and the end of another, with others between them."""
        pieces, length = self._pieces, len(stem)
        if length < MIN_STEM or not pieces or script_of(pieces[0][0]) != script:
            return ""
        first, last = (pieces[noise[n] % len(pieces)] for n in (0, 1))
        end = last[-min(len(last), 1 + noise[2] % max(1, length - 2)) :]
        middle, place = first, 3
        while len(middle) + len(end) < length:
            middle += pieces[noise[place % 32] % len(pieces)]
            place += 1
        letters = middle[: length - len(end)] + end
        return "".join(a.upper() if b.isupper() else a for a, b in zip(letters, stem, strict=True))

    def _spelled(self, stem: str, script: str, noise: bytes) -> str:
        """Syllables, or other characters one by one."""
        return "".join(self._letter(char, place, script, noise) for place, char in enumerate(stem))

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
