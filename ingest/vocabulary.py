"""What class, id and role words say about an element: the words are data (`data/classes.yaml`), read once.

`judge(names)` gives the verdict on an attribute's value, from bounded caches: pages of a site share their
class names, so almost every call is one dictionary look-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

import msgspec
import re2

from ingest.records import BlockKind, Kind

Guard = Literal["always", "firm", "strong", "weak"]


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    guard: Guard
    words: tuple[str, ...] = ()


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]
    unless_followed_by: frozenset[str]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    categories: dict[str, Category]
    unless_preceded_by: frozenset[str]
    roles: frozenset[str]
    body: _Body
    post: _Words
    deck: _Words
    parts: dict[BlockKind, tuple[str, ...]]


VOCABULARY = msgspec.yaml.decode((files("ingest.data") / "classes.yaml").read_bytes(), type=Vocabulary)
NAMES: tuple[str, ...] = ("", *VOCABULARY.categories)
"""Category names by number; 0 is no category. Of two categories in one attribute the lower number wins."""
NUMBERS: dict[str, int] = {name: number for number, name in enumerate(NAMES)}


class Verdict(NamedTuple):
    """`category` is a number of `NAMES`; `body` and `deck` are hints; `part` is a kind of block."""

    category: int = 0
    body: bool = False
    deck: bool = False
    part: BlockKind | None = None


NOTHING = Verdict()


_CATEGORY, _BODY, _POST, _DECK, _PART = range(5)
_Hit = tuple[int, int]
"""A list (one of the above) and the number that the matching entry stands for in it."""

WORDS_KEPT: Final = 1 << 16


class _Word(NamedTuple):
    """What a word stands for alone, and with the beginnings of words that may follow it."""

    hits: tuple[_Hit, ...]
    pairs: tuple[tuple[str, _Hit], ...]


class _Lexicon(dict[str, _Word | None]):
    """All entries of the vocabulary; words are looked up in one pass, once each. None: the word says nothing."""

    def __init__(self, lists: Iterable[tuple[tuple[str, ...], _Hit]]) -> None:
        self._set = re2.Set.SearchSet()
        self._hits: list[_Hit] = []
        self._pairs: dict[str, list[tuple[str, _Hit]]] = {}
        for entries, hit in lists:
            for entry in entries:
                self._add(entry, hit)
        self._set.Compile()

    def _add(self, entry: str, hit: _Hit) -> None:
        first, _, second = entry.partition(" ")
        if second:
            self._pairs.setdefault(first, []).append((second, hit))
        self._set.Add(f"^{entry[1:]}$" if entry.startswith("=") else first + second)
        self._hits.append(hit)

    def __missing__(self, word: str) -> _Word | None:
        hits = tuple({self._hits[number] for number in self._set.Match(word) or ()})
        pairs = tuple(self._pairs.get(word, ()))
        if len(self) >= WORDS_KEPT:
            self.clear()
        self[word] = found = _Word(hits, pairs) if hits or pairs else None
        return found


_PART_KINDS: Final[tuple[BlockKind | None, ...]] = (None, *VOCABULARY.parts)
_LEXICON: Final = _Lexicon(
    [
        *((category.words, (_CATEGORY, NUMBERS[name])) for name, category in VOCABULARY.categories.items()),
        (VOCABULARY.body.words, (_BODY, 1)),
        (VOCABULARY.post.words, (_POST, 1)),
        (VOCABULARY.deck.words, (_DECK, 1)),
        *((words, (_PART, number)) for number, words in enumerate(VOCABULARY.parts.values(), 1)),
    ]
)
_HUMPS: Final = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
_BARRED: Final = VOCABULARY.body.unless_followed_by
_OF_LAYOUT: Final = VOCABULARY.unless_preceded_by
_PICTURES: Final = frozenset({NUMBERS["caption"], NUMBERS["credit"]})
"""A picture that has a caption, or none, is a picture all the same."""
_NO_NAME: Final = re.compile(r"\S*(?:\[|://)\S*")
"""A style that is told as a name, `[&_.related]:hidden`, or an address: what they mention is not the element."""
LONGEST_NAMES: Final = 500  # characters; no author writes more class names by hand


def judge(names: str) -> Verdict:
    """The verdict on the value of a class or id attribute."""
    return _judge(names[:LONGEST_NAMES])


@lru_cache(maxsize=1 << 15)
def _judge(names: str) -> Verdict:
    words = _split(names)
    found = [0] * 5
    for position, name in enumerate(words):
        word = _LEXICON[name]
        if word is not None:
            of_layout = position > 0 and words[position - 1] in _OF_LAYOUT
            for number_of, number in _hits_in_place(word, words, position):
                if of_layout and number_of == _CATEGORY and number not in _PICTURES:
                    continue
                found[number_of] = min(number, found[number_of] or number)
    part = _PART_KINDS[found[_PART]]
    if found[_BODY]:
        return Verdict(body=part is None, part=part)
    return Verdict(0 if found[_POST] else found[_CATEGORY], deck=bool(found[_DECK]), part=part)


def _hits_in_place(word: _Word, words: list[str], position: int) -> Sequence[_Hit]:
    """What a word stands for among those around it. Words about the body stand for nothing before some others."""
    hits, pairs = word
    after = words[position + 1] if position + 1 < len(words) else ""
    if after in _BARRED:
        hits = tuple(hit for hit in hits if hit[0] != _BODY)
    if not pairs:
        return hits
    second_after = words[position + 2] if position + 2 < len(words) else ""
    following = [  # the body's words have the second in full, the others its beginning
        hit
        for second, hit in pairs
        if (after == second and second_after not in _BARRED if hit[0] == _BODY else after.startswith(second))
    ]
    return [*hits, *following]


def _split(names: str) -> list[str]:
    """The words of class names in lower case: `article-body_main`, `ArticleBody`."""
    if "[" in names or "://" in names:
        names = _NO_NAME.sub(" ", names)
    small = names.lower()
    if small != names:
        small = _HUMPS.sub(" ", names).lower()
    return small.replace("-", " ").replace("_", " ").split()
