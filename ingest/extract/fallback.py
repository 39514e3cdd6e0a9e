"""A second opinion for pages of which the generic path found little: trafilatura's, told in our own blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from ingest.blocks import RawBlock
from ingest.words import letters

_FURNITURE: Final = [
    "script",
    "style",
    "nav",
    "footer",
    "svg",
    "iframe",
    "button",
    "select",
    "textarea",
    "input",
]
_LARGEST: Final = 1_000_000  # characters; the second opinion on a larger page takes a second
_MOST_SEARCHED: Final = 100_000_000  # characters; hostile pages have many blocks and a long text
_SHORT: Final = 25  # letters; a shorter block must be a line of the text by itself


def read_text(tree: LexborHTMLParser) -> str:
    """trafilatura's text of a page, empty if it finds none. The tree is left as it is."""
    import trafilatura  # a quarter of a second to import, and one page in forty needs it

    copy = LexborHTMLParser(tree.html or "")
    copy.strip_tags(_FURNITURE)
    html = copy.html or ""
    if len(html) > _LARGEST:
        return ""
    try:
        return trafilatura.extract(html, fast=True, include_comments=False, deduplicate=False) or ""
    except Exception:  # a foreign parser on hostile input; without its opinion ours stands
        return ""


def blocks_in(text: str, blocks: Sequence[RawBlock]) -> list[int]:
    """The numbers of the blocks whose letters occur in the text."""
    lines = {letters(line.lstrip("-|")) for line in text.split("\n")}
    whole = letters(text)
    found = []
    searches = _MOST_SEARCHED // (len(whole) + 1)
    for number, block in enumerate(blocks):
        own = letters(block.text)
        if not own:
            continue
        known = own in lines
        if not known and len(own) >= _SHORT and searches > 0:
            known = own in whole
            searches -= 1
        if known:
            found.append(number)
    return found
