"""What class, id and role words say about an element: the words are data (`data/classes.yaml`), read once.

`judge(names)` gives the verdict on an attribute's value, from bounded caches: pages of a site share their
class names, so almost every call is one dictionary look-up.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

import msgspec

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


class _Matcher:
    """The entries of some lists, each with its list's number; finds the lowest number in some words."""

    def __init__(self, lists: dict[int, tuple[str, ...]], barred: frozenset[str] = frozenset()) -> None:
        self._whole: dict[str, int] = {}
        self._prefix: list[tuple[str, int]] = []
        self._suffix: list[tuple[str, int]] = []
        self._inside: list[tuple[str, int]] = []
        self._pairs: dict[str, list[tuple[str, int]]] = {}
        self._barred = barred
        self._number = lru_cache(maxsize=1 << 16)(self._judge_word)
        for number, entries in lists.items():
            for entry in entries:
                self._add(entry, number)

    def _add(self, entry: str, number: int) -> None:
        first, _, second = entry.partition(" ")
        if entry.startswith("="):
            self._whole.setdefault(entry[1:], number)
        elif entry.startswith("^"):
            self._prefix.append((entry[1:], number))
        elif entry.endswith("$"):
            self._suffix.append((entry[:-1], number))
        else:
            self._inside.append((first + second, number))
        if second:
            self._pairs.setdefault(first, []).append((second, number))

    def _judge_word(self, word: str) -> int:
        found = [self._whole[word]] if word in self._whole else []
        found += [number for text, number in self._prefix if word.startswith(text)]
        found += [number for text, number in self._suffix if word.endswith(text)]
        found += [number for text, number in self._inside if text in word]
        return min(found, default=0)

    def find(self, words: list[str]) -> int:
        """The lowest number an entry of which is in the words; 0 when there is none."""
        found = []
        for position, word in enumerate(words):
            if (number := self._number(word)) and not self._is_barred(words, position + 1):
                found.append(number)
            if word in self._pairs and position + 1 < len(words) and not self._is_barred(words, position + 2):
                following = words[position + 1]
                found += [
                    number
                    for second, number in self._pairs[word]
                    if following == second or (not self._barred and following.startswith(second))
                ]
        return min(found, default=0)

    def _is_barred(self, words: list[str], position: int) -> bool:
        return position < len(words) and words[position] in self._barred


_CATEGORIES = _Matcher({NUMBERS[name]: category.words for name, category in VOCABULARY.categories.items()})
_BODY = _Matcher({1: VOCABULARY.body.words}, VOCABULARY.body.unless_followed_by)
_POST = _Matcher({1: VOCABULARY.post.words})
_DECK = _Matcher({1: VOCABULARY.deck.words})
_PART_KINDS: tuple[BlockKind | None, ...] = (None, *VOCABULARY.parts)
_PARTS = _Matcher(dict(enumerate(VOCABULARY.parts.values(), 1)))
_SEPARATORS = re.compile(r"[\s_-]+|(?<=[a-z]{3})(?=[A-Z][a-z]{2})")


_LONGEST_NAMES: Final = 500  # characters; no author writes more class names by hand


def judge(names: str) -> Verdict:
    """The verdict on the value of a class or id attribute."""
    return _judge(names[:_LONGEST_NAMES])


@lru_cache(maxsize=1 << 15)
def _judge(names: str) -> Verdict:
    words = _SEPARATORS.sub(" ", names).lower().split()
    part = _PART_KINDS[_PARTS.find(words)]
    if _BODY.find(words):
        return Verdict(body=part is None, part=part)
    category = 0 if _POST.find(words) else _CATEGORIES.find(words)
    return Verdict(category, deck=bool(_DECK.find(words)), part=part)
