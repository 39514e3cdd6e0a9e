"""A page's text as a flat list of blocks, a table of the nodes they stand in, and the pictures between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ingest.records import BlockKind

IN_QUOTE: Final = 1
IN_FIGURE: Final = 2
IN_TABLE: Final = 4
IN_LIST: Final = 8
ORDERED: Final = 16
"""An item of a numbered list."""
BOLD: Final = 32
"""Wholly bold."""
CONTINUES: Final = 64
"""Goes on in the paragraph of the block before: an inline element with a verdict of its own parted them."""
GLUED: Final = 128
"""No white space parts it from the block before."""
WHOLE: Final = 256
"""All that stands in an element of furniture: many short texts, mostly links."""

SENTENCE_ENDS: Final = frozenset(".!?\"”’…»:)。！？'“；;」』।؟۔")

SHORTEST_TEXT: Final = 600  # characters
_FEWEST_PARAGRAPHS: Final = 4
_MEAN_PARAGRAPH: Final = 100  # characters


class RawBlock(NamedTuple):
    """A paragraph or what stands for one. `text` is never empty; its white space is collapsed, save in `preformatted`.

    `level` is 1-6 for headings, the nesting depth for items. `node` is the index of its node; `link_chars` counts
    the characters of `text` inside links; `flags` are the constants above.
    """

    text: str
    kind: BlockKind
    level: int
    node: int
    link_chars: int
    flags: int


LONGEST_SUBHEAD: Final = 100  # characters
_NO_SUBHEAD_END: Final = frozenset(".:;,…。：")


def can_be_subhead(text: str) -> bool:
    """Whether a bold line is short enough for a subhead, and no sentence or lead-in."""
    return 0 < len(text) <= LONGEST_SUBHEAD and text[-1] not in _NO_SUBHEAD_END


class Picture(NamedTuple):
    """An image; `place` is the number of blocks before it. `url` is as written in the page."""

    url: str | None
    alt: str | None
    node: int
    place: int


class Link(NamedTuple):
    """A link inside a block's text, from `start` to `end`."""

    start: int
    end: int
    url: str


NodeRow = tuple[int, int, int, int, int, str]
"""One element of `Nodes`: parent, tag, category, hint, mark, names."""


@dataclass(slots=True)
class Nodes:
    """The elements that hold blocks, as parallel lists; 0 is the root, parents come before their children.

    `tag` is Lexbor's tag id, `category` a number of `vocabulary.NAMES`, `hint` a sum of the hint constants,
    `mark` the element's own mark or the nearest ancestor's (0 for none), `names` the class or id as written,
    `picture` whether an image stands directly in it, `end` the index behind the last node under it.
    """

    parent: list[int]
    tag: list[int]
    category: list[int]
    hint: list[int]
    mark: list[int]
    names: list[str]
    picture: list[bool]
    end: list[int]

    @classmethod
    def of(cls, rows: Sequence[NodeRow], pictures: Iterable[int] = ()) -> Nodes:
        """The table of some rows, the root first, and the indices of those that hold images."""
        parent, tag, category, hint, mark, names = (list(column) for column in zip(*rows, strict=True))
        picture = [False] * len(rows)
        for index in pictures:
            picture[index] = True
        end = list(range(1, len(rows) + 1))
        for index in range(len(rows) - 1, 0, -1):
            if end[index] > end[parent[index]]:
                end[parent[index]] = end[index]
        return cls(parent, tag, category, hint, mark, names, picture, end)

    def __len__(self) -> int:
        return len(self.parent)


def make_a_text(sizes: Sequence[float], least: float = SHORTEST_TEXT) -> bool:
    """Whether paragraphs of such sizes, in characters, make up a text where they stand side by side without links:
    they are at least four and long. Teasers, captions and the hints of a form are not."""
    return len(sizes) >= _FEWEST_PARAGRAPHS and sum(sizes) > max(least, _MEAN_PARAGRAPH * len(sizes))


@dataclass(slots=True)
class Document:
    nodes: Nodes
    blocks: list[RawBlock]
    pictures: list[Picture]
    links: dict[int, list[Link]]
    """Links by block number; empty unless the walk was asked for them."""
    ids: dict[int, str] = field(default_factory=dict)
    """The ids of nodes that have one, by the node's index."""
    places: dict[int, int] = field(default_factory=dict)
    """The index of each node by the element's `mem_id`."""
