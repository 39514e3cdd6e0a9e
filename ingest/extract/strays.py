"""Lines of a text page that are never the article's, wherever they stand.

archive    what the Wayback Machine lays over its copies, up to the line that names the copy
buttons    a row of lines that are nothing but the names of networks, or "print", "copy link"
repeats    a long line that the page has again and again: a gallery's caption
wording    a short line that begins as furniture does
thread     lines like "2 days ago" that begin to follow each other behind the text: comments, other stories
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingest.blocks import RawBlock
from ingest.describe.url import ARCHIVE_BAR
from ingest.extract.phrases import kind_of_start
from ingest.extract.repeats import find_captions
from ingest.extract.threads import find_thread
from ingest.labels import Label

BUTTONS: Final = Label("text/buttons", "share")
ARCHIVE: Final = Label("text/archive-bar", "nav")
REPEAT: Final = Label("text/repeat", "caption")
THREAD: Final = Label("text/thread", "comments")

MAX_PHRASE = 160  # characters
MAX_BAR_LINES = 200
MIN_BUTTONS = 3
_WORDED = "-phrase"
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
        (find_captions(blocks), REPEAT),
        (find_thread(blocks, words, result), THREAD),
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
