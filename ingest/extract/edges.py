"""The first and last lines of the article: its repeated title, deck, byline and date before it, the rest behind it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from ingest.blocks import SENTENCE_ENDS, RawBlock
from ingest.describe.byline import parse_byline
from ingest.extract import phrases
from ingest.extract.credits import is_byline, is_dated
from ingest.extract.measure import is_link, width
from ingest.labels import FILLER, Label
from ingest.words import letters

TITLE: Final = Label("generic/title", "title")
DECK: Final = Label("generic/deck", "deck")
BYLINE: Final = Label("generic/byline-line", "byline")
DATE: Final = Label("generic/date-line", "date")
LEAD: Final = Label("generic/before-text", "furniture")
BIOGRAPHY: Final = Label("generic/biography", "byline")
TAIL: Final = Label("generic/related-section", "related")
TRAIL: Final = Label("generic/after-text", "furniture")
ORPHAN: Final = Label("generic/nothing-below", "related")

_LONGEST_TAIL: Final = 0.25  # of the article's text: what may stand under trailing headings
_SMALL_TAIL: Final = 0.12
_SMALL_SECTION: Final = 150  # a section worth less holds links, not text
_NO_TEXT: Final = 25
_LINKS_BELOW: Final = 5  # blocks
_LARGE_SECTION: Final = 300  # and one worth more, under another heading, is the article's
_LONGEST_ANNOUNCEMENT: Final = 80  # characters
_ANNOUNCED: Final = frozenset({"related", "promo", "newsletter"})
_LEAST_BEFORE_FILLER: Final = 150  # characters
_FIRST_LINES: Final = 3
_LAST_LINES: Final = 4
_ENDING_LINES: Final = 3
_ENDING_KINDS: Final = frozenset({"paragraph", "item", "heading"})
_LONGEST_ENDING: Final = 320  # characters
_SHORTEST_TITLE: Final = 15  # letters
_LONGEST_KICKER: Final = 30  # letters
_LONGEST_DATE_LINE: Final = 120
_LONGEST_SIGNATURE: Final = 120  # characters
_LONGEST_BIOGRAPHY: Final = 800
_TELLS: Final = re.compile(
    r",? (?:is|was|has|joined|covers|writes|reports|works|ist|war|schreibt|arbeitet|berichtet|est|écrit|es|escribe|è"
    r"|scrive|é)\b"
    r"(?! (?:said|asked|told|hat gesagt))"
)
_BYLINE: Final = re.compile(
    r"by\b|(?:von|par|por|di|da|door|av|af|przez|autor[ea]?|auteur|texto?|testo)\b:?\s+(?-i:[^\W\d_a-zß-öø-ÿ])[\w.'’-]+"
    r"(?:\s+(?:(?:und|and|y|e|et|en|og|och|de|del|la|van|von|der|den|dos|da|di)\s+)*(?-i:[^\W\d_a-zß-öø-ÿ])[\w.'’-]*){0,6}$",
    re.IGNORECASE,
)
# "When: 3 May, 8 p.m."
_APPOINTMENT: Final = re.compile(rf"(?!{phrases.DATE_LABEL.pattern})\w+ ?:", re.IGNORECASE)
# how to reach the author; "For tickets write to ..." is the article's
_ADDRESS: Final = re.compile(
    r"(?!(?:to (?!contact|reach)|for|um|für|pour (?!contacter|joindre)|para (?!contactar)|per|voor|tickets?|infos?"
    r"|anmeldung\w*|rsvp)\b)"
    r"[^.!?]{0,60}[\w.+-]{1,60}@[\w.-]{2,60}|(?:https?://)?(?:www\.)?(?:twitter|x|facebook|instagram)\.com/\S{1,60}",
    re.IGNORECASE,
)


def is_title(block: RawBlock, titles: Collection[str]) -> bool:
    """Whether a block repeats the title; `titles` are in `letters`."""
    return (block.kind == "heading" and block.level == 1) or letters(block.text) in titles


def is_intro(block: RawBlock) -> bool:
    """Whether a block between the title and the article's container is a part of the article."""
    length = width(block.text)
    long = length >= 120 or (length >= 60 and block.text[-1] in SENTENCE_ENDS)
    return block.kind == "paragraph" and long and block.link_chars < 0.5 * len(block.text)


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
    blocks: Sequence[RawBlock],
    lead: Sequence[int],
    titles: Collection[str],
    decks: Collection[int],
    descriptions: Collection[str] = (),
) -> dict[int, Label]:
    """Labels among the blocks before the text. `titles` and `descriptions` are in `letters`; `decks` are numbers."""
    labels: dict[int, Label] = {}
    for position, number in enumerate(lead):
        block = blocks[number]
        if is_title(block, titles) or _holds_title(block, titles):
            kickers = (
                before for before in lead[:position] if blocks[before].kind in ("heading", "item", "cell")
            )
            labels |= {before: LEAD for before in kickers if before not in labels}
            labels[number] = TITLE
        elif number in decks or (block.kind == "heading" and letters(block.text) in descriptions):
            labels[number] = DECK
        elif (label := _label_lead_line(block)) and not (
            label is LEAD and _heads_list(blocks, lead, position)
        ):
            labels[number] = label
    return labels


def _holds_title(block: RawBlock, titles: Collection[str]) -> bool:
    """Whether a heading is the title with a word or two above it that the page's head leaves out."""
    if block.kind != "heading":
        return False
    text = letters(block.text)
    return any(len(title) >= _SHORTEST_TITLE and text.endswith(title) for title in titles) and (
        len(text) <= _LONGEST_KICKER + max(len(title) for title in titles if text.endswith(title))
    )


def _heads_list(blocks: Sequence[RawBlock], lead: Sequence[int], position: int) -> bool:
    """Whether a list in the article's text stands right under a line."""
    below = lead[position + 1 : position + 2]
    return bool(below) and blocks[below[0]].kind == "item" and below[0] == lead[position] + 1


def _label_lead_line(block: RawBlock) -> Label | None:
    text = block.text
    if phrases.is_date(text):
        return DATE
    if _BYLINE.match(text):
        return BYLINE
    if len(text) <= _LONGEST_DATE_LINE and text[-1] not in SENTENCE_ENDS and phrases.tells_date(text):
        return DATE
    length = width(text)
    if block.kind in ("heading", "item", "preformatted", "cell") or length >= 60 or text[-1] in SENTENCE_ENDS:
        return None
    return None if block.kind == "paragraph" and length >= 30 else LEAD


def label_signed(blocks: Sequence[RawBlock], first: Sequence[int]) -> dict[int, Label]:
    """Labels among the first blocks, a deck before them or not: who wrote the article, and when."""
    labels: dict[int, Label] = {}
    for number in first:
        block = blocks[number]
        if block.kind == "paragraph" and len(block.text) <= _LONGEST_DATE_LINE:
            if is_byline(block.text):
                labels[number] = BYLINE
            elif is_dated(block.text, None) and not _APPOINTMENT.match(block.text):
                labels[number] = DATE
    return labels


def label_tail(blocks: Sequence[RawBlock], values: Sequence[float], kept: Sequence[int]) -> dict[int, Label]:
    """Labels of all blocks from a heading like *Related* on, when little text stands behind it.

    A heading that only begins so ("Related costs") needs links under it, or a section too small for text.
    """
    whole = sum(max(0.0, values[number]) for number in kept) or 1.0
    after = section = 0.0
    tail = len(kept)
    end = kept[-1] + _LINKS_BELOW if kept else 0
    for position in range(len(kept) - 1, -1, -1):
        number = kept[position]
        after += max(0.0, values[number])
        section += max(0.0, values[number])
        if after > _LONGEST_TAIL * whole:
            break
        if blocks[number].kind == "heading":
            text = blocks[number].text
            opens = phrases.opens_tail(text) and (
                section < _NO_TEXT or phrases.opens_only_tail(text) or _links_in(blocks[number + 1 : end])
            )
            if opens and (section < _SMALL_SECTION or after < _SMALL_TAIL * whole):
                tail = position
            elif section > _LARGE_SECTION:
                break
            section = 0.0
            end = number
    return dict.fromkeys(kept[tail:], TAIL)


def _links_in(blocks: Sequence[RawBlock]) -> bool:
    return any(is_link(len(block.text), block.link_chars) for block in blocks)


def label_filler(blocks: Sequence[RawBlock], kept: Sequence[int]) -> dict[int, Label]:
    """The blocks of filler text at the end, under some text that is none: a paywall shows them blurred."""
    last = len(kept)
    while last and phrases.is_filler(blocks[kept[last - 1]].text):
        last -= 1
    if last == len(kept) or any(phrases.is_filler(blocks[number].text) for number in kept[:last]):
        return {}
    enough = sum(len(blocks[number].text) for number in kept[:last]) >= _LEAST_BEFORE_FILLER
    return dict.fromkeys(kept[last:], FILLER) if enough else {}


def label_contributors(blocks: Sequence[RawBlock], kept: Sequence[int]) -> dict[int, Label]:
    """Labels among the last lines: who else worked on the article, where its author is reached."""
    labels: dict[int, Label] = {}
    for number in kept[-_LAST_LINES:]:
        text = blocks[number].text
        if _ADDRESS.fullmatch(text) or (len(text) < 400 and phrases.names_contributors(text)):
            labels[number] = BYLINE
    return labels


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
        kind, text = blocks[place].kind, blocks[place].text
        if kind != "post" and len(text) <= _LONGEST_SIGNATURE and _names_only(text, names):
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


def _names_only(text: str, names: set[str]) -> bool:
    """Whether a line says nothing but some of these names, given by their letters."""
    if letters(text) in names:
        return True
    if text[-1] in SENTENCE_ENDS:
        return False
    named = {letters(name) for name in parse_byline(text)}
    return bool(named) and named <= names


def _is_biography(block: RawBlock, name: str) -> bool:
    """Whether a block tells of an author, by the full name first, as pages do under an article."""
    text = block.text
    return (
        " " in name
        and text.startswith(name)
        and len(text) <= _LONGEST_BIOGRAPHY
        and _TELLS.match(text, len(name)) is not None
    )


def label_endings(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> list[Label | None]:
    """The labels, and those of the last lines that ask readers to do something or tell of the page itself."""
    result = list(labels)
    kept = [place for place, label in enumerate(labels) if label is None]
    for place in reversed(kept[-_ENDING_LINES:] if len(kept) > 1 else ()):
        block = blocks[place]
        if block.kind not in _ENDING_KINDS or len(block.text) > _LONGEST_ENDING:
            break
        found = phrases.kind_of_ending(block.text)
        if found is None:
            break
        result[place] = Label(f"generic/{found}-ending", found)
    return result


def label_orphans(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> list[Label | None]:
    """The labels, and those of headings and short lines that announce only what has been taken out below them.

    A heading whose section held other stories, forms or advertisements, and "More on the harbour:" over links.
    """
    result = list(labels)
    following: int | None = None  # the next block that stays
    for place in range(len(blocks) - 1, -1, -1):
        if result[place] is not None:
            continue
        block = blocks[place]
        below = result[place + 1 : len(blocks) if following is None else following]
        if _is_announced(block, below, blocks[following] if following is not None else None):
            result[place] = ORPHAN
        else:
            following = place
    return result


def _is_announced(block: RawBlock, below: Sequence[Label | None], after: RawBlock | None) -> bool:
    """Whether what stood `below` a line, and is taken out, is all that it announces."""
    first = below[0] if below else None
    if first is None or first.kind not in _ANNOUNCED or len(block.text) > _LONGEST_ANNOUNCEMENT:
        return False
    if block.kind == "heading" and (
        after is None or (after.kind == "heading" and after.level <= block.level)
    ):
        # over nothing but single links a heading may be the text's own: an address, one entry of a chronicle
        return any(label is not None and label.rule != "generic/link-line" for label in below)
    return (
        block.kind in ("heading", "paragraph")
        and not block.link_chars
        and first.kind == "related"
        and block.text[-1] not in ".!?"
        and phrases.opens_tail(block.text)
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
