"""Lines of a text page that are never the article's, wherever they stand.

buttons    a row of lines that are nothing but the names of networks, or "print", "copy link"
repeats    a long line that the page has again and again: a gallery's caption
wording    a short line that begins as furniture does
thread     lines like "2 days ago" that begin to follow each other behind the text: comments, other stories
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingest.blocks import RawBlock
from ingest.extract.phrases import is_answer, is_date, kind_of_start
from ingest.labels import Label
from ingest.strip import reads_like_prose

BUTTONS: Final = Label("text/buttons", "share")
REPEAT: Final = Label("text/repeat", "caption")
THREAD: Final = Label("text/thread", "comments")

MAX_PHRASE = 160  # characters
MIN_BUTTONS = 3
MIN_REPEATS, MIN_REPEATED_WORDS = 3, 15
"""A refrain is shorter than a caption."""

START = 80  # characters; a caption's copies end in their pictures' credits

MIN_TIMES, MAX_THREAD_LINES, MAX_TIME_WORDS = 4, 40, 12
"""So many times ago in so many lines are a thread; a line is one only if it says little else."""

MIN_ANSWERS, MAX_COMMENT_LINES = 3, 20
"""So many lines "Reply" are a thread; a comment has no more lines."""

MIN_PROSE_BEFORE = 150  # words of the article that stands before a thread
MAX_NAME_WORDS = 3

_WORDED = "-phrase"
AGO = re.compile(
    r"\b\d+\s?(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?) ago\b", re.IGNORECASE
)
_BUTTON = re.compile(
    r"(?:(?:share|save|post|send|tweet)\s)?(?:(?:on|via|by|to)\s)?(?:facebook|twitter|x|whats ?app|linked ?in"
    r"|telegram|pinterest|reddit|e-?mail|mail|messenger|tumblr|flipboard|pocket|threads|bluesky|mastodon|xing|line|sms"
    r"|print|copy link|link|share|pin it|more|(?:show )?more sharing options|teilen|drucken|partager|imprimer|compartir"
    r"|imprimir|condividi|stampa|delen)",
    re.IGNORECASE,
)


def label_strays(
    blocks: Sequence[RawBlock], words: Sequence[int], labels: Sequence[Label | None]
) -> list[Label | None]:
    """The labels with those lines added; `words` counts each block's. Labelled blocks keep their label."""
    result = [
        label or (_by_wording(block.text) if place else None)
        for place, (block, label) in enumerate(zip(blocks, labels, strict=True))
    ]
    for places, label in (
        (_buttons(blocks), BUTTONS),
        (_repeats(blocks, words), REPEAT),
        (_thread(blocks, words), THREAD),
    ):
        for place in places:
            result[place] = result[place] or label
    return result


def _by_wording(text: str) -> Label | None:
    """The label of a line that begins like furniture; dates and bylines are left to the head."""
    if len(text) >= MAX_PHRASE:
        return None
    kind = kind_of_start(text, long=False)
    return Label(f"text/{kind}{_WORDED}", kind) if kind and kind not in ("date", "byline") else None


def is_worded(label: Label | None) -> bool:
    """Whether a label was given for how a line begins."""
    return label is not None and label.rule.endswith(_WORDED)


def _buttons(blocks: Sequence[RawBlock]) -> list[int]:
    found: list[int] = []
    for is_button, group in groupby(range(len(blocks)), key=lambda p: _is_button(blocks[p].text)):
        row = list(group)
        if is_button and len(row) >= MIN_BUTTONS:
            found += row
    return found


def _is_button(text: str) -> bool:
    return len(text) <= 40 and _BUTTON.fullmatch(text) is not None


def _repeats(blocks: Sequence[RawBlock], words: Sequence[int]) -> list[int]:
    """The long lines that begin alike so often, and the second ones of such as follow each other."""
    long = [place for place, count in enumerate(words) if count >= MIN_REPEATED_WORDS]
    starts = {place: blocks[place].text[:START] for place in long}
    seen = Counter(starts.values())
    return [
        place
        for place, start in starts.items()
        if seen[start] >= MIN_REPEATS or (place and blocks[place - 1].text.startswith(start))
    ]


def _thread(blocks: Sequence[RawBlock], words: Sequence[int]) -> range:
    """From the name above the first time of a thread to the end; nothing without an article before it."""
    times = [
        place
        for place, count in enumerate(words)
        if count <= MAX_TIME_WORDS and AGO.search(blocks[place].text)
    ]
    before = 0
    for first, last in zip(times, times[MIN_TIMES - 1 :], strict=False):
        prose = (p for p in range(before, first) if reads_like_prose(blocks[p].text, words[p]))
        if last - first < MAX_THREAD_LINES and sum(words[p] for p in prose) >= MIN_PROSE_BEFORE:
            return range(first - (words[first - 1] <= MAX_NAME_WORDS), len(blocks))
        before = first
    return _answered(blocks, words)


def _answered(blocks: Sequence[RawBlock], words: Sequence[int]) -> range:
    """From the name above the time of the first comment that can be answered to the end; nothing without an article."""
    answers = [place for place, block in enumerate(blocks) if is_answer(block.text)]
    if len(answers) < MIN_ANSWERS:
        return range(0)
    lines = range(answers[0] - 1, max(answers[0] - MAX_COMMENT_LINES, 0), -1)
    first = next(
        (place for place in lines if words[place] <= MAX_TIME_WORDS and is_date(blocks[place].text)), 0
    )
    prose = (place for place in range(first) if reads_like_prose(blocks[place].text, words[place]))
    if first and sum(words[place] for place in prose) >= MIN_PROSE_BEFORE:
        return range(first - 1, len(blocks))
    return range(0)
