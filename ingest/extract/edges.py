"""The first and last lines of the article: its repeated title, deck, byline and date before it, the rest behind it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from ingest.blocks import RawBlock
from ingest.extract import phrases
from ingest.extract.measure import SENTENCE_ENDS
from ingest.labels import Label
from ingest.words import letters

TITLE: Final = Label("generic/title", "title")
DECK: Final = Label("generic/deck", "deck")
BYLINE: Final = Label("generic/byline-line", "byline")
DATE: Final = Label("generic/date-line", "date")
LEAD: Final = Label("generic/before-text", "furniture")
BIOGRAPHY: Final = Label("generic/biography", "byline")
TAIL: Final = Label("generic/related-section", "related")
TRAIL: Final = Label("generic/after-text", "furniture")

_LONGEST_TAIL: Final = 0.25  # of the article's text: what may stand under trailing headings
_SMALL_TAIL: Final = 0.12
_SMALL_SECTION: Final = 150  # a section worth less holds links, not text
_LARGE_SECTION: Final = 300  # and one worth more, under another heading, is the article's
_FIRST_LINES: Final = 3
_LAST_LINES: Final = 4
_LONGEST_SIGNATURE: Final = 120  # characters
_LONGEST_BIOGRAPHY: Final = 800
_TELLS: Final = re.compile(
    r",? (?:is|was|has|joined|covers|writes|reports|works|ist|war|schreibt|arbeitet|berichtet|est|écrit|es|escribe|è"
    r"|scrive|é)\b"
    r"(?! (?:said|asked|told|hat gesagt))"
)
_FROM: Final = re.compile(r"^(?:by|von|par|por|di|door|av|af)\s", re.IGNORECASE)
_BYLINE: Final = re.compile(r"by\b", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"[^.!?]{0,60}[\w.+-]{1,60}@[\w.-]{2,60}|(?:https?://)?(?:www\.)?(?:twitter|x|facebook|instagram)\.com/\S{1,60}",
    re.IGNORECASE,
)


def is_title(block: RawBlock, titles: Collection[str]) -> bool:
    """Whether a block repeats the title; `titles` are in `letters`."""
    return (block.kind == "heading" and block.level == 1) or letters(block.text) in titles


def is_intro(block: RawBlock) -> bool:
    """Whether a block between the title and the article's container is a part of the article."""
    length = len(block.text)
    long = length >= 120 or (length >= 60 and block.text[-1] in SENTENCE_ENDS)
    return block.kind == "paragraph" and long and block.link_chars < 0.5 * length


def is_deck_heading(block: RawBlock) -> bool:
    """Whether a heading under the title is the deck."""
    return block.kind == "heading" and len(block.text) >= 60 and not block.link_chars


def label_opening(block: RawBlock, titles: Collection[str]) -> Label | None:
    """The label of a block between the title and the container."""
    if is_title(block, titles):
        return TITLE
    if block.kind == "heading":
        return DECK if is_deck_heading(block) else LEAD
    return None if is_intro(block) else LEAD


def label_lead(
    blocks: Sequence[RawBlock], lead: Sequence[int], titles: Collection[str], decks: Collection[int]
) -> dict[int, Label]:
    """Labels among the blocks before the text. `titles` are in `letters`; `decks` are block numbers."""
    labels: dict[int, Label] = {}
    for number in lead:
        block = blocks[number]
        if is_title(block, titles):
            labels[number] = TITLE
        elif number in decks:
            labels[number] = DECK
        elif label := _label_lead_line(block):
            labels[number] = label
    return labels


def _label_lead_line(block: RawBlock) -> Label | None:
    text = block.text
    if phrases.is_date(text):
        return DATE
    if _BYLINE.match(text):
        return BYLINE
    if (
        block.kind in ("heading", "item", "preformatted", "cell")
        or len(text) >= 60
        or text[-1] in SENTENCE_ENDS
    ):
        return None
    return None if block.kind == "paragraph" and len(text) >= 30 else LEAD


def label_tail(blocks: Sequence[RawBlock], values: Sequence[float], kept: Sequence[int]) -> dict[int, Label]:
    """Labels of all blocks from a heading like *Related* on, when little text stands behind it."""
    whole = sum(max(0.0, values[number]) for number in kept) or 1.0
    after = section = 0.0
    tail = len(kept)
    for position in range(len(kept) - 1, -1, -1):
        number = kept[position]
        after += max(0.0, values[number])
        section += max(0.0, values[number])
        if after > _LONGEST_TAIL * whole:
            break
        if blocks[number].kind == "heading":
            opens = phrases.opens_tail(blocks[number].text)
            if opens and (section < _SMALL_SECTION or after < _SMALL_TAIL * whole):
                tail = position
            elif section > _LARGE_SECTION:
                break
            section = 0.0
    return dict.fromkeys(kept[tail:], TAIL)


def label_contributors(blocks: Sequence[RawBlock], kept: Sequence[int]) -> dict[int, Label]:
    """Labels among the last lines: who else worked on the article, where its author is reached."""
    return {
        number: BYLINE
        for number in kept[-_LAST_LINES:]
        if _ADDRESS.fullmatch(text := blocks[number].text)
        or (len(text) < 400 and phrases.names_contributors(text))
    }


def label_signatures(
    blocks: Sequence[RawBlock], labels: Sequence[Label | None], authors: Sequence[str]
) -> list[Label | None]:
    """The labels, and those of first and last lines that only name the authors, of last ones that tell who they are,
    and of headings that then have no text left under them.
    """
    result = list(labels)
    names = {letters(name) for name in authors} | {letters("".join(authors))}
    kept = [place for place, label in enumerate(labels) if label is None] if authors else []
    if len(kept) <= _FIRST_LINES:
        return result
    for place in {*kept[:_FIRST_LINES], *kept[-_LAST_LINES:]}:
        text = blocks[place].text
        bare = _FROM.sub("", text, count=1)
        if len(text) <= _LONGEST_SIGNATURE and not names.isdisjoint((letters(text), letters(bare))):
            result[place] = BYLINE
    for place in kept[-_LAST_LINES:]:
        if any(_is_biography(blocks[place], name) for name in authors):
            result[place] = BIOGRAPHY
    for place in reversed(kept) if result != list(labels) else ():
        if result[place] is None:
            if blocks[place].kind != "heading":
                break
            result[place] = TRAIL
    return result


def _is_biography(block: RawBlock, name: str) -> bool:
    """Whether a block tells of an author, by the full name first, as pages do under an article."""
    text = block.text
    return (
        " " in name
        and text.startswith(name)
        and len(text) <= _LONGEST_BIOGRAPHY
        and _TELLS.match(text, len(name)) is not None
    )


def label_trail(blocks: Sequence[RawBlock], values: Sequence[float], kept: Sequence[int]) -> dict[int, Label]:
    """Labels of headings and scraps behind the last line of text."""
    labels: dict[int, Label] = {}
    for number in reversed(kept):
        block = blocks[number]
        scrap = (
            values[number] <= 0 and block.kind not in ("item", "cell") and block.text[-1] not in SENTENCE_ENDS
        )
        if not scrap and block.kind != "heading":
            break
        labels[number] = TRAIL
    return labels
