"""What one line of a text page says of date and authors."""

from __future__ import annotations

import re

from ingest.describe.byline import read_byline
from ingest.describe.dates import read_date, without_date
from ingest.extract.phrases import DATE_LABEL
from ingest.strip import is_prose
from ingest.words import count_words, letters

MAX_DATE_CHARS = 80
MAX_BYLINE_CHARS = 120
MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 5
MAX_CREDIT_WORDS, MAX_LABELLED_WORDS = 7, 10
"""Words beside the date on a line that is dated: a place, a reading time, a name; and where it says what it is, or has
its parts set off by signs.
"""

_HAS_YEAR = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[./]\d{1,2}[./]\d\d\b")
_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|de|door|av|af|przez|text|texto|testo|texte|reported by|written by"
    r"|author|autor|autore|auteur|מאת|بقلم|كتب)\b\s*:?\s+\S",
    re.IGNORECASE,
)
_PART = re.compile(r"\s*[|•·]\s*|\s+/\s+")


def is_date_line(text: str, language: str | None) -> bool:
    """Whether a line is nothing but a date, perhaps with a label and a time."""
    if len(text) > MAX_DATE_CHARS or not _HAS_YEAR.search(text) or count_words(text) > 10:
        return False
    if read_date(text, language, None) is None:
        return False
    rest = without_date(text)
    words = count_words(rest)
    return words <= 1 or (words <= 2 and not text.endswith(".")) or bool(DATE_LABEL.match(rest))


def is_dated(text: str, language: str | None) -> bool:
    """Whether a line is a date with little else: a reading time, a place, who wrote it."""
    if len(text) > MAX_BYLINE_CHARS or not _HAS_YEAR.search(text) or is_prose(text):
        return False
    labelled = DATE_LABEL.match(text) is not None or _PART.search(text) is not None
    if count_words(without_date(text)) > (MAX_LABELLED_WORDS if labelled else MAX_CREDIT_WORDS):
        return False
    return read_date(text, language, None) is not None


def is_byline(text: str) -> bool:
    """Whether a line is nothing but a byline with a person or a newsroom in it."""
    if len(text) > MAX_BYLINE_CHARS or not _BYLINE.match(text) or text.endswith((".", "?", "!")):
        return False
    byline = read_byline(text)
    return bool(byline.persons) or (bool(byline.groups) and all(word[0].isupper() for word in text.split()))


def full_names(text: str) -> str | None:
    """The full names in what a date line says beside the date; a single word there is a place, or a day."""
    persons = [name for part in _PART.split(text) for name in read_byline(part).persons]
    return ", ".join(name for name in persons if " " in name) or None


def is_full_name(text: str) -> bool:
    """Whether a line is nothing but a name of two words or more, all in capitals or none."""
    words = text.split()
    if not 2 <= len(words) <= MAX_NAME_WORDS or any(map(str.isdigit, text)) or words[-1][0].islower():
        return False
    alike = len({word.isupper() for word in words if len(word) > 2}) == 1
    return alike and is_name(text)


def is_name(text: str) -> bool:
    """Whether a line is nothing but the name of a person or a newsroom."""
    words = text.split()
    if (
        len(text) > MAX_NAME_CHARS
        or len(words) > MAX_NAME_WORDS
        or "%" in text  # a table's head
        or any(word[0].islower() for word in words[::2])
    ):
        return False
    byline = read_byline(text)
    return letters("".join((*byline.persons, *byline.groups))) == letters(text) != ""
