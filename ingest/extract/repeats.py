"""What a page says again: the second copy of an article, a gallery's caption under each picture, a line of furniture
between the paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingest.blocks import BOLD, RawBlock
from ingest.labels import Label
from ingest.words import count_words

COPY: Final = Label("generic/repeat", "furniture")
LIST: Final = Label("generic/repeated-list", "furniture")
CAPTION: Final = Label("generic/repeated-caption", "caption")
REFRAIN: Final = Label("generic/refrain", "furniture")
_SHORTEST_COPY: Final = 80  # characters
_FEWEST_COPIES: Final = 3
_COPIED_SHARE: Final = 0.2

_SHORTEST_ITEM: Final = 35  # characters

_FEWEST_CAPTIONS, _SHORTEST_CAPTION = 3, 15  # copies; words, for a refrain is shorter
_CAPTIONS_SHARE: Final = 0.35  # more is no article with a gallery
_START: Final = 80  # characters; a caption's copies end in their pictures' credits

_FEWEST_REFRAINS: Final = 5
_LONGEST_REFRAIN: Final = 60  # characters
# two to eight words, not all of them with a capital as in names; what ends with a mark is a sentence or announces one
_REFRAIN: Final = re.compile(
    r"(?=.*\s[^\W\d_A-ZÀ-Þ])(?:(?:[^\W\d_]|['’‘-])+[,.?!]? ){1,7}(?:[^\W\d_]|['’‘-])+", re.DOTALL
)


def label_lists(blocks: Sequence[RawBlock], kept: Sequence[int]) -> dict[int, Label]:
    """Labels of lists that a page has twice: other stories above and below the article, what a subscription offers."""
    items = [block.text for number in kept if (block := blocks[number]).kind == "item"]
    again = {text for text, times in Counter(items).items() if times > 1 and len(text) >= _SHORTEST_ITEM}
    labels: dict[int, Label] = {}
    for is_again, group in groupby(kept, key=lambda n: blocks[n].kind == "item" and blocks[n].text in again):
        run = list(group)
        if is_again and len({blocks[number].text for number in run}) >= _FEWEST_COPIES:
            labels |= dict.fromkeys(run, LIST)
    return labels


def label_copies(blocks: Sequence[RawBlock], kept: Sequence[int]) -> dict[int, Label]:
    """Labels of the second copy of an article that a page holds twice: for two widths, or for print."""
    seen: set[str] = set()
    copies: list[int] = []
    for number in kept:
        text = blocks[number].text
        if len(text) >= _SHORTEST_COPY and blocks[number].kind == "paragraph":
            if text in seen:
                copies.append(number)
            seen.add(text)
    if len({blocks[number].text for number in copies}) < _FEWEST_COPIES:
        return {}
    copied = sum(len(blocks[number].text) for number in copies)
    if copied < _COPIED_SHARE * sum(len(blocks[number].text) for number in kept):
        return {}
    texts = [blocks[number].text for number in kept]
    firsts = {text: place for place, text in reversed(list(enumerate(texts)))}
    again = [firsts[text] < place for place, text in enumerate(texts)]
    start, end = kept.index(copies[0]), kept.index(copies[-1])
    while again[start - 1]:  # a short lead before it; what stands first is never said again
        start -= 1
    return {kept[place]: COPY for place in range(start, end + 1) if again[place]}


def label_repeats(blocks: Sequence[RawBlock], kept: Sequence[int]) -> dict[int, Label]:
    """Labels of captions and lines of furniture that stand among the kept blocks again and again."""
    left = [blocks[number] for number in kept]
    captions = [place for place in find_captions(left, beside=False) if left[place].kind == "paragraph"]
    length = sum(len(block.text) for block in left)
    if sum(len(left[place].text) for place in captions) > _CAPTIONS_SHARE * length:
        captions = []
    labels = dict.fromkeys(captions, CAPTION) | dict.fromkeys(find_refrains(left), REFRAIN)
    return {kept[place]: label for place, label in labels.items()}


def find_captions(blocks: Sequence[RawBlock], *, beside: bool = True) -> list[int]:
    """The long lines that begin alike so often, and, if asked for, the second ones of such as follow each other."""
    starts = [block.text[:_START] for block in blocks]
    seen = Counter(starts)
    return [
        place
        for place, start in enumerate(starts)
        if (
            seen[start] >= _FEWEST_CAPTIONS or (beside and place and blocks[place - 1].text.startswith(start))
        )
        and count_words(blocks[place].text) >= _SHORTEST_CAPTION
    ]


def find_refrains(blocks: Sequence[RawBlock]) -> list[int]:
    """The places of the short line that stands between a page's paragraphs again and again.

    In a talk two names take turns; furniture is one line for all gaps, so that no other is said half as often.
    """
    seen = Counter(
        block.text
        for block in blocks
        if block.kind == "paragraph" and len(block.text) <= _LONGEST_REFRAIN and not block.flags & BOLD
    )
    found = [(text, times) for text, times in seen.most_common() if _REFRAIN.fullmatch(text)]
    if not found or found[0][1] < _FEWEST_REFRAINS or any(2 * times > found[0][1] for _, times in found[1:]):
        return []
    return [place for place, block in enumerate(blocks) if block.text == found[0][0]]
