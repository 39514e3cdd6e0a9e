"""Plain text as blocks: one a line, as in the file."""

from __future__ import annotations

import re

from ingest.blocks import CONTINUES, RawBlock
from ingest.normalise import clean_text
from ingest.records import BlockKind

TIGHT = 1 << 10
"""Block flag: no empty line parts it from the block before."""

_LINE_END = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
MIN_WRAPPED_LINES = 4
MIN_WIDTH, MAX_WIDTH = 30, 120
_ENDS = re.compile(r"[.!?…。:;\"”’»)]$")
_BULLET = re.compile(r"^\s*[•‣▪●◦∙·*–-]\s+\S")


def read_lines(text: str) -> list[RawBlock]:
    """The non-empty lines of a text as blocks, white space collapsed; bullets are items."""
    blocks: list[RawBlock] = []
    after_empty = True
    for line in _LINE_END.split(text):
        tidy = clean_text(" ".join(line.split()))
        if not tidy:
            after_empty = True
            continue
        kind: BlockKind = "item" if _BULLET.match(tidy) else "paragraph"
        blocks.append(RawBlock(tidy, kind, int(kind == "item"), 0, 0, 0 if after_empty else TIGHT))
        after_empty = False
    return blocks


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
