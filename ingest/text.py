"""Plain text as blocks: one a line, as in the file."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.blocks import CONTINUES, RawBlock
from ingest.normalise import clean_text
from ingest.records import BlockKind

TIGHT = 1 << 10
"""Block flag: no empty line parts it from the block before."""

LINE_END = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
MIN_WRAPPED_LINES = 4
MIN_WIDTH, MAX_WIDTH = 30, 120
_ENDS = re.compile(r"[.!?…。:;\"”’»)]$")
MIN_BROKEN, BROKEN_SHARE = 6, 0.03
"""So many lines, and so many of all, go on in mid-sentence in a text that was parted at its links."""

LONGEST_LINK = 80  # characters
MIN_BLANKS = 4  # in a piece of a sentence that is no menu

_OPEN_END = re.compile(r"[\w,(\[–—'’“„«&/-]$")
_NO_BLANK = re.compile(r"(?<=[(\[„«]) | (?=[,.;:!?)\]’”»])")
_BULLET = re.compile(r"^\s*[•‣▪●◦∙·*–-]\s+\S")


def read_lines(text: str) -> list[RawBlock]:
    """The non-empty lines of a text as blocks, white space collapsed; bullets are items."""
    blocks: list[RawBlock] = []
    after_empty = True
    for line in LINE_END.split(text):
        tidy = clean_text(" ".join(line.split()))
        if not tidy:
            after_empty = True
            continue
        kind: BlockKind = "item" if _BULLET.match(tidy) else "paragraph"
        blocks.append(RawBlock(tidy, kind, int(kind == "item"), 0, 0, 0 if after_empty else TIGHT))
        after_empty = False
    return blocks


def join_broken(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks, sentences that were parted at their links, a line each piece, put together again.

    Only in texts with many such lines, and only what makes a sentence of at least a few words.
    """
    goes_on = [False] + [_goes_on(before, after) for before, after in pairwise(blocks)]
    for place in range(1, len(blocks) - 1):  # a link of a few words, with the sentence on both sides
        text = blocks[place].text
        if not goes_on[place] and goes_on[place + 1] and len(text) <= LONGEST_LINK:
            before = blocks[place - 1]
            goes_on[place] = (
                blocks[place].flags & TIGHT > 0
                and (goes_on[place - 1] or before.text.count(" ") >= MIN_BLANKS)
                and _OPEN_END.search(before.text) is not None
            )
    if sum(goes_on) < max(MIN_BROKEN, BROKEN_SHARE * len(blocks)):
        return blocks
    result: list[RawBlock] = []
    start = 0
    for end in range(1, len(blocks) + 1):
        if end < len(blocks) and goes_on[end]:
            continue
        pieces = blocks[start:end]
        text = _NO_BLANK.sub("", " ".join(piece.text for piece in pieces))
        if len(pieces) > 1 and max(piece.text.count(" ") for piece in pieces) >= MIN_BLANKS:
            pieces = [pieces[0]._replace(text=text)]
        result += pieces
        start = end
    return result


def _goes_on(before: RawBlock, after: RawBlock) -> bool:
    """Whether a line goes on in the middle of the sentence that the line before it began."""
    if not after.flags & TIGHT:
        return False
    first = after.text[0]
    return first in ",.;:)" or (first.islower() and _OPEN_END.search(before.text) is not None)


def mark_hard_wraps(blocks: list[RawBlock], kept: list[bool]) -> list[RawBlock]:
    """The blocks, those that go on in the middle of the paragraph before them flagged `CONTINUES`.

    A text is hard-wrapped when most of its tight lines (no empty line before them) are of nearly one width and
    break off in mid-sentence; in such a text a tight line continues the one before when that one is full.
    """
    tight = [i for i in range(1, len(blocks)) if kept[i] and kept[i - 1] and blocks[i].flags & TIGHT]
    broken = [i for i in tight if not _ENDS.search(blocks[i - 1].text)]
    if len(tight) < MIN_WRAPPED_LINES or len(broken) < 0.5 * len(tight):
        return blocks
    widths = sorted(len(blocks[i - 1].text) for i in broken)
    width = widths[int(0.9 * (len(widths) - 1))]
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return blocks
    result = list(blocks)
    for i in tight:
        before, after = blocks[i - 1], blocks[i]
        room = width - len(before.text)
        first_word = after.text.split(" ", 1)[0]
        if after.kind != "item" and (room <= len(first_word) + 1 or room < 0.15 * width):
            result[i] = after._replace(flags=after.flags | CONTINUES)
    return result
