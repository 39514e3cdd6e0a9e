"""Plain text as blocks: one a line, as in the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from importlib.resources import files
from itertools import pairwise

import msgspec

from ingest.blocks import CONTINUES, RawBlock
from ingest.records import BlockKind
from ingest.words import clean_text

TIGHT = 1 << 10
"""Block flag: no empty line parts it from the block before."""

LINE_END = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
MIN_WRAPPED_LINES = 4
MIN_WIDTH, MAX_WIDTH = 30, 120
_ENDS = re.compile(r"[.!?…。:;\"”’»)]$")
MIN_FULL_LINES = 10
LONG, FULL_SHARE = 0.6, 0.7  # of the width, and of the lines as long as that
BROKEN_LINES, WIDER_SHARE = 0.5, 0.2  # of the full lines
HEADING = re.compile(r"^ {0,3}#{1,6} +\S", re.MULTILINE)  # of Markdown
OPENS_BLOCK = re.compile(r"\s*(?:[#>|•‣▪●◦]|[-*+]\s|\d{1,9}[.)]\s|[-=_*]{3,}\s*$|!\[|```|~~~)")
MIN_BROKEN, BROKEN_SHARE = 6, 0.03
"""So many lines, and so many of all, go on in mid-sentence in a text that was parted at its links."""

LONGEST_LINK = 80  # characters
MIN_BLANKS = 4  # in a piece of a sentence that is no menu

MIN_GLUED = 5  # sentences without a blank between them
CLOSE = 60
"""Characters between words without a blank between them that stand in a row, as in a menu."""

_WORD = re.compile(r"\w+")
_GLUED = re.compile(r"(?:[^\W\d_]{2}|\d)[.!?…][\"”’»)]*(?=[\"“‘«(]?([^\W\d_])(?:[^\W\d_]|\s))")
_OPEN_END = re.compile(r"[\w,(\[–—'’“„«&/-]$")
_NO_BLANK = re.compile(r"(?<=[(\[„«]) | (?=[,.;:!?)\]’”»])")
_AROUND_WORD = "\"'.,;:!?…()[]“”„‘’«»–—"
_LEADING = frozenset(
    word
    for words in msgspec.yaml.decode(
        (files("ingest.data") / "leading.yaml").read_bytes(), type=dict[str, list[str]]
    ).values()
    for word in words
)
_BY = frozenset({"by", "von", "par", "por", "di", "da", "de", "av", "af", "door"})
_BULLET = re.compile(r"^\s*[•‣▪●◦∙·*–-]\s+\S")


def read_lines(text: str) -> list[RawBlock]:
    """The non-empty lines of a text as blocks, white space collapsed; bullets are items."""
    blocks: list[RawBlock] = []
    after_empty = True
    for line in unwrap(LINE_END.split(text)):
        tidy = clean_text(" ".join(line.split()))
        if not tidy:
            after_empty = True
            continue
        kind: BlockKind = "item" if _BULLET.match(tidy) else "paragraph"
        blocks.append(RawBlock(tidy, kind, int(kind == "item"), 0, 0, 0 if after_empty else TIGHT))
        after_empty = False
    return blocks


def unwrap(lines: list[str]) -> list[str]:
    """The lines, those of a paragraph joined in a text that was wrapped at one width.

    There, hardly a line goes on behind the width after a blank, and most long ones end where the next word has no room.
    What is not wrapped so sharply is left to `mark_hard_wraps`.
    """
    tight = tight_places(lines)
    lengths = [len(lines[place - 1].rstrip()) for place in tight]
    short = sorted(length for length in lengths if length <= MAX_WIDTH)
    width = short[int(0.95 * (len(short) - 1))] if short else 0
    if width < MIN_WIDTH:
        return lines
    full = {
        place
        for place, length in zip(tight, lengths, strict=True)
        if length + 1 + len(lines[place].split(None, 1)[0]) > width
    }
    long = sum(length >= LONG * width for length in lengths)
    broken = [place for place in full if not _ENDS.search(lines[place - 1].rstrip())]
    wider = sum(" " in line.strip()[width + 1 :] and not HEADING.match(line) for line in lines)
    if (
        len(full) < max(MIN_FULL_LINES, FULL_SHARE * long)
        or len(broken) < BROKEN_LINES * len(full)
        or wider > WIDER_SHARE * len(full)
    ):
        return lines
    return join_lines(lines, full)


def tight_places(lines: list[str]) -> list[int]:
    """The numbers of the lines right below another that may be of the same paragraph."""
    return [
        place
        for place in range(1, len(lines))
        if lines[place - 1].strip() and lines[place].strip() and not OPENS_BLOCK.match(lines[place])
    ]


def join_lines(lines: list[str], places: Collection[int]) -> list[str]:
    """The lines, those at the places joined to the line before, unless that is a heading."""
    result: list[str] = []
    for place, line in enumerate(lines):
        if place in places and not HEADING.match(lines[place - 1]):
            result[-1] = f"{result[-1].rstrip()} {line.strip()}"
        else:
            result.append(line)
    return result


def part_glued(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks, lines parted where a scraper has left out what stood between two elements: "closed.The mayor".

    Only in texts with many such places. There, also words that were glued side by side are parted, as in menus:
    "NewsSportWeather".
    """
    sentences = [_glued_sentences(block.text) for block in blocks]
    if sum(map(len, sentences)) < MIN_GLUED:
        return blocks
    said = Counter(word for block in blocks for word in _WORD.findall(block.text))
    rows = [_rows(_glued_words(block.text, said)) for block in blocks]
    result: list[RawBlock] = []
    for block, *places in zip(blocks, sentences, rows, strict=True):
        flags = block.flags
        for start, end in pairwise([0, *sorted({*places[0], *places[1]}), len(block.text)]):
            if text := block.text[start:end].strip():
                result.append(block._replace(text=text, flags=flags))
                flags |= TIGHT
    return result


def _rows(places: list[int]) -> list[int]:
    """Those of the places that have another close by."""
    return sorted({place for pair in pairwise(places) if pair[1] - pair[0] <= CLOSE for place in pair})


def _glued_sentences(text: str) -> list[int]:
    """Where a sentence begins behind another without a blank."""
    return [match.end() for match in _GLUED.finditer(text) if match[1].isupper()]


def _glued_words(text: str, said: Mapping[str, int]) -> list[int]:
    """Where a capital begins a word behind a small letter or a bracket, but in names, which are said again."""
    places: list[int] = []
    for word in _WORD.finditer(text):
        start, end = word.span()
        if said[word[0]] == 1 and not word[0].islower():
            inside = range(start + 1, end - 1)
            places += [
                p for p in inside if text[p].isupper() and not text[p - 1].isupper() and text[p + 1].isalpha()
            ]
        if text[start - 1 : start] == ")" and text[start].isupper():
            places.append(start)
    return sorted(places)


def join_drop_caps(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks, a paragraph's first letter that stands on a line of its own put in front of the rest again.

    A letter that is also a word of the text is another's first only if the text has that other and not its rest.
    """
    alone = {
        place for place, (one, other) in enumerate(pairwise(blocks)) if _is_drop_cap(one.text, other.text)
    }
    if not alone:
        return blocks
    parted = alone | {place + 1 for place in alone}  # the letters, and the lines without their first words
    words = (word for place, block in enumerate(blocks) for word in block.text.split()[place in parted :])
    said = {word.strip(_AROUND_WORD) for word in words}
    known = {word.casefold() for word in said}
    result: list[RawBlock] = []
    for place, block in enumerate(blocks):
        letter = result[-1].text if place - 1 in alone else ""
        if letter and _belongs(letter, block.text.split(None, 1)[0].strip(_AROUND_WORD), said, known):
            result[-1] = block._replace(text=letter + block.text, flags=result[-1].flags)
        else:
            result.append(block)
    return result


def _belongs(letter: str, rest: str, said: set[str], known: set[str]) -> bool:
    whole, apart = f"{letter}{rest}".casefold() in known, rest in said
    return (whole and not apart) if letter.casefold() in known else (whole or not apart)


def _is_drop_cap(line: str, after: str) -> bool:
    return len(line) == 1 and line.isupper() and after[0].islower()


def join_broken(blocks: list[RawBlock], joined: int = 0) -> list[RawBlock]:
    """The blocks, sentences that were parted at their links, a line each piece, put together again.

    Only in texts with many such lines, those `joined` before counted, and only what makes a sentence of at least a few
    words.
    """
    apart = any(block.flags & TIGHT for block in blocks)  # an empty line between all of them parts nothing
    tight = [block.flags & TIGHT > 0 or not apart for block in blocks]
    goes_on = [False] + [
        tight[place] and _goes_on(before, after) for place, (before, after) in enumerate(pairwise(blocks), 1)
    ]
    for place in range(1, len(blocks) - 1):  # a link of a few words, with the sentence on both sides
        text = blocks[place].text
        if not goes_on[place] and goes_on[place + 1] and len(text) <= LONGEST_LINK:
            before = blocks[place - 1]
            goes_on[place] = (
                tight[place]
                and (goes_on[place - 1] or before.text.count(" ") >= MIN_BLANKS)
                and _OPEN_END.search(before.text) is not None
            )
    if sum(goes_on) + joined < max(MIN_BROKEN, BROKEN_SHARE * len(blocks)):
        return blocks
    for place in range(1, len(blocks)):
        whole = blocks[place].text.count(" ") > MIN_BLANKS or any(goes_on[place + 1 : place + 2])
        goes_on[place] = goes_on[place] or (
            tight[place] and _leads_on(blocks[place - 1].text, to_prose=whole)
        )
    result: list[RawBlock] = []
    start = 0
    for end in range(1, len(blocks) + 1):
        if end < len(blocks) and goes_on[end]:
            continue
        pieces = blocks[start:end]
        text = _NO_BLANK.sub("", " ".join(piece.text for piece in pieces))
        if len(pieces) > 1 and max(piece.text.count(" ") for piece in pieces) >= MIN_BLANKS:
            pieces = [pieces[0]._replace(text=text)]
        result += pieces
        start = end
    return result


def _goes_on(before: RawBlock, after: RawBlock) -> bool:
    """Whether a line goes on in the middle of the sentence that the line before it began."""
    first = after.text[0]
    return first in ",.;:)" or (first.islower() and _OPEN_END.search(before.text) is not None)


def _leads_on(line: str, *, to_prose: bool) -> bool:
    """Whether the last word of a line leads on to another, as articles and prepositions do.

    A line of a few words may be a byline ("By Ann Lee on"), and one with a number that ends in "by", too; a word alone
    begins a paragraph `to_prose`, unless it says "by".
    """
    *words, last = line.split()
    if last.casefold() in _BY and (not words or any(map(str.isdigit, line))):
        return False
    if not words:
        return to_prose and len(last) > 1 and last.casefold() in _LEADING
    return len(words) >= MIN_BLANKS and last in _LEADING


def mark_hard_wraps(blocks: list[RawBlock], kept: list[bool]) -> list[RawBlock]:
    """The blocks, those that go on in the middle of the paragraph before them flagged `CONTINUES`.

    A text is hard-wrapped when most of its tight lines (no empty line before them) are of nearly one width and
    break off in mid-sentence; in such a text a tight line continues the one before when that one is full.
    """
    tight = [i for i in range(1, len(blocks)) if kept[i] and kept[i - 1] and blocks[i].flags & TIGHT]
    broken = [i for i in tight if not _ENDS.search(blocks[i - 1].text)]
    if len(tight) < MIN_WRAPPED_LINES or len(broken) < 0.5 * len(tight):
        return blocks
    widths = sorted(len(blocks[i - 1].text) for i in broken)
    width = widths[int(0.9 * (len(widths) - 1))]
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return blocks
    result = list(blocks)
    for i in tight:
        before, after = blocks[i - 1], blocks[i]
        room = width - len(before.text)
        first_word = after.text.split(" ", 1)[0]
        if after.kind != "item" and (room <= len(first_word) + 1 or room < 0.15 * width):
            result[i] = after._replace(flags=after.flags | CONTINUES)
    return result
