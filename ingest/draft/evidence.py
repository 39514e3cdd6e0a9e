"""What one page says about its site: its blocks, the element each stands in, and which of them are the article's.

The article's blocks are those the generic extractor keeps or, where the page's structured data holds the article's
text and mostly agrees, those found in there: then they are certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

import ingest.html as html
from ingest.article import Article
from ingest.decode import Refusal, decode
from ingest.describe.facts import article_body
from ingest.describe.url import find_address, host_of
from ingest.extract.generic import OUT_OF_BODY
from ingest.labels import Label
from ingest.pipeline import Refused, read_article
from ingest.records import RawPage
from ingest.rules import Rulebook
from ingest.structured import Structured, plain, read_structured
from ingest.walk import walk
from ingest.words import count_words, letters

MIN_LETTERS = 20
"""A shorter block says little: it is not looked for in the structured data, nor counted in agreement."""

TRUSTED_SHARE = 0.6
"""The structured data's text is believed when so much of what the generic extractor keeps is in it."""

MAX_BODY_CHARS = 400_000

_TAGS = (
    "div section article main header footer nav aside hgroup center details summary form fieldset figure figcaption "
    "p h1 h2 h3 h4 h5 h6 ul ol dl li dd dt blockquote table tbody tr td th pre address"
)
BLOCK_TAGS = frozenset(_TAGS.split())


class Piece(NamedTuple):
    """A block of a page. `element` is its number in the page's elements (-1: none); `label` is the generic verdict
    where the block is in the article's scope, `in_scope` whether it is. `is_deck` says that it is the page's deck,
    a heading that the generic extractor keeps; it is not wanted then."""

    text: str
    key: str
    words: int
    element: int
    wanted: bool
    in_scope: bool
    label: Label | None
    is_deck: bool = False


class Page(NamedTuple):
    """A page as it speaks for its site. `tree` and `elements` are empty for text pages.

    `parents` has the number of each element's parent in `elements`, -1 at the top. `certain` says that `wanted`
    comes from the structured data. `generic` is the article without site rules.
    """

    raw: RawPage
    url: str | None
    generic: Article
    pieces: list[Piece]
    certain: bool
    opened: html.Opened | None = None
    elements: Sequence[LexborNode] = ()
    parents: Sequence[int] = ()

    @property
    def is_html(self) -> bool:
        return self.opened is not None

    def above(self, element: int) -> Iterator[int]:
        """An element and all that hold it, innermost first."""
        while element >= 0:
            yield element
            element = self.parents[element]


def host_of_page(raw: RawPage) -> str | None:
    """The host of a page's address, its own or the one it states, without a mobile prefix; `None` if unknown."""
    url = raw.url
    if url is None:
        decoded = decode(raw)
        if isinstance(decoded, Refusal) or decoded.media != "html" or html.is_too_deep(decoded.utf8):
            return None
        url, _ = find_address(read_structured(html.parse(decoded)), None, decoded.text)
    host = host_of(url) if url else None
    site = re.sub(r"^(?:m|mobile|amp)\.(?=.+\..)", "", host) if host else ""
    return site if is_site_name(site) else None


def is_site_name(text: str) -> bool:
    """Whether a text can name a site: a host in lower case, as in `hosts`."""
    return re.fullmatch(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,10}", text) is not None


def read_page(raw: RawPage, packs: Rulebook) -> Page | None:
    """The evidence of a page; `None` when there is no article on it. `packs` is a rulebook without sites."""
    article = read_article(raw, packs)
    if isinstance(article, Refused):
        return None
    decoded = decode(raw)
    if isinstance(decoded, Refusal):
        return None
    if decoded.media != "html":
        texts = _text_pieces(article)
        return Page(raw, raw.url, article, texts, False) if any(piece.wanted for piece in texts) else None
    tree = html.parse(decoded)
    opened = html.open_page(raw, decoded, tree, packs)
    elements, parents = _elements(tree)
    pieces, certain = _html_pieces(opened, article, elements)
    if not any(piece.wanted for piece in pieces):
        return None
    return Page(raw, opened.url, article, pieces, certain, opened, elements, parents)


def _text_pieces(article: Article) -> list[Piece]:
    return [
        Piece(block.text, letters(block.text), count_words(block.text), -1, label is None, True, label)
        for block, label in zip(article.blocks, article.labels, strict=True)
    ]


def _elements(tree: LexborHTMLParser) -> tuple[list[LexborNode], list[int]]:
    """The page's block elements in document order, and the number of each one's parent among them."""
    body = tree.body
    assert body is not None
    nodes = [body, *(node for node in body.css("*") if node.tag in BLOCK_TAGS)]
    numbers = {node.mem_id: number for number, node in enumerate(nodes)}
    parents = []
    for node in nodes:
        above = node.parent if node.mem_id != body.mem_id else None
        while above is not None and above.mem_id not in numbers:
            above = above.parent
        parents.append(-1 if above is None else numbers[above.mem_id])
    return nodes, parents


def _html_pieces(
    opened: html.Opened, article: Article, elements: Sequence[LexborNode]
) -> tuple[list[Piece], bool]:
    body = opened.tree.body
    assert body is not None
    marks = {node.mem_id: number for number, node in enumerate(elements) if number}
    document = walk(body, marks)
    scope: dict[str, Label | None] = {}
    for block, label in zip(article.blocks, article.labels, strict=True):
        key = letters(block.text)
        if label is None or key not in scope:  # what is kept once is not the furniture it is elsewhere
            scope[key] = label
    kept = {
        letters(block.text)
        for block, label in zip(article.blocks, article.labels, strict=True)
        if label is None and block.kind not in OUT_OF_BODY
    }
    said = _stated_text(opened.structured)
    certain = _agrees(said, kept)
    deck = letters(article.facts.deck or "")
    pieces = []
    for block in document.blocks:
        key = letters(block.text)
        wanted = (key in said if certain and len(key) >= MIN_LETTERS else key in kept) and bool(key)
        is_deck = key == deck and block.kind == "heading" and key in kept and not (certain and wanted)
        element = document.nodes.mark[block.node]
        label = scope.get(key)
        words = count_words(block.text)
        pieces.append(
            Piece(block.text, key, words, element, wanted and not is_deck, key in scope, label, is_deck)
        )
    return pieces, certain


def _stated_text(structured: Structured) -> str:
    """The letters of the article's text in the structured data; empty without any."""
    text = article_body(structured)
    return letters(plain(text[:MAX_BODY_CHARS]) or "") if text else ""


def _agrees(said: str, kept: set[str]) -> bool:
    """Whether the structured data's text is the article's, whole: it holds most of what is kept, and little else."""
    whole = sum(len(key) for key in kept if len(key) >= MIN_LETTERS)
    if not whole or not said:
        return False
    found = sum(len(key) for key in kept if len(key) >= MIN_LETTERS and key in said)
    return found >= TRUSTED_SHARE * whole and found >= 0.5 * len(said)
