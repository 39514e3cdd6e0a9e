"""Single lines that are not the article, told by their links, their place in a figure, and their wording."""

from __future__ import annotations

from typing import Final

from ingest.blocks import IN_FIGURE, IN_QUOTE, RawBlock
from ingest.extract import phrases
from ingest.labels import Label
from ingest.records import Kind

FIGURE: Final = Label("generic/figure", "caption")
CAPTION: Final = Label("generic/caption", "caption")
CREDIT: Final = Label("generic/credit-line", "credit")
LINK: Final = Label("generic/link-line", "related")
DATE: Final = Label("generic/date-line", "date")


def phrase_label(kind: Kind) -> Label:
    return Label(f"generic/{kind}-phrase", kind)


def _is_sentence(block: RawBlock) -> bool:
    return block.kind == "paragraph" and len(block.text) >= 70 and block.text[-1] in '.”"。'


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
    if linked > 0.6 * length and length - linked < 60 and not flags & IN_QUOTE and not _is_sentence(block):
        return LINK
    if length < 300 and (length < 160 or linked > 0.15 * length) and (found := phrases.kind_of_start(text)):
        return phrase_label(found)
    if length < 600 and (found := phrases.kind_of_long_start(text)):
        return phrase_label(found)
    if length < 220 and kind != "item" and not flags & IN_QUOTE and phrases.is_credit(text):
        return CREDIT
    if length < 70 and phrases.is_date(text):
        return DATE
    return None
