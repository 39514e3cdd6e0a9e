"""Lines of a text page that are never the article's, wherever they stand.

archive    what the Wayback Machine lays over its copies, up to the line that names the copy
buttons    a row of lines that are nothing but the names of networks, or "print", "copy link"
repeats    a long line that the page has again and again: a gallery's caption
wording    a short line that begins as furniture does
thread     lines like "2 days ago" that begin to follow each other behind the text: comments, other stories
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, groupby, islice
from typing import Final

from ingest.blocks import RawBlock
from ingest.describe.url import ARCHIVE_BAR
from ingest.extract.credits import is_dated
from ingest.extract.phrases import announces_comment, is_answer, is_date, kind_of_start, tells_age
from ingest.labels import Label
from ingest.strip import reads_like_prose
from ingest.words import letters

BUTTONS: Final = Label("text/buttons", "share")
ARCHIVE: Final = Label("text/archive-bar", "nav")
REPEAT: Final = Label("text/repeat", "caption")
THREAD: Final = Label("text/thread", "comments")

MAX_PHRASE = 160  # characters
MAX_BAR_LINES = 200
MIN_BUTTONS = 3
MIN_REPEATS, MIN_REPEATED_WORDS = 3, 15
"""A refrain is shorter than a caption."""

START = 80  # characters; a caption's copies end in their pictures' credits

MIN_TIMES, MAX_THREAD_LINES, MAX_TIME_WORDS = 4, 40, 12
"""So many times ago in so many lines are a thread; a line is one only if it says little else."""

MIN_ANSWERS, MAX_COMMENT_LINES = 3, 20
"""So many lines "Reply" are a thread; a comment has no more lines."""

MIN_SIGNED, MOST_HEADINGS = 2, 20
"""So many signed lines under "17 comments" are a thread."""

MIN_PROSE_BEFORE = 150  # words of the article that stands before a thread
MAX_NAME_WORDS = 3
MIN_HEADLINE = 25  # characters
HEAD_LINES, MIN_PROSE_BELOW = 12, 80
"""So many words of prose stand in so many lines below a headline."""

_WORDED = "-phrase"
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
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
        (_archive_bar(blocks), ARCHIVE),
        (_buttons(blocks), BUTTONS),
        (_repeats(blocks, words), REPEAT),
        (_thread(blocks, words, result), THREAD),
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


def _archive_bar(blocks: Sequence[RawBlock]) -> range:
    end = next((p for p, block in enumerate(blocks[:MAX_BAR_LINES]) if ARCHIVE_BAR.match(block.text)), 0)
    return range(1, end + 1)  # a page begins with its own title


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


def _thread(blocks: Sequence[RawBlock], words: Sequence[int], labels: Sequence[Label | None]) -> range:
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
            yield first - (words[first - 1] <= MAX_NAME_WORDS)
            return
        before = first


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
