"""An HTML tree as blocks and a table of nodes.

    LexborNode --walk--> Document(nodes, blocks, pictures)

One iterative walk in document order; nothing in the tree is changed. Every visible text under the root is in
exactly one block, furniture included, so that whatever is left out later can be named. Not text: scripts, styles,
templates, vector graphics, frames, comments, fallbacks of media elements, and the readings of ruby.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from ingest.blocks import (
    BOLD,
    CONTINUES,
    GLUED,
    IN_FIGURE,
    IN_LIST,
    IN_QUOTE,
    IN_TABLE,
    ORDERED,
    SENTENCE_ENDS,
    WHOLE,
    Document,
    Link,
    NodeRow,
    Nodes,
    Picture,
    RawBlock,
    can_be_subhead,
)
from ingest.elements import (
    BLOCK,
    BREAK,
    CAPTION,
    CATEGORIES,
    CELL,
    DETAILS,
    FIGURE,
    H1,
    HEADING,
    HEADING_LEVELS,
    ITEM,
    LINK,
    LIST,
    MEDIA,
    OL,
    OPTION,
    PARAGRAPH,
    PICTURE,
    PRE,
    QUOTE,
    ROLES,
    ROW,
    RULE,
    SKIP,
    SPAN,
    STRONG,
    TABLE,
    TAG_LIMIT,
    TELLING,
    TEXT,
    is_hidden,
    judge_element,
)
from ingest.records import BlockKind
from ingest.settle import LONGEST_CELL, settle
from ingest.vocabulary import NUMBERS, judge

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
_MUCH: Final = 1_000  # characters outside links, beside an h1; navigation never says as much
_SHORT: Final = 80  # characters of one text: labels are shorter, paragraphs longer
_LONG: Final = 100  # characters of one text; links seldom say as much, anchors that were never closed do
_MOST_SCANS: Final = 500  # looks into elements that turn out to hold more; bounds the time of a hostile page
_ANY: Final = 1 << 30
_MOST_NODES: Final = 3_000  # nodes of one look
_LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")
_BOLD_SHARE: Final = 0.95  # of the characters of a bold line
_LONG_SENTENCE: Final = 80  # characters
_MOST_SUBHEAD_PIECES: Final = 8  # texts and blanks; what is looked at before each line break stays little
# Characters; a longer cell makes its row part of the page's layout, not of a data table. Layouts seldom have rows of
# three cells and more, so those may hold more.
_LONGEST_CELL_OF_MANY: Final = 1000


class _Scan(NamedTuple):
    """What stands in an element that becomes one block. `plain` and `linked` count characters outside links and in
    them."""

    text: str
    plain: int
    linked: int
    pictures: list[LexborNode]
    titled: bool  # by an h1


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
            settle(self.blocks, self.nodes),
            self.pictures,
            self.links,
            self.ids,
            self.places,
        )

    def run(self, root: LexborNode) -> None:
        # An element with children is pushed with its role and, if it opened a node of its own, the node and style to
        # go back to when it closes.
        stack: list[tuple[LexborNode, int, int, _Style | None]] = []
        buffer, marks, roles = self.buffer, self.marks, ROLES
        linked = bold = breaks = 0
        link = root
        node = root.first_child
        while True:
            while node is not None:
                tag = node.tag_id
                if tag == TEXT:
                    text = node.text_content or ""
                    if not text or text.isspace():
                        if buffer:
                            buffer.append(" ")
                        else:
                            self.spaced = True
                    else:
                        buffer.append(text)
                        breaks = 0
                        if linked and (len(text) < _LONG or not _is_place(link)):
                            self.link_chars += len(text.strip())
                        if bold:
                            self.bold_chars += len(text.strip())
                    node = node.next
                    continue
                role = roles[tag] if tag < TAG_LIMIT else SPAN
                outer, style = -1, None
                if role >= BLOCK:
                    outer, style = self.node, self.style
                    if buffer or self.parted:
                        self.flush(False)
                    if self.open_block(node, tag, role):
                        role = SKIP
                elif role == SKIP:
                    node = node.next
                    continue
                elif role >= OPTION:
                    if role == BREAK:
                        breaks += 1
                        if buffer and ((self.bold_chars and self.is_subhead()) or self.ends_paragraph(node)):
                            self.flush(False)
                        elif buffer:
                            buffer.append("\n")
                    if role == RULE or breaks > 1:
                        self.flush(False)
                    elif role == OPTION:
                        buffer.append(" ")
                    elif role == PICTURE:
                        self.add_picture(node)
                    elif role == MEDIA:
                        self.with_picture.add(self.node)
                        role = SKIP
                elif (role == SPAN or (marks and node.mem_id in marks)) and self.opens_node(node, tag):
                    outer, style = self.node, self.style
                    self.open_inline(node, tag)
                elif role == LINK:
                    linked += 1
                    link = node
                    self.start_link(node)
                elif role == STRONG:
                    bold += 1
                child = node.first_child if role != SKIP else None
                if child is None and outer < 0 and role != LINK and role != STRONG:
                    node = node.next
                    continue
                stack.append((node, role, outer, style))
                node = child
            if not stack:
                break
            node, role, outer, style = stack.pop()
            if style is not None:
                if buffer or self.parted:
                    self.flush(role < BLOCK)
                if role == ROW:
                    self.close_row()
                self.node, self.style = outer, style
                breaks = 0
            elif role == LINK:
                linked -= 1
                self.end_link()
            elif role == STRONG:
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
            category, hint, part, names = CATEGORIES[tag], 0, None, ""
        if category and (role == QUOTE or (role == HEADING and category == DETAILS)):
            category = 0  # quotes are the article's; a live blog's headings carry their time
        self.add_node(node, tag, category, hint, names)
        if role > PARAGRAPH or part or self.style.kind == "cell":
            self.style = self.restyle(tag, role, part)
        if self.around:
            return self.take_outside(node)
        if category and not self.marks:
            if category in _WHOLE:
                return self.take_whole(self.scan(node))
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
        titled = False
        stack: list[LexborNode] = []
        link = -1  # how many elements are open around the link that is
        node = root.first_child
        while True:
            while node is not None:
                tag = node.tag_id
                if tag == TEXT:
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
                role = ROLES[tag] if tag < TAG_LIMIT else SPAN
                if role == PICTURE:
                    pictures.append(node)
                elif little and (role >= FIGURE or (role == HEADING and tag == H1) or seen > _MOST_NODES):
                    self.scans -= 1
                    return None
                elif tag == H1:
                    titled = True
                seen += 1
                child = node.first_child if role != SKIP else None
                if child is None:
                    node = node.next
                    continue
                if role == LINK and link < 0:
                    link = len(stack)
                stack.append(node)
                node = child
            if not stack:
                return _Scan(" ".join(texts), plain, linked, pictures, titled)
            node = stack.pop().next
            if link == len(stack):
                link = -1

    def take_whole(self, found: _Scan | None) -> bool:
        """Takes what was found in navigation or a footer, unless that was never closed and holds the article."""
        if found and found.titled and found.plain > _MUCH and self.scans:
            self.scans //= 2  # each look goes over all that is left of the page
            return False
        return self.take(found, all_linked=True)

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
        if role in (BLOCK, PARAGRAPH):
            kind = "paragraph" if kind == "cell" else kind
        elif role == HEADING:
            kind, level = "heading", HEADING_LEVELS[tag]
        elif role == LIST:
            depth += 1
            flags = (flags | IN_LIST | ORDERED) if tag == OL else ((flags | IN_LIST) & ~ORDERED)
        elif role == ITEM:
            kind, level = "item", depth or 1
        elif role == QUOTE:
            kind, level, flags = "quote", 0, (flags | IN_QUOTE) & ~IN_FIGURE
        elif role == PRE:
            kind, level = "preformatted", 0
        elif role == TABLE:
            kind, level, flags = "paragraph", 0, (flags | IN_TABLE) & ~IN_FIGURE
        elif role == ROW:
            self.rows.append([])
        elif role == CELL:
            kind, level = "cell", 0
            if self.rows:
                self.rows[-1].append(len(self.blocks))
        elif role == FIGURE:
            flags |= IN_FIGURE
        elif role == CAPTION:
            part = "caption"
        return _Style(part or kind, level, flags, depth, part)

    def opens_node(self, node: LexborNode, tag: int) -> bool:
        """Whether an inline element has a verdict of its own, and its text must be a block by itself."""
        if tag < TAG_LIMIT and CATEGORIES[tag]:
            return True
        if self.marks and node.mem_id in self.marks:
            return True
        attributes = node.attributes
        if not attributes:
            return False
        own = attributes.get("class")
        if own and (category := judge(own).category) and category != DETAILS:
            return True
        return not TELLING.isdisjoint(attributes) and is_hidden(attributes)

    def open_inline(self, node: LexborNode, tag: int) -> None:
        self.flush(True)
        category, hint, part, names = judge_element(node.attributes, tag if tag < TAG_LIMIT else 0)
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
            if self.bold_chars and self.bold_chars >= _BOLD_SHARE * len(text):
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

    def is_subhead(self) -> bool:
        """Whether the text so far is a bold line of its own: a heading above a line break."""
        if self.style.kind != "paragraph" or len(self.buffer) > _MOST_SUBHEAD_PIECES:
            return False
        text = " ".join("".join(self.buffer).split())
        return self.bold_chars >= _BOLD_SHARE * len(text) and can_be_subhead(text)

    def ends_paragraph(self, line_break: LexborNode) -> bool:
        """Whether a line break parts two sentences that are long for lines of verse, of an address or a caption."""
        text = self.buffer[-1].rstrip()
        if len(text) < _LONG_SENTENCE or text[-1] not in SENTENCE_ENDS or self.style.kind != "paragraph":
            return False
        after = line_break.next
        while after is not None and after.tag_id == TEXT and (after.text_content or "").isspace():
            after = after.next
        return after is not None and len(after.text(deep=False).strip()) >= _LONG_SENTENCE

    def close_row(self) -> None:
        """Joins a data row's cells into one block; a layout row's cells hold paragraphs."""
        starts = self.rows.pop()
        blocks = self.blocks
        filled = [start for start, end in pairwise([*starts, len(blocks)]) if start < end]
        if len(filled) < 2 or len(filled) != len(blocks) - filled[0]:
            return
        cells = blocks[filled[0] :]
        longest = LONGEST_CELL if len(cells) == 2 else _LONGEST_CELL_OF_MANY
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


def _is_place(link: LexborNode) -> bool:
    """Whether an `a` is a place to jump to, `<a name="part">`, and leads nowhere itself."""
    attributes = link.attributes
    return "href" not in attributes and ("name" in attributes or "id" in attributes)
