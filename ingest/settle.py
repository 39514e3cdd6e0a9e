"""What blocks turn out to be once the whole page is known: cells that are a text, figures that hold the article,
the questions of an interview.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from ingest.blocks import BOLD, IN_FIGURE, NodeRow, RawBlock, make_a_text
from ingest.elements import tag_id

LONGEST_CELL: Final = 300
_FEWEST_QUESTIONS: Final = 3
_P: Final = tag_id("p")


def settle(blocks: list[RawBlock], nodes: Sequence[NodeRow]) -> list[RawBlock]:
    """The blocks of a page with what all of them tell of each."""
    return mark_questions(settle_figures(settle_cells(blocks), nodes))


def settle_figures(blocks: list[RawBlock], nodes: Sequence[NodeRow]) -> list[RawBlock]:
    """The blocks, those made `paragraph` that stand side by side in a figure and make up a text: the figure was never
    closed, or is none."""
    beside: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if (
            block.flags & IN_FIGURE
            and nodes[block.node][1] == _P
            and block.link_chars < 0.1 * len(block.text)
        ):
            beside[nodes[block.node][0]].append(number)
    for numbers in beside.values():
        if make_a_text([len(blocks[number].text) for number in numbers]):
            for number in numbers:
                flags = blocks[number].flags & ~IN_FIGURE
                blocks[number] = blocks[number]._replace(kind="paragraph", flags=flags)
    return blocks


def settle_cells(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks, those made `paragraph` that stand in one table cell with others, or are too long for data."""
    cells = Counter(block.node for block in blocks if block.kind == "cell")
    for number, block in enumerate(blocks) if cells else ():
        if block.kind == "cell" and (cells[block.node] > 1 or _is_text(block)):
            blocks[number] = block._replace(kind="paragraph")
    return blocks


def _is_text(cell: RawBlock) -> bool:
    return len(cell.text) > LONGEST_CELL and " | " not in cell.text


def mark_questions(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks, the bold paragraphs that ask something made `question` where there are enough for an interview."""
    asked = [
        number
        for number, block in enumerate(blocks)
        if block.flags & BOLD and block.kind == "paragraph" and block.text[-1] in "?？؟"
    ]
    if len(asked) >= _FEWEST_QUESTIONS:
        for number in asked:
            blocks[number] = blocks[number]._replace(kind="question")
    return blocks
