"""Lists, each judged as one: a linked ingredient stays among its like, the last entry of a menu goes with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingest.blocks import SENTENCE_ENDS, RawBlock
from ingest.extract.lines import LINK
from ingest.labels import Label

REST: Final = Label("generic/rest-of-list", "furniture")

_FEWEST: Final = 3
_REST_SHARE: Final = 3  # only one in more than so many is left
_LONGEST_ENTRY: Final = 80  # characters


def settle_lists(blocks: Sequence[RawBlock], labels: list[Label | None], scope: range) -> None:
    """Takes back the labels of links in lists of text, and labels what is left of lists of links."""
    for is_item, group in groupby(scope, key=lambda number: blocks[number].kind == "item"):
        run = list(group) if is_item else []
        if len(run) < _FEWEST:
            continue
        linked = [number for number in run if labels[number] is LINK]
        kept = [number for number in run if labels[number] is None]
        if linked and linked != run[-1:] and len(linked) < len(kept):  # one link below a list is a button
            for number in linked:
                labels[number] = None
        elif 0 < _REST_SHARE * len(kept) < len(run) and all(_is_entry(blocks[number]) for number in kept):
            for number in kept:
                labels[number] = REST


def _is_entry(item: RawBlock) -> bool:
    """Whether an item is a scrap: no sentence, and no amount of something."""
    text = item.text
    return len(text) <= _LONGEST_ENTRY and text[-1] not in SENTENCE_ENDS and not text[0].isdigit()
