"""A record as Markdown, from its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from ingest.article import Article
from ingest.blocks import Link
from ingest.normalise import assemble
from ingest.pipeline import removals_of
from ingest.records import Block, Record
from ingest.settings import DEFAULT, Settings

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(#{1,6}\s|[-+*]\s|\d+[.)]\s|>|```|~~~|\|)")
_OPEN, _MIDDLE, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"  # no characters: no page can mean anything by them
_LINK = re.compile(f"{_OPEN}([^{_OPEN}{_MIDDLE}{_CLOSE}]*){_MIDDLE}([^{_OPEN}{_MIDDLE}{_CLOSE}]*){_CLOSE}")
_MARKS = frozenset(_OPEN + _MIDDLE + _CLOSE)
_UNSAFE = frozenset(' \t\n()<>\\"') | _MARKS
_BULLET = re.compile(r"^[•‣▪●◦∙·*–-]\s+")


def to_markdown(
    record: Record, settings: Settings = DEFAULT, *, blocks: Iterable[Block] | None = None
) -> str:
    """The article with its title, deck and byline as Markdown text, ending in a newline.

    `blocks` are the record's own unless given: those of `with_links` keep the page's links.
    """
    parts = [f"# {_escape(record.title)}"] if record.title else []
    if record.deck:
        parts.append(f"*{_escape(record.deck)}*")
    line = [", ".join(record.authors)] if record.authors else []
    if record.published:
        line.append(record.published.strftime("%Y-%m-%d"))
    if line:
        parts.append(_escape(" · ".join(line)))
    parts.append(blocks_to_markdown(record.blocks if blocks is None else blocks, settings))
    return "\n\n".join(part for part in parts if part) + "\n"


def blocks_to_markdown(blocks: Iterable[Block], settings: Settings = DEFAULT) -> str:
    """The body's blocks as Markdown, parted by empty lines; the items of a list and rows of a table stand together."""
    result: list[str] = []
    before: str | None = None
    kinds = settings.body
    for block in blocks:
        if block.kind not in kinds:
            continue
        text = _block(block)
        if block.kind == "cell" and before != "cell":
            text = f"{text}\n|{' --- |' * (block.text.count(' | ') + 1)}"
        if block.kind == before and before in ("item", "cell"):
            result[-1] += f"\n{text}"
        elif block.kind == before == "quote":
            result[-1] += f"\n>\n{text}"
        else:
            result.append(text)
        before = block.kind
    return "\n\n".join(result)


def _block(block: Block) -> str:
    if block.kind == "heading":
        return f"{'#' * min(max(block.level, 2), 6)} {_escape(block.text)}"
    if block.kind == "item":
        return f"{'  ' * (max(block.level, 1) - 1)}- {_escape(_BULLET.sub('', block.text))}"
    if block.kind in ("quote", "post"):
        return f"> {_escape(block.text)}"
    if block.kind == "preformatted":
        fence = "```" if "```" not in block.text else "~~~~"
        return f"{fence}\n{block.text}\n{fence}"
    if block.kind == "cell":
        return f"| {_escape(block.text)} |"
    if block.kind == "question":
        return f"**{_escape(block.text)}**"
    return _LINE_START.sub(r"\\\1", _escape(block.text))


def with_links(article: Article) -> tuple[Block, ...]:
    """The record's blocks with the links of the page in their texts, in marks that only this module reads.

    Blocks that a part was cut out of keep no links; only web addresses are kept.
    """
    blocks = list(article.blocks)
    for place, block in enumerate(blocks):
        if article.labels[place] is None and not article.cuts[place] and not set(block.text) & _MARKS:
            blocks[place] = block._replace(
                text=_marked(block.text, article.links.get(place, ()), article.url)
            )
    return assemble(blocks, removals_of(article))


def _marked(text: str, links: Iterable[Link], base: str | None) -> str:
    pieces, end = [], 0
    for link in sorted(links):
        url = urljoin(base or "", link.url)
        if link.start >= end and url.startswith(("http://", "https://")) and not set(url) & _UNSAFE:
            pieces += [text[end : link.start], _OPEN, text[link.start : link.end], _MIDDLE, url, _CLOSE]
            end = link.end
    return "".join((*pieces, text[end:]))


def _escape(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _LINK.sub(lambda link: f"[{link[1]}]({link[2].replace(chr(92), '')})", escaped)
