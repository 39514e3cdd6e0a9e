"""Where the article stands in a text page of an unknown site: menus before it, lists of other stories, page ends.

    worth      each line by its shape: sentences count for it, scraps against it, known furniture more so
    region     the run of lines with the highest sum
    headline   the page's title said again, at the top of the article
    inside     lists of other stories between paragraphs

Lines are only taken where there is a page around the article; a text that is nothing but an article stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingest.blocks import RawBlock
from ingest.labels import Label
from ingest.strip import reads_like_prose
from ingest.text import TIGHT
from ingest.words import count_words

MENU: Final = Label("text/menu", "nav")
PAGE_END: Final = Label("text/page-end", "nav")
STORY_LIST: Final = Label("text/story-list", "related")
SCRAP: Final = Label("text/scrap", "furniture")
TITLE_LINE: Final = Label("text/title-line", "title")

MIN_SCRAPS = 6
"""A page has a menu, or an end, when at least so many scraps stand there."""

MAX_WORTH = 60
SHORT_SENTENCE_WORDS = 4
SCRAP_COST, TIGHT_SCRAP_COST, FURNITURE_COST = 4, 6, 8
BARRIER = {"comments": 60, "legal": 40, "related": 15, "newsletter": 10, "cookie": 10}
"""What known furniture counts against a region that reaches over it."""

MIN_LIST = 4
"""So many scraps between paragraphs are a list of something else."""

MAX_STORIES = 14
MAX_LABEL_WORDS = 6
MIN_HEADLINE_LETTERS = 15

_SENTENCE_END = re.compile(r"[.!?…。！？؟\"”’»](?:\s*\(\w+\))?$")
_ITEM = re.compile(r"^(?:[•‣▪●◦∙·*–—-]\s|\(?\d{1,3}[.)]\s|[a-z][.)]\s)")
_COUNT = re.compile(r"^[\W\d]*$|^\d[\d.,]*\s?[kKmM]?\s?\w{0,12}$")


def label_surroundings(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> list[Label | None]:
    """The labels with the page around the article added. Labelled blocks keep their label."""
    result = list(labels)
    if not blocks:
        return result
    words = [count_words(block.text) for block in blocks]
    worths = [_worth(block, count, label) for block, count, label in zip(blocks, words, labels, strict=True)]
    start, end = _best_region(worths)
    if end <= start:
        return result
    headline = _find_headline(blocks, start)
    top = start if headline is None else headline
    if _scraps(result, worths, range(top)) >= MIN_SCRAPS:
        _label(result, range(top), MENU)
        if headline is not None:
            _label_head(blocks, result, worths, headline, start)
        if result[0] is MENU:
            result[0] = TITLE_LINE
    if _scraps(result, worths, range(end, len(blocks))) >= MIN_SCRAPS:
        _label(result, range(end, len(blocks)), PAGE_END)
    _label_inside(blocks, words, result, worths, start, end)
    return result


def _worth(block: RawBlock, words: int, label: Label | None) -> int:
    if label is not None:
        return -BARRIER.get(label.kind, FURNITURE_COST if label.kind not in ("caption", "credit", "ad") else 1)
    if reads_like_prose(block.text, words):
        return min(words, MAX_WORTH)
    if words >= SHORT_SENTENCE_WORDS and _SENTENCE_END.search(block.text):
        return words // 2
    if _ITEM.match(block.text) and words >= SHORT_SENTENCE_WORDS:
        return 0
    return -TIGHT_SCRAP_COST if block.flags & TIGHT else -SCRAP_COST


def _best_region(worths: Sequence[int]) -> tuple[int, int]:
    """Start and end (exclusive) of the run with the highest sum, the first of equals."""
    best, where = 0, (0, 0)
    total = start = 0
    for place, worth in enumerate(worths):
        total += worth
        if total <= 0:
            total, start = 0, place + 1
        elif total > best:
            best, where = total, (start, place + 1)
    return where


def _find_headline(blocks: Sequence[RawBlock], start: int) -> int | None:
    """The last line before the region's first paragraphs that says what the page's first line says."""
    title = _letters(blocks[0].text)
    for place in range(min(start, len(blocks) - 1), 0, -1):
        letters = _letters(blocks[place].text)
        if len(letters) >= MIN_HEADLINE_LETTERS and (letters in title or title in letters):
            return place
    return None


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _scraps(labels: Sequence[Label | None], worths: Sequence[int], places: range) -> int:
    """How much of a page there is in a stretch: lines that are no sentences, known furniture included."""
    return sum(1 for place in places if worths[place] < 0)


def _label(labels: list[Label | None], places: range, label: Label) -> None:
    for place in places:
        labels[place] = labels[place] or label


def _label_head(
    blocks: Sequence[RawBlock], labels: list[Label | None], worths: Sequence[int], headline: int, start: int
) -> None:
    """Counters and buttons between the headline and the text; dates, bylines and decks are left to be read."""
    for place in range(headline + 1, start):
        if labels[place] is None and worths[place] < 0 and _COUNT.match(blocks[place].text):
            labels[place] = SCRAP


def _label_inside(
    blocks: Sequence[RawBlock],
    words: Sequence[int],
    labels: list[Label | None],
    worths: Sequence[int],
    start: int,
    end: int,
) -> None:
    """Lists of other stories: what stands under a `related` line, and long runs of scraps."""
    for place in range(start, end):
        label = labels[place]
        if label is not None and label.kind == "related" and words[place] <= MAX_LABEL_WORDS:
            for below in range(place + 1, min(place + 1 + MAX_STORIES, end)):
                if labels[below] is None and worths[below] >= 0:
                    break
                labels[below] = labels[below] or STORY_LIST
    for is_scrap, group in groupby(range(start, end), key=lambda p: labels[p] is None and worths[p] < 0):
        run = list(group)
        if is_scrap and len(run) >= MIN_LIST:
            for place in run:
                labels[place] = STORY_LIST
        elif is_scrap:
            for place in run:
                if _COUNT.match(blocks[place].text):
                    labels[place] = SCRAP
