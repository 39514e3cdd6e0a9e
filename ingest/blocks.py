"""A page's tree as a flat list of blocks, a table of the nodes they stand in, and the pictures between them.

    LexborNode --walk--> Document(nodes, blocks, pictures)

One iterative walk in document order; nothing in the tree is changed. Every visible text under the root is in
exactly one block, furniture included, so that whatever is left out later can be named. Not text: scripts, styles,
templates, vector graphics, frames, comments, fallbacks of media elements, and the readings of ruby.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.records import BlockKind
from ingest.vocabulary import LONGEST_NAMES, NOTHING, NUMBERS, VOCABULARY, judge

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

BODY_HINT: Final = 1
"""The class is one that article bodies carry."""
ARTICLE_BODY: Final = 2
"""The element is marked `itemprop="articleBody"`."""
DECK_HINT: Final = 4
"""The class is one that decks carry."""


class RawBlock(NamedTuple):
    """A paragraph or what stands for one. `text` is never empty; its white space is collapsed, save in `preformatted`.

    `level` is 1-6 for headings, the nesting depth for items. `node` is the index of its node; `link_chars` counts
    the characters of `text` inside links; `flags` are the constants of this module.
    """

    text: str
    kind: BlockKind
    level: int
    node: int
    link_chars: int
    flags: int


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


# ---------------------------------------------------------------- what a tag is

(_INLINE, _SKIP, _LINK, _BOLD, _SPAN, _OPTION, _PICTURE, _MEDIA, _BREAK, _RULE) = range(10)
(_BLOCK, _PARAGRAPH, _HEADING, _ITEM, _LIST, _QUOTE, _PRE, _TABLE, _ROW, _CELL, _FIGURE, _CAPTION) = range(
    10, 22
)
_TEXT: Final = 2

_TAGS_OF_ROLE: dict[int, str] = {
    _SKIP: "script style template svg iframe head title link meta base source track param embed area applet object "
    "canvas frame frameset noframes noembed progress meter input datalist rt rp col colgroup",
    _LINK: "a",
    _BOLD: "b strong",
    _SPAN: "span small button label select textarea output",
    _OPTION: "option optgroup",
    _PICTURE: "img image",
    _MEDIA: "video audio",
    _BREAK: "br",
    _RULE: "hr",
    _BLOCK: "div section article main body html header footer nav aside address hgroup center details summary form "
    "fieldset legend dialog menu search noscript thead tbody tfoot marquee",
    _PARAGRAPH: "p",
    _HEADING: "h1 h2 h3 h4 h5 h6",
    _ITEM: "li dd dt",
    _LIST: "ul ol dl dir",
    _QUOTE: "blockquote",
    _PRE: "pre listing plaintext xmp",
    _TABLE: "table",
    _ROW: "tr",
    _CELL: "td th",
    _FIGURE: "figure",
    _CAPTION: "figcaption caption",
}
_TAGS_OF_CATEGORY: dict[str, str] = {
    "navigation": "nav menu",
    "footer": "footer",
    "control": "button label legend select textarea output",
    "form": "form fieldset",
    "aside": "aside",
    "noscript": "noscript",
    "invisible": "dialog",
}
_factory = LexborHTMLParser("")


def tag_id(name: str) -> int:
    """Lexbor's number of an HTML tag."""
    return _factory.create_node(name).tag_id


_TAG_LIMIT: Final = 512  # above every HTML tag; a custom element's tag id is an address, far above
_ROLES = [_INLINE] * _TAG_LIMIT
_CATEGORIES = [0] * _TAG_LIMIT
for _role, _names in _TAGS_OF_ROLE.items():
    for _name in _names.split():
        _ROLES[tag_id(_name)] = _role
for _category, _names in _TAGS_OF_CATEGORY.items():
    for _name in _names.split():
        _CATEGORIES[tag_id(_name)] = NUMBERS[_category]
TAG_NAMES: dict[int, str] = {tag_id(name): name for names in _TAGS_OF_ROLE.values() for name in names.split()}

_HEADING_LEVELS = {tag_id(f"h{level}"): level for level in range(1, 7)}
_OL: Final = tag_id("ol")
_H1: Final = tag_id("h1")
_ASIDE: Final = tag_id("aside")
_DETAILS: Final = NUMBERS["details"]
_ROLE: Final = NUMBERS["role"]
_INVISIBLE: Final = NUMBERS["invisible"]
_NOSCRIPT: Final = NUMBERS["noscript"]
_WHOLE: Final = frozenset({NUMBERS["navigation"], NUMBERS["footer"]})  # one block each, with all they hold
_PLAIN_FURNITURE: Final = frozenset(
    NUMBERS[name]
    for name in (
        "interface",
        "role",
        "sidebar",
        "share",
        "newsletter",
        "advert",
        "cookie",
        "related",
        "comments",
        "poll",
    )
)
"""One block each where they say little but links: menus and bars, half of a usual page."""
_LITTLE: Final = 200  # characters outside links
_SHORT: Final = 80  # characters of one text: labels are shorter, paragraphs longer
_MOST_SCANS: Final = 500  # looks into elements that turn out to hold more; bounds the time of a hostile page
_ANY: Final = 1 << 30
_MOST_NODES: Final = 3_000  # nodes of one look
_TELLING: Final = frozenset({"itemprop", "style", "hidden", "aria-hidden", "role"})
_STYLED_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:\s*rect\(0", re.IGNORECASE)
_LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")
_FEWEST_QUESTIONS: Final = 3
# Characters; a longer cell makes its row part of the page's layout, not of a data table. Layouts seldom have rows of
# three cells and more, so those may hold more.
_LONGEST_CELL: Final = 300
_LONGEST_CELL_OF_MANY: Final = 1000


class _Scan(NamedTuple):
    """What stands in an element that becomes one block. `linked` counts the characters in links."""

    text: str
    linked: int
    pictures: list[LexborNode]


class _Style(NamedTuple):
    """What the text of an open element becomes; most elements share their parent's."""

    kind: BlockKind
    level: int
    flags: int
    depth: int
    part: BlockKind | None


def walk(
    root: LexborNode,
    marks: Mapping[int, int] | None = None,
    *,
    around: Collection[int] = (),
    links: bool = False,
) -> Document:
    """The blocks, nodes and pictures under `root`, in document order.

    `marks` gives a number above 0 to nodes by their `mem_id`; `Nodes.mark` carries it to all that they hold. With
    `around`, the `mem_id` of every element that holds a marked one, what lies outside is told in a few large blocks.
    With `links` the document also says where in each block's text its links are.
    """
    walker = _Walker(root, marks or {}, around, links)
    walker.run(root)
    return walker.document()


class _Walker:
    def __init__(
        self, root: LexborNode, marks: Mapping[int, int], around: Collection[int], links: bool
    ) -> None:
        self.marks = marks
        self.around = around
        self.entered = False
        self.nodes: list[NodeRow] = [(-1, root.tag_id, 0, 0, marks.get(root.mem_id, 0), "")]
        self.blocks: list[RawBlock] = []
        self.pictures: list[Picture] = []
        self.with_picture: set[int] = set()
        self.ids: dict[int, str] = {}
        self.places: dict[int, int] = {}
        self.links: dict[int, list[Link]] = {}
        self.node = 0
        self.style = _Style("paragraph", 0, 0, 0, None)
        self.buffer: list[str] = []
        self.link_chars = 0
        self.bold_chars = 0
        self.parted = False
        self.spaced = False
        self.rows: list[list[int]] = []
        self.anchors: list[tuple[int, int, str]] | None = [] if links else None
        self.open_link: tuple[int, str] | None = None
        self.scans = _MOST_SCANS

    def document(self) -> Document:
        return Document(
            Nodes.of(self.nodes, self.with_picture),
            mark_questions(settle_cells(self.blocks)),
            self.pictures,
            self.links,
            self.ids,
            self.places,
        )

    def run(self, root: LexborNode) -> None:
        # An element with children is pushed with its role and, if it opened a node of its own, the node and style to
        # go back to when it closes.
        stack: list[tuple[LexborNode, int, int, _Style | None]] = []
        buffer, marks, roles = self.buffer, self.marks, _ROLES
        linked = bold = breaks = 0
        node = root.first_child
        while True:
            while node is not None:
                tag = node.tag_id
                if tag == _TEXT:
                    text = node.text_content or ""
                    if not text or text.isspace():
                        if buffer:
                            buffer.append(" ")
                        else:
                            self.spaced = True
                    else:
                        buffer.append(text)
                        breaks = 0
                        if linked:
                            self.link_chars += len(text.strip())
                        if bold:
                            self.bold_chars += len(text.strip())
                    node = node.next
                    continue
                role = roles[tag] if tag < _TAG_LIMIT else _SPAN
                outer, style = -1, None
                if role >= _BLOCK:
                    outer, style = self.node, self.style
                    if buffer or self.parted:
                        self.flush(False)
                    if self.open_block(node, tag, role):
                        role = _SKIP
                elif role == _SKIP:
                    node = node.next
                    continue
                elif role >= _OPTION:
                    if role == _BREAK:
                        breaks += 1
                        if buffer:
                            buffer.append("\n")
                    if role == _RULE or breaks > 1:
                        self.flush(False)
                    elif role == _OPTION:
                        buffer.append(" ")
                    elif role == _PICTURE:
                        self.add_picture(node)
                    elif role == _MEDIA:
                        self.with_picture.add(self.node)
                        role = _SKIP
                elif (role == _SPAN or (marks and node.mem_id in marks)) and self.opens_node(node, tag):
                    outer, style = self.node, self.style
                    self.open_inline(node, tag)
                elif role == _LINK:
                    linked += 1
                    self.start_link(node)
                elif role == _BOLD:
                    bold += 1
                child = node.first_child if role != _SKIP else None
                if child is None and outer < 0 and role != _LINK and role != _BOLD:
                    node = node.next
                    continue
                stack.append((node, role, outer, style))
                node = child
            if not stack:
                break
            node, role, outer, style = stack.pop()
            if style is not None:
                if buffer or self.parted:
                    self.flush(role < _BLOCK)
                if role == _ROW:
                    self.close_row()
                self.node, self.style = outer, style
                breaks = 0
            elif role == _LINK:
                linked -= 1
                self.end_link()
            elif role == _BOLD:
                bold -= 1
            node = node.next
        self.flush(False)

    # ------------------------------------------------ elements

    def open_block(self, node: LexborNode, tag: int, role: int) -> bool:
        """Opens a node of its own; whether all of its text is taken already."""
        attributes = node.attributes
        if attributes:
            category, hint, part, names = judge_element(attributes, tag)
            if "id" in attributes and (identity := attributes["id"]):
                self.ids[len(self.nodes)] = identity
        else:
            category, hint, part, names = _CATEGORIES[tag], 0, None, ""
        if category and (role == _QUOTE or (role == _HEADING and category == _DETAILS)):
            category = 0  # quotes are the article's; a live blog's headings carry their time
        self.add_node(node, tag, category, hint, names)
        if role > _PARAGRAPH or part or self.style.kind == "cell":
            self.style = self.restyle(tag, role, part)
        if self.around:
            return self.take_outside(node)
        if category and not self.marks:
            if category in _WHOLE:
                return self.take(self.scan(node), all_linked=True)
            if category in _PLAIN_FURNITURE and self.scans:
                return self.take(self.scan(node, _LITTLE, _SHORT))
        return False

    def take_outside(self, node: LexborNode) -> bool:
        """Takes an element outside the marked ones whole; before them, what may be the article's headline or lead
        picture is looked at."""
        if self.nodes[self.node][4]:
            self.entered = True
            return False
        if node.mem_id in self.around or (not self.entered and not self.scans):
            return False
        return self.take(self.scan(node) if self.entered else self.scan(node, _ANY, _ANY))

    def scan(self, root: LexborNode, little: int = 0, short: int = 0) -> _Scan | None:
        """All that stands in an element; with limits None where more than `little` characters stand outside links, in
        one text more than `short`, or there is what has to be looked at piece by piece."""
        texts: list[str] = []
        pictures: list[LexborNode] = []
        linked = plain = seen = 0
        stack: list[LexborNode] = []
        link = -1  # how many elements are open around the link that is
        node = root.first_child
        while True:
            while node is not None:
                tag = node.tag_id
                if tag == _TEXT:
                    text = node.text_content or ""
                    texts.append(text)
                    size = len(text.strip())
                    if link >= 0:
                        linked += size
                    elif size:
                        plain += size
                        if little and (plain > little or size > short):
                            self.scans -= 1
                            return None
                    node = node.next
                    continue
                role = _ROLES[tag] if tag < _TAG_LIMIT else _SPAN
                if role == _PICTURE:
                    pictures.append(node)
                elif little and (role >= _FIGURE or (role == _HEADING and tag == _H1) or seen > _MOST_NODES):
                    self.scans -= 1
                    return None
                seen += 1
                child = node.first_child if role != _SKIP else None
                if child is None:
                    node = node.next
                    continue
                if role == _LINK and link < 0:
                    link = len(stack)
                stack.append(node)
                node = child
            if not stack:
                return _Scan(" ".join(texts), linked, pictures)
            node = stack.pop().next
            if link == len(stack):
                link = -1

    def take(self, found: _Scan | None, *, all_linked: bool = False) -> bool:
        """Makes one block of what was found, if anything was."""
        if found is None:
            return False
        for picture in found.pictures:
            self.add_picture(picture)
        self.buffer.append(found.text)
        self.link_chars = len(found.text) if all_linked else found.linked
        self.style, style = self.style._replace(flags=self.style.flags | WHOLE), self.style
        self.flush(False)
        self.style = style
        return True

    def add_node(self, node: LexborNode, tag: int, category: int, hint: int, names: str) -> None:
        identity, nodes = node.mem_id, self.nodes
        index = len(nodes)
        mark = self.marks.get(identity) or nodes[self.node][4] if self.marks else 0
        self.places[identity] = index
        nodes.append((self.node, tag, category, hint, mark, names))
        self.node = index

    def restyle(self, tag: int, role: int, part: BlockKind | None) -> _Style:
        """What text becomes in an element of another kind than those around it."""
        style = self.style
        kind, level, flags, depth = style.kind, style.level, style.flags, style.depth
        part = style.part or part
        if role in (_BLOCK, _PARAGRAPH):
            kind = "paragraph" if kind == "cell" else kind
        elif role == _HEADING:
            kind, level = "heading", _HEADING_LEVELS[tag]
        elif role == _LIST:
            depth += 1
            flags = (flags | IN_LIST | ORDERED) if tag == _OL else ((flags | IN_LIST) & ~ORDERED)
        elif role == _ITEM:
            kind, level = "item", depth or 1
        elif role == _QUOTE:
            kind, level, flags = "quote", 0, (flags | IN_QUOTE) & ~IN_FIGURE
        elif role == _PRE:
            kind, level = "preformatted", 0
        elif role == _TABLE:
            kind, level, flags = "paragraph", 0, (flags | IN_TABLE) & ~IN_FIGURE
        elif role == _ROW:
            self.rows.append([])
        elif role == _CELL:
            kind, level = "cell", 0
            if self.rows:
                self.rows[-1].append(len(self.blocks))
        elif role == _FIGURE:
            flags |= IN_FIGURE
        elif role == _CAPTION:
            part = "caption"
        return _Style(part or kind, level, flags, depth, part)

    def opens_node(self, node: LexborNode, tag: int) -> bool:
        """Whether an inline element has a verdict of its own, and its text must be a block by itself."""
        if tag < _TAG_LIMIT and _CATEGORIES[tag]:
            return True
        if self.marks and node.mem_id in self.marks:
            return True
        attributes = node.attributes
        if not attributes:
            return False
        own = attributes.get("class")
        if own and (category := judge(own).category) and category != _DETAILS:
            return True
        return not _TELLING.isdisjoint(attributes) and is_hidden(attributes)

    def open_inline(self, node: LexborNode, tag: int) -> None:
        self.flush(True)
        category, hint, part, names = judge_element(node.attributes, tag if tag < _TAG_LIMIT else 0)
        self.add_node(node, tag, category, hint, names)
        if part and not self.style.part:
            self.style = self.style._replace(kind=part, part=part)

    def add_picture(self, node: LexborNode) -> None:
        self.with_picture.add(self.node)
        attributes = node.attributes
        url = None
        for name in _LAZY_SOURCES:
            if (value := attributes.get(name)) and (addresses := value.split(None, 1)):
                url = addresses[0].rstrip(",")
                break
        self.pictures.append(Picture(url, attributes.get("alt") or None, self.node, len(self.blocks)))

    # ------------------------------------------------ links

    def start_link(self, node: LexborNode) -> None:
        if self.anchors is not None and (url := node.attributes.get("href")):
            self.open_link = (len(self.buffer), url)

    def end_link(self) -> None:
        if self.anchors is not None and self.open_link is not None:
            start, url = self.open_link
            self.anchors.append((start, len(self.buffer), url))
            self.open_link = None

    def place_links(self, text: str) -> None:
        """Turns the link positions in the buffer into positions in the block's text."""
        assert self.anchors is not None
        if self.open_link is not None:
            self.anchors.append((self.open_link[0], len(self.buffer), self.open_link[1]))
            self.open_link = (0, self.open_link[1])
        found = []
        end = 0
        offsets = collapsed_offsets(self.buffer)
        for first, last, url in self.anchors:
            label = " ".join("".join(self.buffer[first:last]).split())
            start = text.find(label, max(end, offsets[first])) if label else -1
            if start >= 0:
                end = start + len(label)
                found.append(Link(start, end, url))
        self.anchors.clear()
        if found:
            self.links[len(self.blocks)] = found

    # ------------------------------------------------ blocks

    def flush(self, parted: bool) -> None:
        """Ends a block. `parted`: an inline element with a node of its own begins or ends here."""
        buffer = self.buffer
        if not buffer:
            self.parted = self.parted and parted
            return
        raw = "".join(buffer)
        style = self.style
        text = raw.strip("\n\r").rstrip() if style.kind == "preformatted" else " ".join(raw.split())
        if text:
            flags = style.flags
            if self.parted:
                flags |= CONTINUES if self.spaced or raw[0].isspace() else CONTINUES | GLUED
            if self.bold_chars and self.bold_chars >= 0.95 * len(text):
                flags |= BOLD
            if self.anchors is not None:
                self.place_links(text)
            linked = self.link_chars if self.link_chars < len(text) else len(text)
            self.blocks.append(RawBlock(text, style.kind, style.level, self.node, linked, flags))
            self.parted = parted
            self.spaced = raw[-1].isspace()
        else:
            self.parted = self.parted and parted
            self.spaced = True
        buffer.clear()
        self.link_chars = self.bold_chars = 0

    def close_row(self) -> None:
        """Joins a data row's cells into one block; a layout row's cells hold paragraphs."""
        starts = self.rows.pop()
        blocks = self.blocks
        filled = [start for start, end in pairwise([*starts, len(blocks)]) if start < end]
        if len(filled) < 2 or len(filled) != len(blocks) - filled[0]:
            return
        cells = blocks[filled[0] :]
        longest = _LONGEST_CELL if len(cells) == 2 else _LONGEST_CELL_OF_MANY
        if all(len(cell.text) <= longest and self.is_plain_cell(cell) for cell in cells):
            self.join_cells(filled[0], cells)

    def is_plain_cell(self, cell: RawBlock) -> bool:
        return (
            cell.kind in ("cell", "paragraph")
            and not self.nodes[cell.node][2]
            and self.nodes[cell.node][4] == self.nodes[self.node][4]
        )

    def join_cells(self, first: int, cells: list[RawBlock]) -> None:
        text = " | ".join(cell.text for cell in cells)
        linked = sum(cell.link_chars for cell in cells)
        kind = self.style.part or "cell"
        self.blocks[first:] = [RawBlock(text, kind, 0, self.node, linked, self.style.flags)]
        pictures = self.pictures
        for index in range(len(pictures) - 1, -1, -1):
            if pictures[index].place <= first + 1:
                break
            pictures[index] = pictures[index]._replace(place=first + 1)
        if self.anchors is not None:
            self.join_links(first, cells)

    def join_links(self, first: int, cells: list[RawBlock]) -> None:
        joined = []
        offset = 0
        for number, cell in enumerate(cells, first):
            for link in self.links.pop(number, ()):
                joined.append(Link(link.start + offset, link.end + offset, link.url))
            offset += len(cell.text) + len(" | ")
        if joined:
            self.links[first] = joined


def collapsed_offsets(pieces: Sequence[str]) -> list[int]:
    """How long the text before each piece is, and at last all of it, once white space is collapsed."""
    offsets = [0]
    size, spaced = 0, False
    for piece in pieces:
        words = piece.split()
        if words:
            size += len(" ".join(words)) + bool(size and (spaced or piece[0].isspace()))
            spaced = piece[-1].isspace()
        else:
            spaced = True
        offsets.append(size)
    return offsets


def settle_cells(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks, those made `paragraph` that stand in one table cell with others, or are too long for data."""
    cells = Counter(block.node for block in blocks if block.kind == "cell")
    for number, block in enumerate(blocks) if cells else ():
        if block.kind == "cell" and (cells[block.node] > 1 or _is_text(block)):
            blocks[number] = block._replace(kind="paragraph")
    return blocks


def _is_text(cell: RawBlock) -> bool:
    return len(cell.text) > _LONGEST_CELL and " | " not in cell.text


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


def judge_element(attributes: Mapping[str, str | None], tag: int) -> tuple[int, int, BlockKind | None, str]:
    """Category, hint, kind of part and names of an element, by its attributes and tag."""
    own = attributes.get("class")
    if own and len(attributes) == 1 and len(own) <= LONGEST_NAMES:
        return _judge_class(own, tag)
    return _judge_attributes(attributes, tag)


@lru_cache(maxsize=1 << 15)  # most elements have a class and nothing else, and pages of a site share them
def _judge_class(names: str, tag: int) -> tuple[int, int, BlockKind | None, str]:
    return _judge_attributes({"class": names}, tag)


def _judge_attributes(
    attributes: Mapping[str, str | None], tag: int
) -> tuple[int, int, BlockKind | None, str]:
    own = attributes.get("class")
    category, body, deck, part = judge(own) if own else NOTHING
    hint = BODY_HINT if body else DECK_HINT if deck else 0
    if len(attributes) > 1 or not own:
        identity = attributes.get("id")
        if identity and not category:
            category, body, _, _ = judge(identity)
            hint = (hint & ~BODY_HINT) if category else (BODY_HINT if body else hint)
        own = own or identity
        if not _TELLING.isdisjoint(attributes):
            if "articlebody" in (attributes.get("itemprop") or "").lower():
                return 0, ARTICLE_BODY, None, own or ""
            if is_hidden(attributes):
                category = _INVISIBLE
            if attributes.get("role") in VOCABULARY.roles:
                category = _ROLE
    by_tag = _CATEGORIES[tag]
    if by_tag and (by_tag == _NOSCRIPT or (not category and not (hint and tag == _ASIDE))):
        category = by_tag
    return category, hint, part, own or ""


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element's own attributes take it out of sight."""
    style = attributes.get("style")
    if style and _STYLED_AWAY.search(style):
        return True
    return "hidden" in attributes or attributes.get("aria-hidden") == "true"
