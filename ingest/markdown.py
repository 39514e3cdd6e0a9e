"""A record as Markdown, from its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.normalise import BODY_KINDS
from ingest.records import Block, Record

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(#{1,6}\s|[-+*]\s|\d+[.)]\s|>|```|~~~|\|)")
_BULLET = re.compile(r"^[•‣▪●◦∙·*–-]\s+")


def to_markdown(record: Record) -> str:
    """The article with its title, deck and byline as Markdown text, ending in a newline."""
    parts = [f"# {_escape(record.title)}"] if record.title else []
    if record.deck:
        parts.append(f"*{_escape(record.deck)}*")
    line = [", ".join(record.authors)] if record.authors else []
    if record.published:
        line.append(record.published.strftime("%Y-%m-%d"))
    if line:
        parts.append(_escape(" · ".join(line)))
    parts.append(blocks_to_markdown(record.blocks))
    return "\n\n".join(part for part in parts if part) + "\n"


def blocks_to_markdown(blocks: Iterable[Block]) -> str:
    """The body's blocks as Markdown, parted by empty lines; the items of a list and rows of a table stand together."""
    result: list[str] = []
    before: str | None = None
    for block in blocks:
        if block.kind not in BODY_KINDS:
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


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
