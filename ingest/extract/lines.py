"""Single lines that are not the article, told by their links, their place in a figure, and their wording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ingest.blocks import CONTINUES, IN_FIGURE, IN_QUOTE, RawBlock
from ingest.extract import phrases
from ingest.labels import Label

FIGURE: Final = Label("generic/figure", "caption")
CAPTION: Final = Label("generic/caption", "caption")
CREDIT: Final = Label("generic/credit-line", "credit")
LINK: Final = Label("generic/link-line", "related")
DATE: Final = Label("generic/date-line", "date")
_LONG_LINE: Final = 160  # characters; twice as many for lines with a link
_LONGEST_LINE: Final = 600


def _is_sentence(block: RawBlock) -> bool:
    text = block.text
    return block.kind == "paragraph" and (text[-1] == ":" or (len(text) >= 70 and text[-1] in '.!?”"。'))


def label_line(block: RawBlock) -> Label | None:
    """The label of a block that goes wherever it stands in the article."""
    text, kind, _, _, linked, flags = block
    if kind == "caption":
        return CAPTION
    if flags & IN_FIGURE:
        return FIGURE
    length = len(text)
    if kind in ("heading", "post", "pullquote", "infobox"):
        return None
    if kind == "cell" and linked < length - len(" | "):
        return None
    if linked > 0.6 * length and length - linked < 60 and not flags & IN_QUOTE and not _is_sentence(block):
        return LINK
    if length > _LONGEST_LINE:
        return None
    long = length >= _LONG_LINE and (length >= 2 * _LONG_LINE or linked < 0.15 * length)
    if found := phrases.kind_of_start(text, long=long):
        return Label(f"generic/{found}-phrase", found)
    if length < _LONG_LINE and kind != "item" and not flags & IN_QUOTE and phrases.is_credit(text):
        return CREDIT
    if length < 70 and phrases.is_date(text):
        return DATE
    return None


def label_lines(blocks: Sequence[RawBlock], numbers: range, taken: Sequence[int]) -> dict[int, Label]:
    """The labels by block number; the parts of one paragraph, but for those that are `taken`, are judged as one."""
    labels: dict[int, Label] = {}
    number = numbers.start
    while number < numbers.stop:
        first = number
        number += 1
        while number < numbers.stop and blocks[number].flags & CONTINUES:
            number += 1
        group = [member for member in range(first, number) if not taken[blocks[member].node]]
        if group and (label := label_line(_join([blocks[member] for member in group]))):
            labels |= dict.fromkeys(group, label)
    return labels


def _join(parts: Sequence[RawBlock]) -> RawBlock:
    if len(parts) == 1:
        return parts[0]
    text = " ".join(part.text for part in parts)
    return parts[0]._replace(text=text, link_chars=sum(part.link_chars for part in parts))
