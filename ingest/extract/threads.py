"""Threads of comments behind an article, told by their shape: names, times and offers to answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice
from typing import Final

from ingest.blocks import RawBlock
from ingest.extract.credits import is_dated, is_full_name
from ingest.extract.phrases import announces_comment, is_answer, is_date, tells_age
from ingest.labels import Label
from ingest.strip import reads_like_prose
from ingest.words import count_words, letters

THREAD: Final = Label("generic/thread", "comments")
_LONGEST_SIGNED: Final = 100  # characters

MIN_TIMES, MAX_THREAD_LINES, MAX_TIME_WORDS = 4, 40, 12
"""So many times ago in so many lines are a thread; a line is one only if it says little else."""

BESIDE, WRITER_SHARE = 2, 0.6
"""Lines from a time to its writer's name, and the share of the times that one writer's name stands beside."""

MIN_ANSWERS, MAX_COMMENT_LINES = 3, 20
"""So many lines "Reply" are a thread; a comment has no more lines."""

MIN_SIGNED, MOST_HEADINGS = 2, 20
"""So many signed lines under "17 comments" are a thread."""

MIN_PROSE_BEFORE = 150  # words of the article that stands before a thread
MAX_NAME_WORDS = 3
MIN_HEADLINE = 25  # characters
HEAD_LINES, MIN_PROSE_BELOW = 12, 80
"""So many words of prose stand in so many lines below a headline."""

_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")


def label_thread(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> list[Label | None]:
    """The labels, and those of all blocks from the first line of a thread on."""
    if not _may_hold_thread(blocks, labels):
        return list(labels)
    # a long line that is taken out is no part of the article that stands before a thread
    words = [
        0 if label and len(block.text) > _LONGEST_SIGNED else count_words(block.text)
        for block, label in zip(blocks, labels, strict=True)
    ]
    result = list(labels)
    for place in find_thread(blocks, words, labels):
        result[place] = result[place] or THREAD
    return result


def _may_hold_thread(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> bool:
    """Whether any line is like one of a thread; most pages have none, and to look for one takes the words of all."""
    return any(label is not None and label.kind == "comments" for label in labels) or any(
        len(block.text) <= _LONGEST_SIGNED and (tells_age(block.text) or is_answer(block.text))
        for block in blocks
    )


def find_thread(blocks: Sequence[RawBlock], words: Sequence[int], labels: Sequence[Label | None]) -> range:
    """From the first line of a thread of comments to the end; nothing without an article before it."""

    headline = _headline(blocks, words)

    def follows_text(first: int, place: int) -> bool:
        lines = (p for p in range(max(first, headline), place) if reads_like_prose(blocks[p].text, words[p]))
        return any(so_far >= MIN_PROSE_BEFORE for so_far in accumulate(words[p] for p in lines))

    starts = [
        *_start_of_times(blocks, words, follows_text),
        *(place for place in _start_of_answers(blocks, words) if follows_text(0, place)),
        *(place for place in _headings(blocks, words, labels) if follows_text(0, place)),
    ]
    return range(min(starts, default=len(blocks)), len(blocks))


def _headline(blocks: Sequence[RawBlock], words: Sequence[int]) -> int:
    """The number of the first line that says what the page's first line begins with and has prose right below; else 0.
    What stands above it is no article with a thread."""
    title = letters(blocks[0].text) if blocks else ""
    for place in range(1, len(blocks)):
        text = blocks[place].text
        said = letters(text) if MIN_HEADLINE <= len(text) <= len(blocks[0].text) else ""
        if said and title.startswith(said):
            below = range(place + 1, min(place + HEAD_LINES, len(blocks)))
            prose = sum(words[p] for p in below if reads_like_prose(blocks[p].text, words[p]))
            return place if prose >= MIN_PROSE_BELOW else 0
    return 0


def _start_of_times(
    blocks: Sequence[RawBlock], words: Sequence[int], follows_text: Callable[[int, int], bool]
) -> Iterator[int]:
    """The name above the first of some times ago that follow each other soon, with an article before it that has none:
    a ticker has its times all along.
    """
    times = [
        place
        for place, count in enumerate(words)
        if count <= MAX_TIME_WORDS and tells_age(blocks[place].text)
    ]
    before = 0
    for first, last in zip(times, times[MIN_TIMES - 1 :], strict=False):
        if last - first < MAX_THREAD_LINES and follows_text(before, first):
            if _have_one_writer(blocks, [place for place in times if place >= first]):
                return
            yield first - (words[first - 1] <= MAX_NAME_WORDS)
            return
        before = first


def _have_one_writer(blocks: Sequence[RawBlock], times: Sequence[int]) -> bool:
    """Whether the same full name stands beside most times: a ticker's, which goes on with the article."""
    said: Counter[str] = Counter()
    for place in times:
        beside = blocks[max(0, place - BESIDE) : place + BESIDE + 1]
        said.update({block.text for block in beside if is_full_name(block.text)})
    return any(count >= WRITER_SHARE * len(times) for count in said.values())


def _start_of_answers(blocks: Sequence[RawBlock], words: Sequence[int]) -> Iterator[int]:
    """The name above the time of the first comment that can be answered."""
    answers = [place for place, block in enumerate(blocks) if is_answer(block.text)]
    if len(answers) < MIN_ANSWERS:
        return
    for place in range(answers[0] - 1, max(answers[0] - MAX_COMMENT_LINES, 0), -1):
        if words[place] <= MAX_TIME_WORDS and is_date(blocks[place].text):
            yield place - 1
            return


def _headings(
    blocks: Sequence[RawBlock], words: Sequence[int], labels: Sequence[Label | None]
) -> Iterator[int]:
    """The lines of the wording of comments that have signed ones below them."""
    headings = (place for place, label in enumerate(labels) if label and label.kind == "comments")
    for place in islice(headings, MOST_HEADINGS):
        below = range(place + 1, min(place + MAX_THREAD_LINES, len(blocks)))
        signed = (p for p in below if words[p] <= MAX_TIME_WORDS and _is_signed(blocks[p].text))
        if len(list(islice(signed, MIN_SIGNED))) == MIN_SIGNED:
            yield place


def _is_signed(text: str) -> bool:
    """Whether a line says when a comment was written, or who wrote it."""
    return (
        announces_comment(text)
        or tells_age(text)
        or (_CLOCK.search(text) is not None and is_dated(text, None))
    )
