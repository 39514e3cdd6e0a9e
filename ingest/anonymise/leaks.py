"""Whether anything of a page's own text is left in its sample."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser

from ingest.anonymise.wording import RUN_LETTERS, RUN_WORDS
from ingest.anonymise.words import TOKEN

Run = tuple[str, ...]
MARK = re.compile(
    r"[\w.+-]{2,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|(?<![\d.:])\+?\d(?:[ ()-]{0,3}\d){6,15}|\d\d(?:\.\d\d){3,6}"
    r"|(?<![\w-])(?=(?:[a-zA-Z_-]{0,40}\d){3})(?=[\d_-]{0,40}[a-zA-Z])[\w-]{16,200}(?![\w-])"
)
"""What tells a person, a visitor or a page apart: an address for mail, a number with seven digits, a token."""
DATED = re.compile(r"(?:\D*(?:19|20)\d\d)+\D*|(?:19|20)\d\d\D?\d\d\D?\d\d.*|\d\d?\D\d\d?\D(?:19|20)\d\d.*")
MAX_MARKED = 100_000
NAMING = frozenset(("class", "id", "data-testid"))


def words_of(text: str) -> list[str]:
    """The words and numbers of a text, casefolded."""
    return [token.casefold() for token in TOKEN.findall(text)]


def runs_of(texts: Iterable[str]) -> frozenset[Run]:
    """Every three words in a row."""
    return frozenset(
        run
        for text in texts
        for words in [words_of(text)]
        for i in range(len(words) - RUN_WORDS + 1)
        for run in [tuple(words[i : i + RUN_WORDS])]
    )


def find_leaks(private: Iterable[str], strings: Iterable[str], allowed: Collection[Run]) -> list[str]:
    """Runs of three words and more, of twelve letters and more, that the private texts and a sample's share.

    `allowed` are the runs of words that are furniture.
    """
    runs = runs_of(private)
    may = frozenset(run[i : i + RUN_WORDS] for run in allowed for i in range(len(run) - RUN_WORDS + 1))
    wanted = runs - may
    return sorted({leak for text in strings for leak in _shared(words_of(text), wanted)})


def marks_of(page: str) -> frozenset[str]:
    """The mail addresses, long numbers and tokens in a page's texts and attributes but for names of its style."""
    return frozenset(
        mark
        for text in strings_of(page, without=NAMING)
        for match in MARK.finditer(text[:MAX_MARKED])
        if not DATED.fullmatch(mark := match[0])
    )


def strings_of(sample: str, without: Collection[str] = ()) -> Iterator[str]:
    """Each text and attribute value of a page, but of the attributes `without`; of a text, each line."""
    if not sample.lstrip().startswith("<"):
        yield from sample.splitlines()
        return
    root = LexborHTMLParser(sample).root
    for node in root.traverse(include_text=True) if root is not None else ():
        if node.tag == "-text":
            yield from (node.text_content or "").splitlines()
        else:
            yield from (value for name, value in node.attributes.items() if value and name not in without)


def _shared(words: list[str], runs: frozenset[Run]) -> Iterator[str]:
    start = end = -1
    for place in range(len(words) - RUN_WORDS + 1):
        if tuple(words[place : place + RUN_WORDS]) not in runs:
            continue
        if place >= end:
            yield from _long(words[start:end])
            start = place
        end = place + RUN_WORDS
    yield from _long(words[start:end])


def _long(words: list[str]) -> Iterator[str]:
    spelled = [word for word in words if not word.isdigit()]
    if len(spelled) >= RUN_WORDS and sum(map(len, spelled)) >= RUN_LETTERS:
        yield " ".join(words)
