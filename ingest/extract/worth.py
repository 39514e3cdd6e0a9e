"""What each line of a text page is worth to the article around it: sentences count for it, scraps against it, known
furniture more so. The scraps under a line that ends in a colon are the list it announces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from ingest.blocks import RawBlock
from ingest.extract.phrases import tells_age
from ingest.labels import Label
from ingest.strip import reads_like_prose
from ingest.text import TIGHT

MAX_WORTH = 60
SHORT_SENTENCE_WORDS = 4
SCRAP_COST, TIGHT_SCRAP_COST, FURNITURE_COST = 10, 13, 8
BARRIERS = {
    "comments": 60,
    "legal": 40,
    "related": 40,
    "newsletter": 10,
    "cookie": 10,
    "byline": 0,
    "date": 0,
}
"""What known furniture counts against a region that reaches over it; captions, credits and ads stand in articles."""

LINKED_SHARE = 0.8
"""A line of Markdown of which more stands in links is a link."""

MIN_LIST = 4
"""So many scraps between paragraphs are a list of something else."""

MIN_LINK_WORDS = 6
MAX_LISTED = 120
SHORT_WORTH = 10
"""So many lines under a colon are its list, sentences among them that are worth less than so much."""

FIGURES = 0.8
"""A list of facts has a figure in at least this share of its lines."""

MANY = 3
REPEATED_COST = 15
ITEM_WORTH = 1
HEADLINE_COST = 4
"""What an item of a list counts that is as long as a headline and ends no sentence."""

NAMES_SHARE = 0.7
"""A line is a row of names where at least this share of its words has a capital."""

TEASER_WORDS, TEASER_WORTH = 30, 10
"""A sentence this short with scraps on both sides is worth no more than that."""

_SENTENCE_INSIDE = re.compile(r"[.!?…][\"”’»)]*(?:\s|$)|[。！？]")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SENTENCE_END = re.compile(r"[.!?…。！？؟\"”’»](?:\s*\(\w+\))?$")
_ITEM = re.compile(r"^(?:[•‣▪●◦∙·*–—-]\s|\(?\d{1,3}[.)]\s|[a-z][.)]\s)")
_FIGURE = re.compile(r"(?<![\d.,])\d{1,3}(?!\d)")  # not a year
COUNT = re.compile(
    r"^[\W\d]*$|^\d(?:[\d.,]*\d)?\s?[kKmM]?\s?\w{0,12}$|^\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?|[A-Z]{2,4}|Uhr)$"
    r"|^(?:image|photo|picture|slide|bild|foto|imagen|immagine)\s\d+\s(?:of|von|de|di|sur|/)\s\d+$",
    re.IGNORECASE,
)


def weigh(blocks: Sequence[RawBlock], words: Sequence[int], labels: Sequence[Label | None]) -> list[int]:
    """What each line is worth. The scraps under a line that ends in a colon are the list it announces."""
    seen = Counter(block.text for block in blocks)
    cookies = sum(map(_speaks_of_cookies, blocks))  # one is eaten; of many, a title says so
    consent = cookies >= MANY and not _speaks_of_cookies(blocks[0])
    worths: list[int] = []
    listed = 0
    for block, count, label in zip(blocks, words, labels, strict=True):
        worth = -FURNITURE_COST if consent and _speaks_of_cookies(block) else worth_of(block, count, label)
        if listed and label is not None and COUNT.match(block.text):
            pass  # between the entries of a list stand the numbers of its pictures
        elif listed and 0 < worth < SHORT_WORTH and not block.text.endswith(":"):
            listed -= 1
        elif worth > 0 or label is not None:
            listed = MAX_LISTED if label is None and block.text.endswith(":") else 0
        elif label is None and block.text.endswith(":") and count >= SHORT_SENTENCE_WORDS:
            listed = MAX_LISTED
        elif listed:
            worth, listed = 1, listed - 1
        elif seen[block.text] >= MANY or tells_age(block.text) or _is_doubled(block.text):
            worth = -REPEATED_COST
        worths.append(worth)
    for is_scrap, group in groupby(range(len(blocks)), key=lambda p: labels[p] is None and worths[p] < 0):
        run = list(group)
        if is_scrap and is_list([blocks[p].text for p in run]):
            for place in run:
                worths[place] = ITEM_WORTH
    for place, (block, after) in enumerate(zip(blocks, worths[1:], strict=False)):
        if after > 0 and worths[place] < 0 and labels[place] is None and block.text.endswith(":"):
            worths[place] = 0  # it announces a sentence: who speaks
    plain = [place for place, label in enumerate(labels) if label is None]
    around = [worths[place] for place in plain]
    for number, place in enumerate(plain):
        worths[place] = _teaser_worth(around, number)
    return worths


def _teaser_worth(worths: Sequence[int], place: int) -> int:
    """What a line is worth among those around it: a short sentence with scraps on both sides is another story's."""
    beside = (worths[place - 1], worths[place + 1]) if 0 < place < len(worths) - 1 else (0, 0)
    alone = all(-REPEATED_COST < worth < 0 for worth in beside)  # who speaks is said again and again
    short = 0 < worths[place] <= TEASER_WORDS
    return min(worths[place], TEASER_WORTH) if alone and short else worths[place]


def _is_doubled(text: str) -> bool:
    """Whether a line says the same twice: a link and its picture's alternative text."""
    half = len(text) // 2
    return half > 10 and text[:half] == text[-half:]


def worth_of(block: RawBlock, words: int, label: Label | None) -> int:
    if label is not None:
        return -BARRIERS.get(label.kind, 1 if label.kind in ("caption", "credit", "ad") else FURNITURE_COST)
    if is_link(block):
        return -SCRAP_COST
    if block.kind == "heading":
        return 0
    is_item, ends = _ITEM.match(block.text) is not None, _SENTENCE_END.search(block.text) is not None
    if reads_like_prose(block.text, words) and not _is_name_row(block.text) and (ends or not is_item):
        return min(words, MAX_WORTH)
    if words >= SHORT_SENTENCE_WORDS and ends:
        return words // 2
    if is_item and words >= SHORT_SENTENCE_WORDS:
        return -HEADLINE_COST if words >= MIN_LINK_WORDS and block.text[-1] not in ";,:" else ITEM_WORTH
    return -TIGHT_SCRAP_COST if block.flags & TIGHT else -SCRAP_COST


def is_link(block: RawBlock) -> bool:
    return block.link_chars > LINKED_SHARE * len(block.text)


def _speaks_of_cookies(block: RawBlock) -> bool:
    return "cookie" in block.text or "Cookie" in block.text


def _is_name_row(text: str) -> bool:
    """Whether a line of many words is no sentence but names in a row: a menu, a list of links."""
    if _SENTENCE_INSIDE.search(text):
        return False
    if _IDEOGRAPH.search(text):
        return True
    parts = text.split()
    capitals = sum(part[0].isupper() or part[0].isdigit() for part in parts)
    return capitals >= NAMES_SHARE * len(parts)


def is_list(texts: Sequence[str]) -> bool:
    """Whether lines without sentences are a list of facts: most hold a figure between words, none a time ago."""
    figures = sum(_FIGURE.search(_ITEM.sub("", text)) is not None for text in texts)
    return len(texts) >= MIN_LIST and figures >= FIGURES * len(texts) and not any(map(tells_age, texts))
