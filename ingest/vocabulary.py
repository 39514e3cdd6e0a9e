"""What class, id and role words say about an element: the words are data (`data/classes.yaml`), read once.

`judge(names)` gives the verdict on an attribute's value, from bounded caches: pages of a site share their
class names, so almost every call is one dictionary look-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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


class _Lexicon:
    """All entries of the vocabulary, matched against a word in one pass."""

    def __init__(self, lists: Iterable[tuple[tuple[str, ...], _Hit]]) -> None:
        self._set = re2.Set.SearchSet()
        self._hits: list[_Hit] = []
        self.pairs: dict[str, list[tuple[str, _Hit]]] = {}
        for entries, hit in lists:
            for entry in entries:
                self._add(entry, hit)
        self._set.Compile()
        self.hits_of_word = lru_cache(maxsize=1 << 16)(self._hits_of_word)

    def _add(self, entry: str, hit: _Hit) -> None:
        first, _, second = entry.partition(" ")
        if second:
            self.pairs.setdefault(first, []).append((second, hit))
        self._set.Add(f"^{entry[1:]}$" if entry.startswith("=") else first + second)
        self._hits.append(hit)

    def _hits_of_word(self, word: str) -> tuple[_Hit, ...]:
        return tuple({self._hits[number] for number in self._set.Match(word) or ()})

    def hits_of_pair(self, first: str, second: str) -> list[_Hit]:
        """Of the body's words the second must be given in full, of the others its beginning."""
        return [
            hit
            for beginning, hit in self.pairs.get(first, ())
            if second == beginning or (hit[0] != _BODY and second.startswith(beginning))
        ]


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
_SEPARATORS: Final = re.compile(r"[\s_-]+|(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
LONGEST_NAMES: Final = 500  # characters; no author writes more class names by hand


def judge(names: str) -> Verdict:
    """The verdict on the value of a class or id attribute."""
    return _judge(names[:LONGEST_NAMES])


@lru_cache(maxsize=1 << 15)
def _judge(names: str) -> Verdict:
    words = _SEPARATORS.sub(" ", names).lower().split()
    barred = VOCABULARY.body.unless_followed_by
    found = [0] * 5
    for position, word in enumerate(words):
        hits_of_word = _LEXICON.hits_of_word(word)
        if not hits_of_word and word not in _LEXICON.pairs:
            continue
        after, second_after = (*words[position + 1 : position + 3], "", "")[:2]
        hits = [hit for hit in hits_of_word if hit[0] != _BODY or after not in barred]
        hits += [
            hit for hit in _LEXICON.hits_of_pair(word, after) if hit[0] != _BODY or second_after not in barred
        ]
        for number_of, number in hits:
            found[number_of] = min(number, found[number_of] or number)
    part = _PART_KINDS[found[_PART]]
    if found[_BODY]:
        return Verdict(body=part is None, part=part)
    return Verdict(0 if found[_POST] else found[_CATEGORY], deck=bool(found[_DECK]), part=part)
