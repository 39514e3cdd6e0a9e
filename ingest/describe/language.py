"""The language of an article: what the page declares, unless its text says otherwise; else what the text is in.

html lang, JSON-LD inLanguage, og:locale, content-language, the site's rules: the first that fits the text. A
declaration does not fit when the text is in another script, or has next to none of the language's commonest words:
many templates say `en` whatever they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.describe.found import Found, Hints, Origin
from ingest.structured import Structured

SAMPLE = 600  # characters of text that are looked at
ENOUGH = 120  # letters of a text whose words may contradict a declaration
FEW = 40  # letters of a text whose script may contradict it, or whose language can be told
ALIASES = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "jp": "ja", "cn": "zh", "kr": "ko", "cz": "cs"}
NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "xx", "x"})
OTHER_SCRIPT = (
    "ru uk bg mk be el he yi ar fa ur ps ug zh ja ko th lo km my hi mr ne bn pa gu ta te kn ml si ka hy am ti"
)
EITHER_SCRIPT = "sr sh bs az uz kk ky mn tg tk tt ku ks sd"
COMMON_WORDS = {  # without English "a", one of the commonest words of the languages that templates call English, too
    "en": "the of and to in is for that on with was it as be by from at this are you",
    "de": "der die und das den von mit ist zu in im auf für nicht ein eine es des dem sich auch ich sie wir",
    "fr": "le la les de des du et en un une est à que qui pour dans par sur pas il au ce je vous",
    "es": "el la los las de del y en un una que es por con para se no al su como lo más",
    "it": "il la le di del della e in un una che è per con non si da al i gli sono come",
    "pt": "o a os as de do da e em um uma que é por com para não se no na ao mais como",
    "nl": "de het een van en in is dat op te voor met zijn niet aan er om die ook ik je we",
    "sv": "och i att en det som på är av för med till den har inte om ett de jag vi var",
    "da": "og i at en det som på er af for med til den har ikke om et de jeg vi var der",
    "no": "og i at en det som på er av for med til den har ikke om et de jeg vi var",
    "pl": "i w na z do się nie że to jest o jak po za od co przez jego dla ale",
    "tr": "ve bir bu da de için ile çok daha olarak gibi olan en o ne kadar sonra ama",
    "id": "yang dan di ini itu dengan untuk dari pada dalam tidak ke ada akan juga saya",
}
WORDS = {language: frozenset(words.split()) for language, words in COMMON_WORDS.items()}
WORDS["nb"] = WORDS["nn"] = WORDS["no"]

LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]+")
WORD = re.compile(r"[^\W\d_]+")
TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_.@].{0,40})?")


def find_language(structured: Structured, hints: Hints, text: str) -> Found[str] | None:
    """The primary language subtag (`en`, `he`, `zh`) of a page with this article text, or `None`."""
    sample = text[:SAMPLE]
    declared = list(_declared(structured, hints))
    for language, origin in declared:
        if _fits(language, sample):
            return Found(language, origin)
    detected = detect_language(sample)
    if detected:
        return Found(detected, "text")
    return Found(*declared[0]) if declared else None


def detect_language(text: str) -> str | None:
    """The language a text is written in; `None` if it is too short to tell."""
    if _count_letters(WORD, text) < FEW:
        return None
    from py3langid import classify  # type: ignore[import-untyped]  # a model of 5 MB, loaded when the first page needs it

    return str(classify(text)[0])


def primary_language(tag: object) -> str | None:
    """The primary subtag of a language tag or locale.

    >>> primary_language("en-US"), primary_language("pt_BR"), primary_language("iw"), primary_language("English")
    ('en', 'pt', 'he', None)
    """
    match = TAG.fullmatch(tag.strip()) if isinstance(tag, str) else None
    if match is None:
        return None
    code = match[1].lower()
    return None if code in NO_LANGUAGE else ALIASES.get(code, code)


def _declared(structured: Structured, hints: Hints) -> Iterator[tuple[str, Origin]]:
    statements: list[tuple[object, Origin]] = [(structured.language, "page")]
    for item in structured.articles[:1]:
        value = item.get("inLanguage")
        value = value[0] if isinstance(value, list) and value else value
        statements.append((value.get("alternateName") if isinstance(value, dict) else value, "json-ld"))
    for name in ("og:locale", "content-language", "language", "dc.language"):
        statements.append((next(iter(structured.meta.get(name, ())), None), "meta"))
    statements.append((hints.language, "rules"))
    for tag, origin in statements:
        if language := primary_language(tag):
            yield language, origin


def _fits(language: str, sample: str) -> bool:
    """Whether a text can be in the language, as far as its script and its commonest words tell."""
    words = WORD.findall(sample.lower())
    letters = sum(map(len, words))
    if letters < FEW or language in EITHER_SCRIPT.split():
        return True
    latin = 1.0 if sample.isascii() else _count_letters(LATIN, sample) / letters
    if language in OTHER_SCRIPT.split():
        return latin < 0.9
    if latin < 0.3:
        return False
    common = WORDS.get(language)
    if common is None or letters < ENOUGH:
        return True
    return sum(map(common.__contains__, words)) * 20 >= len(words)


def _count_letters(runs: re.Pattern[str], text: str) -> int:
    """How many letters the runs of them hold that the pattern finds."""
    return sum(map(len, runs.findall(text)))
