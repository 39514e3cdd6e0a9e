"""From the blocks left to the body: characters tidied, halves of a sentence joined, paragraphs set apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.blocks import CONTINUES, GLUED, RawBlock
from ingest.labels import Label
from ingest.records import Block, Removal
from ingest.settings import DEFAULT, Settings
from ingest.words import clean_text, count_words

MAX_INVISIBLE = 8
"""A block of no more characters may hold nothing but invisible ones; it is no paragraph."""

MIN_BROKEN_WORDS = 15

_ABOVE_TEXT = frozenset({"title", "deck", "byline", "date"})
"""What stands between a deck and the text, but in the middle of no sentence."""

_MID_SENTENCE = re.compile(r"[\w,–-]$")
_CONTINUATION = re.compile(r"^[\"'“‘(]?[^\W\d_A-Z]")


def assemble(blocks: Sequence[RawBlock], removals: Iterable[Removal]) -> tuple[Block, ...]:
    """What is left of the blocks when the removals are taken out: the record's blocks.

    This is also how a removal log is replayed: the same blocks and removals give the same article. A removal that
    is not in the block it names is a `ValueError`.
    """
    taken: dict[int, list[Removal]] = {}
    for removal in removals:
        taken.setdefault(removal.block, []).append(removal)
    result: list[Block] = []
    gap = parted = False
    head = 0  # where the paragraph began that the block at hand may continue
    for place, block in enumerate(blocks):
        if not block.flags & CONTINUES:
            head = place
        text = _without(block.text, taken[place]) if place in taken else block.text
        if not text:
            gap = True
            parted = parted or taken[place][0].kind in _ABOVE_TEXT
            continue
        if len(text) <= MAX_INVISIBLE and not clean_text(text):
            continue
        before = result[-1] if result else None
        if before is not None and (
            before.place >= head != place or _splits(before, block, text, gap, parted)
        ):
            glue = "" if block.flags & GLUED and (not gap or not text[0].isalnum()) else " "
            result[-1] = Block(before.kind, before.text + glue + text, before.level, before.place)
        else:
            result.append(Block(block.kind, text, block.level, place))
        gap = parted = False
    return tuple(result)


def body_of(blocks: Iterable[Block], settings: Settings = DEFAULT) -> str:
    """The body's text: the blocks of the body's kinds, parted by one empty line."""
    kinds = settings.body
    return "\n\n".join(block.text for block in blocks if block.kind in kinds)


def keep_included(
    blocks: list[RawBlock], labels: list[Label | None], settings: Settings
) -> tuple[list[RawBlock], list[Label | None]]:
    """The blocks and verdicts with the captions kept, as blocks of that kind, when the settings ask for them."""
    if "caption" not in settings.include:
        return blocks, labels
    captions = {p for p, label in enumerate(labels) if label is not None and label.kind == "caption"}
    return (
        [block._replace(kind="caption") if p in captions else block for p, block in enumerate(blocks)],
        [None if p in captions else label for p, label in enumerate(labels)],
    )


def _without(text: str, removals: Sequence[Removal]) -> str:
    pieces, end = [], 0
    for removal in sorted(removals, key=lambda removal: removal.start):
        stop = removal.start + len(removal.text)
        if removal.start < end or text[removal.start : stop] != removal.text:
            raise ValueError(f"removal by {removal.rule} is not in block {removal.block} at {removal.start}")
        pieces.append(text[end : removal.start])
        end = stop
    pieces.append(text[end:])
    return " ".join(" ".join(pieces).split())


def _splits(before: Block, block: RawBlock, text: str, gap: bool, parted: bool) -> bool:
    """Whether what was removed between the two split a sentence; `parted` by what stands between deck and text."""
    if not gap or before.kind != "paragraph" or block.kind != "paragraph":
        return False
    begins = _CONTINUATION.match(text)
    if begins and begins[0][-1].islower():  # many scripts have no small letters to begin with
        return bool(_MID_SENTENCE.search(before.text))
    # before a name or a number, only what is too long for a heading and ends like the middle of a sentence
    return (
        not parted
        and before.text[-1].islower()
        and text[0].isalnum()
        and count_words(before.text) >= MIN_BROKEN_WORDS
    )
