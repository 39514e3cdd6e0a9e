"""The texts of a page as they stand together: a word that is in two elements is one word.

groups      the texts between two block elements
units       of a group, those of each block, and others alone
slice_edits what edits to a whole make of one of its texts
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.anonymise.dates import Edit
from ingest.anonymise.words import words
from ingest.words import clean_text

TEXT, COMMENT = "-text", "-comment"
BLOCKS = words(
    """
    div section article main body html header footer nav aside address hgroup center details summary form fieldset
    legend dialog menu search noscript thead tbody tfoot marquee p h1 h2 h3 h4 h5 h6 li dd dt ul ol dl dir blockquote
    pre listing plaintext xmp table tr td th figure figcaption caption title option
    """
)
EMPTIED = words("svg template iframe object canvas math noembed noframes datalist")
VERBATIM = frozenset(("pre", "textarea", "listing", "plaintext", "xmp"))
MAX_PARTS = 12

Member = tuple[LexborNode | None, str]
"""A text with its node; a line break is a text without one."""


def children_of(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes directly in a node."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def groups(tree: LexborHTMLParser) -> Iterator[list[Member]]:
    """The texts of the page, those between two block elements together."""
    group: list[Member] = []
    stack: list[LexborNode | None] = [tree.root]
    while stack:
        node = stack.pop()
        if node is None or node.tag in BLOCKS:
            if any(text.strip() for _, text in group):
                yield group
            elif group:
                yield from ([member] for member in group)
            group = []
            if node is None:
                continue
        tag = node.tag
        if tag == TEXT:
            group.append((node, _squeeze(node.text_content or "", node)))
            continue
        if tag == "br":
            group.append((None, "\n"))
            continue
        if tag in ("script", "style", COMMENT) or tag in EMPTIED:
            continue
        if tag in BLOCKS:
            stack.append(None)
        stack += list(children_of(node))[::-1]
    if group:
        yield group


def units(group: list[Member], blocks: Collection[str]) -> Iterator[list[Member]]:
    """The group as one where it is a block; else the texts of each block together, and others alone."""
    if tidy("".join(text for _, text in group)) in blocks:
        yield group
        return
    start = 0
    while start < len(group):
        ends = range(min(len(group), start + MAX_PARTS), start + 1, -1)
        end = next(
            (e for e in ends if tidy("".join(text for _, text in group[start:e])) in blocks), start + 1
        )
        yield group[start:end]
        start = end


def _squeeze(text: str, node: LexborNode) -> str:
    """A text with each run of white space one space, one line break, or two spaces; verbatim where that counts."""
    parent = node.parent
    if parent is not None and parent.tag in VERBATIM:
        return text
    return re.sub(r"[ \t\r\f]*\n\s*", "\n", re.sub(r"[ \t]{3,}", "  ", text))


def tidy(text: str) -> str:
    """A text as the pipeline's blocks have it."""
    return clean_text(" ".join(text.split()))


def slice_edits(text: str, start: int, edits: Iterable[Edit]) -> str:
    """What edits to a whole make of a part of it that begins at `start`."""
    end = start + len(text)
    pieces, place = [], start
    for edit in edits:
        if edit.end <= start or edit.start >= end:
            continue
        first, last = max(edit.start, start), min(edit.end, end)
        pieces.append(text[place - start : first - start])
        if len(edit.text) == edit.end - edit.start:
            pieces.append(edit.text[first - edit.start : last - edit.start])
        elif first == edit.start:
            pieces.append(edit.text)
        place = last
    return "".join((*pieces, text[place - start :]))
