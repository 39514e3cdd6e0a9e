"""Where a left-over text stood in its page: a selector for that element, if the page is still there to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.decode import Refusal, decode
from ingest.digest import digest
from ingest.draft.evidence import BLOCK_TAGS
from ingest.draft.selectors import Selector, selectors_of, with_parent
from ingest.errors import IngestError
from ingest.html import is_too_deep, parse
from ingest.marks.journal import Mark
from ingest.records import RawPage
from ingest.rules.match import check_css
from ingest.sources import find_source, read_source

MAX_RANK = 4
"""Selectors that say less are not proposed."""


def find_drop(mark: Mark) -> str | None:
    """The most telling selector that finds the text's element and nothing else with words."""
    tree = _open(mark)
    if tree is None or tree.body is None:
        return None
    wanted = _folded(mark.text)
    nodes = [node for node in tree.body.css("*") if node.tag in BLOCK_TAGS and _folded(node.text()) == wanted]
    found = {selector for node in nodes for selector in _selectors(node) if selector.rank <= MAX_RANK}
    for selector in sorted(found, key=lambda selector: (selector.rank, len(selector.css), selector.css)):
        if check_css(selector.css) is None and _finds_only(tree, selector.css, wanted):
            return selector.css
    return None


def _open(mark: Mark) -> LexborHTMLParser | None:
    path = Path(mark.source)
    if not path.is_file():
        return None
    try:
        raw = read_source(find_source(path))
    except IngestError:
        return None
    if not isinstance(raw, RawPage) or digest(raw.data) != mark.source_digest:
        return None
    decoded = decode(raw)
    if isinstance(decoded, Refusal) or decoded.media != "html" or is_too_deep(decoded.utf8):
        return None
    return parse(decoded)


def _selectors(node: LexborNode) -> Iterator[Selector]:
    for selector in selectors_of(node):
        yield selector
        yield from with_parent(selector, node)


def _finds_only(tree: LexborHTMLParser, css: str, wanted: str) -> bool:
    nodes = tree.css(css)
    return bool(nodes) and all(_folded(node.text()) in (wanted, "") for node in nodes)


def _folded(text: str) -> str:
    return " ".join(text.split())
