"""Small choices from many rows, made in one pass: what is kept is bounded, and the same rows give the same choice."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import Generic, TypeVar

T = TypeVar("T")

_ALL = 1 << 64


def number_of(*values: str | None) -> int:
    """A number from 0 to 2**64, evenly spread, the same for the same values."""
    joined = "\0".join(value or "" for value in values)
    return int.from_bytes(blake2b(joined.encode(errors="replace"), digest_size=8).digest(), "big")


class DifferentTexts(Generic[T]):
    """An even choice of the different texts that were seen, with how often each was.

    Kept are the texts with the smallest numbers. The bar only sinks, so a text that is in has been counted from its
    first time on, and one that fell out never comes back.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.times: Counter[int] = Counter()
        self.kept: dict[int, T] = {}
        self.bar = _ALL

    def add(self, number: int) -> bool:
        """Count a text. Whether it is new and in: then its example shall be put into `kept`."""
        if number >= self.bar:
            return False
        self.times[number] += 1
        if self.times[number] > 1:
            return False
        if len(self.times) > self.size:
            self.bar = max(self.times)
            del self.times[self.bar]
            self.kept.pop(self.bar, None)
        return number < self.bar

    @property
    def different(self) -> int:
        """How many different texts there were: exact up to `size`, else estimated from where the bar stands."""
        if self.bar == _ALL:
            return len(self.times)
        return round(self.size * _ALL / self.bar)

    @property
    def complete(self) -> bool:
        """Whether every text that was seen is in."""
        return self.bar == _ALL


class Spread(Generic[T]):
    """A choice of items spread over groups: the first of as many groups as fit, then their second ones, and so on."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.seen: Counter[str] = Counter()
        self.kept: dict[tuple[int, int, str], T] = {}

    def place(self, group: str) -> tuple[int, int, str] | None:
        """Count an item of the group. Gives its key in `kept` if it shall be put there."""
        key = (self.seen[group], number_of(group), group)
        self.seen[group] += 1
        if len(self.kept) < self.size:
            return key
        last = max(self.kept)
        if key >= last:
            return None
        del self.kept[last]
        return key

    def items(self) -> list[T]:
        """What was chosen, by groups."""
        return [self.kept[key] for key in sorted(self.kept, key=lambda key: (key[2], key[0]))]
