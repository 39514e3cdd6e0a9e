"""What each block is worth as article text, and the sums of it over every node's subtree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ingest.blocks import IN_FIGURE, SENTENCE_ENDS, Nodes, RawBlock

_OUTSIDE: Final = frozenset({"caption", "credit"})
_WIDE: Final = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]")


@dataclass(slots=True)
class Measures:
    """`values` by block; all others by node, over its subtree.

    `good` is the sum of the values above 0, `links` and `linked_headings` count blocks that are mostly link,
    `paragraphs` counts those that read like one, `pictures` says whether an image stands in it.
    """

    values: list[float]
    text: list[int]
    linked: list[int]
    good: list[float]
    links: list[int]
    linked_headings: list[int]
    paragraphs: list[int]
    pictures: list[bool]


def width(text: str) -> int:
    """How long a text is as it is printed. Ideographs, kana and hangul count twice in a text of them: they say as much
    in fewer signs.

    >>> width("night boat"), width("夜の船")
    (10, 6)
    """
    length = len(text)
    if text.isascii() or len(text.encode("utf-8", "replace")) < 1.5 * length:
        return length
    return length + len(_WIDE.findall(text))


def value_of(block: RawBlock) -> float:
    """How much a block speaks for its surroundings being the article; about its width for a sentence."""
    text, kind, _, _, linked, flags = block
    length = len(text)
    share = linked / length
    if flags & IN_FIGURE or kind in _OUTSIDE:
        return -min(length, 60) * 0.15
    if kind == "heading":
        return -10 if share > 0.7 else 0
    if is_link(length, linked):
        return -min(length, 120) * 0.3
    length = width(text)
    if length < 25:
        return -3
    if kind == "cell":
        return length * 0.1
    ends = text[-1] in SENTENCE_ENDS
    if kind == "item":
        return length * 0.5 if ends or length > 80 else -3
    return length * (1 - share) if ends or length > 80 else length * 0.2


def is_link(length: int, linked: int) -> bool:
    """Whether a block is little else than links."""
    return linked > 0.5 * length and length - linked < 60


def measure(nodes: Nodes, blocks: list[RawBlock]) -> Measures:
    """The measures of a page."""
    size = len(nodes)
    values = [value_of(block) for block in blocks]
    sums = Measures(
        values,
        [0] * size,
        [0] * size,
        [0.0] * size,
        [0] * size,
        [0] * size,
        [0] * size,
        list(nodes.picture),
    )
    for block, value in zip(blocks, values, strict=True):
        _count(sums, block, value)

    _add_up(sums, nodes.parent)
    return sums


def _add_up(sums: Measures, parents: list[int]) -> None:
    """Adds every node's measures to its parent's, so that each becomes the sum of its subtree."""
    text, linked, good, links = sums.text, sums.linked, sums.good, sums.links
    headings, paragraphs, pictures = sums.linked_headings, sums.paragraphs, sums.pictures
    for index in range(len(parents) - 1, 0, -1):
        parent = parents[index]
        if text[index]:
            text[parent] += text[index]
            linked[parent] += linked[index]
            good[parent] += good[index]
            links[parent] += links[index]
            headings[parent] += headings[index]
            paragraphs[parent] += paragraphs[index]
        if pictures[index]:
            pictures[parent] = True


def _count(sums: Measures, block: RawBlock, value: float) -> None:
    node, length = block.node, len(block.text)
    sums.text[node] += length
    sums.linked[node] += block.link_chars
    if value > 0:
        sums.good[node] += value
        if value >= 0.5 * length or length > 80:
            sums.paragraphs[node] += block.kind not in ("item", "cell")
    elif block.kind == "heading":
        sums.linked_headings[node] += value < 0
    elif is_link(length, block.link_chars):
        sums.links[node] += 1
